/**
 * The decisions that keep shards right. Each could be made another way without anything failing at once; planted bugs
 * override them one by one.
 */
import type { Frontier, Time } from "../collection.ts";
import type { Owner } from "./persist.ts";
import { join, meet } from "../collection.ts";

export interface PersistPolicies {
  /** Whether an append that expects `expected` may go on top of `upper`. */
  readonly mayAppend: (upper: Frontier, expected: Time) => boolean;
  /** The since in force after somebody wanted `wanted`. */
  readonly sinceAfter: (since: Frontier, wanted: Frontier, upper: Frontier) => Frontier;
  /** The owner in force after `wanted` came. */
  readonly ownerAfter: (inForce: Owner, wanted: Owner) => Owner;
  /** Whether contents at `asOf` may be read. */
  readonly mayRead: (since: Frontier, asOf: Time) => boolean;
  /** What becomes of a change whose answer was lost. To assume that it happened is wrong about half of the time. */
  readonly afterLostAnswer: (shard: string) => "read-again" | "assume-done";
  /** Whether the state shows that our append, with this number, is in it: `last` is the number of our last one that is. */
  readonly isOurs: (last: number | undefined, number: number) => boolean;
  /** The time up to which compaction may move times: nobody may read below it. */
  readonly compactionSince: (since: Frontier, upper: Frontier) => Frontier;
  /** How long a blob that nothing refers to any more is kept for readers that still do, virtual µs. */
  readonly blobGrace: () => number;
}

export const persistPolicies: PersistPolicies = {
  mayAppend: (upper, expected) => upper === expected,
  sinceAfter: (since, wanted, upper) => join(since, meet(wanted, upper)),
  ownerAfter: (inForce, wanted) => (isLower(wanted, inForce) ? inForce : wanted),
  mayRead: (since, asOf) => since !== null && asOf >= since,
  afterLostAnswer: () => "read-again",
  isOurs: (last, number) => last === number,
  compactionSince: (since) => since,
  blobGrace: () => 60_000_000,
};

/** Whether owner `a` is below `b`: by generation, then by epoch. */
export function isLower(a: Owner, b: Owner): boolean {
  return a.generation === b.generation ? a.epoch < b.epoch : a.generation < b.generation;
}
