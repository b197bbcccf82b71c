/** What the rules of the replicated log must accept and reject. */
import type { HandTrace, HandTraces } from "../scenarios.ts";

type Observed = HandTrace[number];

const elected = (replica: string, term: number): Observed => ["leader.elected", { replica, term }];
const held = (replica: string, term: number): Observed => ["lease.held", { replica, term }];
const recovered = (replica: string, ...entries: string[]): Observed => ["log.recovered", { replica, entries }];
const stored = (replica: string, keep: number, ...entries: string[]): Observed => [
  "log.stored",
  { replica, keep, entries },
];
const applied = (replica: string, index: number, entry: string, value = 0, position = 0): Observed => [
  "entry.applied",
  { replica, index, entry, value, position, isFirst: position > 0 },
];
/** A request that took effect before is applied again. */
const appliedAgain = (replica: string, index: number, entry: string, value: number, position: number): Observed => [
  "entry.applied",
  { replica, index, entry, value, position, isFirst: false },
];
const append = (value: number): Observed => ["append.started", { value }];
const acked = (value: number, position: number): Observed => ["append.acked", { value, position }];
const begin = (read: string): Observed => ["read.started", { read }];
const end = (read: string, ...values: number[]): Observed => ["read.returned", { read, values }];
const emptyDisks = [recovered("r1"), recovered("r2"), recovered("r3")];

export const replicatedLogTraces: HandTraces = {
  "RL-1": {
    // One replica may lead in many terms.
    accepted: [elected("r1#1", 1), elected("r2#1", 2), elected("r2#1", 4)],
    // Started again, r1 has won a term that it had won before.
    rejected: [elected("r1#1", 1), elected("r2#1", 2), elected("r1#2", 1)],
  },
  "RL-2": {
    // What is not committed may be replaced: r1 had an entry that nobody else ever saw.
    accepted: [
      ...emptyDisks,
      stored("r1", 0, "1/"),
      stored("r2", 0, "1/"),
      applied("r1#1", 1, "1/"),
      stored("r1", 1, "1/lost"),
      stored("r2", 1, "2/"),
      stored("r3", 0, "1/", "2/"),
      applied("r2#1", 1, "1/"),
      applied("r2#1", 2, "2/"),
      stored("r1", 1, "2/"),
      recovered("r1", "1/", "2/"),
    ],
    // Two have the entry of term 1; but r3, which has not, has one of term 2 and would get the vote of r2.
    rejected: [
      ...emptyDisks,
      stored("r1", 0, "1/x"),
      stored("r3", 0, "2/"),
      stored("r2", 0, "1/x"),
      applied("r1#1", 1, "1/x"),
    ],
  },
  "RL-3": {
    // Every replica applies the append; the second attempt, further on in the log, changes nothing.
    accepted: [
      append(7),
      applied("r1#1", 2, "1/a", 7, 1),
      acked(7, 1),
      applied("r2#1", 2, "1/a", 7, 1),
      appliedAgain("r1#1", 3, "1/a", 7, 1),
      applied("r1#1", 4, "1/b", 8, 2),
    ],
    rejected: [append(7), applied("r1#1", 2, "1/a", 7, 1), acked(7, 1), applied("r1#1", 3, "1/a", 7, 2)],
  },
  "RL-4": {
    // The read overlaps the second append: it may return it or not.
    accepted: [
      append(7),
      acked(7, 1),
      append(8),
      begin("one"),
      begin("two"),
      end("two", 7, 8),
      end("one", 7),
      acked(8, 2),
      begin("three"),
      end("three", 7, 8),
    ],
    // Somebody has read 8 before this read began.
    rejected: [append(7), acked(7, 1), append(8), begin("one"), end("one", 7, 8), begin("two"), end("two", 7)],
  },
  "RL-5": {
    accepted: [elected("r1#1", 1), held("r1#1", 1), held("r1#1", 1), elected("r2#1", 2), held("r2#1", 2)],
    rejected: [elected("r1#1", 1), held("r1#1", 1), elected("r2#1", 2), held("r1#1", 1)],
  },
  "RL-6": {
    // A replica that was started again begins at the first entry.
    accepted: [applied("r1#1", 1, "1/"), applied("r1#1", 2, "1/a", 7, 1), applied("r1#2", 1, "1/")],
    rejected: [applied("r1#1", 1, "1/"), applied("r1#1", 3, "1/b", 8, 2)],
  },
};
