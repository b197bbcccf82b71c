import { describe, expect, it } from "vitest";
import type { RenderedObject } from "../../../../src/engine/compute/protocol.ts";
import { reconcile } from "../../../../src/engine/compute/worker/head/reconciliation.ts";
import { replicaPolicies } from "../../../../src/engine/compute/worker/policies.ts";
import { ingestion, view } from "./objects.ts";

interface Case {
  readonly title: string;
  readonly running: readonly RenderedObject[];
  readonly wanted: readonly RenderedObject[];
  readonly keep?: readonly string[];
  readonly create?: readonly string[];
  /** Ids, with ` > ` and the shard of what takes its place. */
  readonly drop?: readonly string[];
}

const cases: readonly Case[] = [
  { title: "creates all where nothing runs", running: [], wanted: [view("a"), view("b")], create: ["a", "b"] },
  {
    title: "keeps what is described the same",
    running: [view("a"), ingestion("b")],
    wanted: [ingestion("b"), view("a")],
    keep: ["a", "b"],
  },
  {
    title: "drops what nobody mentions",
    running: [view("a"), view("b")],
    wanted: [view("b")],
    keep: ["b"],
    drop: ["a"],
  },
  {
    title: "keeps what is wanted from a later time on",
    running: [view("a")],
    wanted: [view("a", { asOf: 11 })],
    keep: ["a"],
  },
  {
    title: "replaces what is wanted from an earlier time on",
    running: [view("a")],
    wanted: [view("a", { asOf: 9 })],
    create: ["a"],
    drop: ["a > a-shard"],
  },
  {
    title: "replaces another incarnation",
    running: [view("a")],
    wanted: [view("a", { incarnation: 2 })],
    create: ["a"],
    drop: ["a > a-shard"],
  },
  {
    title: "replaces another plan",
    running: [view("a")],
    wanted: [view("a", { plan: { kind: "constant", rows: [], width: 1 } })],
    create: ["a"],
    drop: ["a > a-shard"],
  },
  {
    title: "replaces another kind",
    running: [ingestion("a")],
    wanted: [view("a", { shard: "b" })],
    create: ["a"],
    drop: ["a > b"],
  },
  { title: "drops all when nothing is wanted", running: [view("a"), ingestion("b")], wanted: [], drop: ["a", "b"] },
];

describe("reconciliation", () => {
  for (const { title, running, wanted, keep = [], create = [], drop = [] } of cases) {
    it(`${title}`, () => {
      const installed = running.map((object, place) => ({ number: place + 1, object }));
      const made = reconcile(installed, wanted, replicaPolicies);
      expect({
        keep: made.keep.map(({ object }) => object.id),
        create: made.create.map(({ id }) => id),
        drop: made.drop.map((gone) => {
          const { id } = gone.running.object;
          return gone.wanted === undefined ? id : `${id} > ${gone.wanted.shard}`;
        }),
      }).toEqual({ keep, create, drop });
    });
  }
});
