/** What the rules of the key-value scenario must accept and reject. */
import type { HandTrace, HandTraces } from "../scenarios.ts";

type Observed = HandTrace[number];

const put = (what: "started" | "acked" | "failed" | "unknown", value: string): Observed => [
  `put.${what}`,
  { key: "a", value },
];
const add = (what: "started" | "acked" | "failed" | "unknown", value: number): Observed => [
  `add.${what}`,
  { key: "total", value },
];
const begin = (read: string, key = "a"): Observed => ["read.started", { read, key }];
const end = (read: string, value: string | number | null, key = "a"): Observed => ["read.ended", { read, key, value }];

export const keyValueTraces: HandTraces = {
  "KV-1": {
    // A put that overlaps a read may be missed by it; one of unknown outcome may appear late, over a later one.
    accepted: [
      put("started", "lost"),
      put("unknown", "lost"),
      put("started", "one"),
      begin("r1"),
      put("acked", "one"),
      end("r1", null),
      begin("r2"),
      end("r2", "one"),
      begin("r3"),
      end("r3", "lost"),
      begin("r4"),
      end("r4", "lost"),
    ],
    rejected: [
      put("started", "one"),
      put("acked", "one"),
      put("started", "two"),
      put("acked", "two"),
      begin("r1"),
      end("r1", "one"),
    ],
  },
  "KV-2": {
    // What is not acknowledged may count or not, what was refused does not.
    accepted: [
      add("started", 5),
      add("acked", 5),
      add("started", 3),
      add("unknown", 3),
      begin("r1", "total"),
      end("r1", 5, "total"),
      begin("r2", "total"),
      add("started", 2),
      end("r2", 10, "total"),
      add("failed", 2),
      begin("r3", "total"),
      end("r3", 8, "total"),
    ],
    rejected: [
      add("started", 5),
      add("acked", 5),
      add("started", 2),
      add("failed", 2),
      begin("r1", "total"),
      end("r1", 7, "total"),
    ],
  },
  "KV-3": {
    // Two reads that overlap may see the change in any order.
    accepted: [
      put("started", "one"),
      begin("r1"),
      begin("r2"),
      end("r1", "one"),
      end("r2", null),
      begin("r3"),
      end("r3", "one"),
      begin("c1", "total"),
      begin("c2", "total"),
      end("c1", 4, "total"),
      end("c2", 0, "total"),
    ],
    rejected: [put("started", "one"), begin("r1"), end("r1", "one"), begin("r2"), end("r2", null)],
  },
  "KV-4": {
    accepted: [
      put("started", "one"),
      begin("r1"),
      end("r1", "one"),
      put("unknown", "one"),
      begin("r2"),
      end("r2", null),
    ],
    rejected: [put("started", "one"), put("failed", "one"), begin("r1"), end("r1", "one")],
  },
};
