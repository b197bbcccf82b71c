/**
 * How states and batches are written: JSON with a version, short because every append writes the whole state. Also what
 * one can tell of a change from the states before and after it, for whoever watches consensus from outside.
 */
import type { Json } from "../../base/json.ts";
import type { Frontier, Time, Update } from "../collection.ts";
import type { Batch, ShardState } from "./shard-state.ts";
import { assert } from "../../base/assert.ts";
import { emptyShard } from "./shard-state.ts";

const version = 1;

interface EncodedState {
  readonly v: number;
  readonly q: number;
  readonly s: Frontier;
  readonly u: Frontier;
  readonly o: readonly [generation: number, epoch: number];
  readonly w: readonly (readonly [writer: string, number: number])[];
  readonly b: readonly (readonly [key: string, lower: Time, upper: Frontier, count: number, since: Time])[];
}

/** The text of a state. */
export function encodeShardState({ sequence, since, upper, owner, marks, batches }: ShardState): string {
  const encoded: EncodedState = {
    v: version,
    q: sequence,
    s: since,
    u: upper,
    o: [owner.generation, owner.epoch],
    w: marks.map(({ writer, number }) => [writer, number]),
    b: batches.map((batch) => [batch.key, batch.lower, batch.upper, batch.count, batch.since]),
  };
  return JSON.stringify(encoded);
}

/** The state that column `data` of table `consensus` holds. Throws `AssertionFailure` for a version that it does not know. */
export function decodeShardState(text: string): ShardState {
  const { v, q, s, u, o, w, b } = JSON.parse(text) as EncodedState;
  assert(v === version, "the version of a shard's state is known", { version: v });
  return {
    sequence: q,
    since: s,
    upper: u,
    owner: { generation: o[0], epoch: o[1] },
    marks: w.map(([writer, number]) => ({ writer, number })),
    batches: b.map(([key, lower, upper, count, since]) => ({ key, lower, upper, count, since })),
  };
}

interface EncodedBatch {
  readonly v: number;
  readonly updates: readonly Update<Json>[];
}

/** The body of a blob. */
export function encodeBatch(updates: readonly Update<Json>[]): string {
  return JSON.stringify({ v: version, updates } satisfies EncodedBatch);
}

/** The updates in the body of a blob: consolidated, in the order in which they were written. Throws `AssertionFailure` for an unknown version. */
export function decodeBatch(body: string): readonly Update<Json>[] {
  const { v, updates } = JSON.parse(body) as EncodedBatch;
  assert(v === version, "the version of a batch is known", { version: v });
  return updates;
}

/** What happened to a shard between two of its states. */
export interface ShardChange {
  readonly kind: "append" | "since" | "owner" | "compaction";
  /** Of an append: the upper that it went on top of; else the upper in force. */
  readonly lower: Frontier;
  /** Batches that came with an append. A compaction's are not new: their updates were seen before. */
  readonly appended: readonly Batch[];
}

/** The change from one state to the one that directly replaced it; `undefined` when only the empty row was made. */
export function shardChange(before: ShardState | undefined, after: ShardState): ShardChange | undefined {
  if (after.sequence === 0) return undefined;
  const { upper: lower, since, owner, batches } = before ?? emptyShard;
  if (lower !== after.upper) {
    const known = new Set(batches.map(({ key }) => key));
    return { kind: "append", lower, appended: after.batches.filter(({ key }) => !known.has(key)) };
  }
  const isOwned = owner.generation !== after.owner.generation || owner.epoch !== after.owner.epoch;
  return { kind: isOwned ? "owner" : since === after.since ? "compaction" : "since", lower, appended: [] };
}
