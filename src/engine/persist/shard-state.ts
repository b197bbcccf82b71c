/**
 * What consensus holds of one shard, and every way in which it may change: pure functions from one state to the next.
 * Invariants: since <= upper (null is after all); both only rise; the owner never falls; batches lie in order, do not
 * overlap and end at or before upper; times between them changed nothing. Blobs and I/O are the shell's.
 */
import type { Frontier, Time } from "../collection.ts";
import type { Owner } from "./persist.ts";
import type { PersistPolicies } from "./policies.ts";
import { isBefore, meet } from "../collection.ts";

/** Updates with times in [lower, upper), in the blob under `key`. */
export interface Batch {
  readonly key: string;
  readonly lower: Time;
  readonly upper: Frontier;
  /** Number of updates. */
  readonly count: number;
  /** Times below this one were moved up to it; `lower` when all are as they were written. */
  readonly since: Time;
}

/** The last append of one writer that took effect. A writer settles one append before it begins another. */
export interface WriterMark {
  readonly writer: string;
  readonly number: number;
}

export interface ShardState {
  /** Grows by one with every change. */
  readonly sequence: number;
  readonly since: Frontier;
  readonly upper: Frontier;
  readonly owner: Owner;
  /** Least recent first. */
  readonly marks: readonly WriterMark[];
  readonly batches: readonly Batch[];
}

/** What one `compareAndAppend` wants. */
export interface Append {
  readonly mark: WriterMark;
  readonly expectedUpper: Time;
  readonly newUpper: Frontier;
  /** The blob with its updates; null when there are none. */
  readonly blob: { readonly key: string; readonly count: number } | null;
}

/** What to do next about a wanted change: nothing, with how it ended, or to put `state` in place of the present one. */
export type Decision<Outcome> =
  | { readonly kind: "settled"; readonly outcome: Outcome }
  | { readonly kind: "propose"; readonly state: ShardState; readonly outcome: Outcome };

/** A shard that nothing was written to. */
export const emptyShard: ShardState = {
  sequence: 0,
  since: 0,
  upper: 0,
  owner: { generation: 0, epoch: 0 },
  marks: [],
  batches: [],
};

/** Writers that a state remembers. One that is forgotten could not recognise its own append after a lost answer. */
const marksMax = 16;

export type AppendOutcome = { readonly ok: true } | { readonly ok: false; readonly upper: Frontier };

/** An append goes on top of exactly the upper that it expects, once: one that is in the state already has succeeded. */
export function decideAppend(state: ShardState, append: Append, policies: PersistPolicies): Decision<AppendOutcome> {
  const { mark, expectedUpper, newUpper, blob } = append;
  const last = state.marks.find(({ writer }) => writer === mark.writer)?.number;
  if (policies.isOurs(last, mark.number)) return { kind: "settled", outcome: { ok: true } };
  if (!policies.mayAppend(state.upper, expectedUpper)) {
    return { kind: "settled", outcome: { ok: false, upper: state.upper } };
  }
  const marks = [...state.marks.filter(({ writer }) => writer !== mark.writer), mark].slice(-marksMax);
  const batch = blob === null ? [] : [{ ...blob, lower: expectedUpper, upper: newUpper, since: expectedUpper }];
  const next = { ...state, upper: newUpper, marks, batches: [...state.batches, ...batch] };
  return { kind: "propose", state: counted(next), outcome: { ok: true } };
}

/** The since rises to `wanted`, no further than the upper; it never falls. `as`: not if a newer owner is in force. */
export function decideSince(
  state: ShardState,
  wanted: Frontier,
  policies: PersistPolicies,
  as?: Owner,
): Decision<Frontier> {
  if (as !== undefined) {
    const { generation, epoch } = policies.ownerAfter(state.owner, as);
    if (generation !== as.generation || epoch !== as.epoch) return { kind: "settled", outcome: state.since };
  }
  const since = policies.sinceAfter(state.since, wanted, state.upper);
  if (since === state.since) return { kind: "settled", outcome: since };
  return { kind: "propose", state: counted({ ...state, since }), outcome: since };
}

/** The shard gets an owner that is not below the present one. */
export function decideOwner(state: ShardState, wanted: Owner, policies: PersistPolicies): Decision<Owner> {
  const { generation, epoch } = policies.ownerAfter(state.owner, wanted);
  if (generation === state.owner.generation && epoch === state.owner.epoch) {
    return { kind: "settled", outcome: state.owner };
  }
  const owner = { generation, epoch };
  return { kind: "propose", state: counted({ ...state, owner }), outcome: owner };
}

/** A run of batches that is to become one: those with these keys, times below `since` moved up to it. */
export interface Merge {
  readonly keys: readonly string[];
  readonly lower: Time;
  readonly upper: Frontier;
  readonly since: Time;
}

/** Batches that a state may have before they are merged. */
const batchesMax = 16;
/** The newest batches stay as they are: listeners are about to read them. */
const batchesKept = 4;

/**
 * The run of batches to merge now, if any: from the newest that are not kept back to the oldest, as far as a batch is no
 * larger than twice what follows it, so that an update is rewritten a logarithmic number of times only.
 */
export function planMerge(state: ShardState, policies: PersistPolicies): Merge | undefined {
  const { batches } = state;
  if (state.since === null) return mergeOf(batches, Number.MAX_SAFE_INTEGER);
  if (batches.length <= batchesMax) return undefined;
  const end = batches.length - batchesKept;
  let begin = end;
  let total = 0;
  while (begin > 0 && (begin > end - 2 || batches[begin - 1]!.count <= 2 * total)) total += batches[--begin]!.count;
  const since = policies.compactionSince(state.since, state.upper);
  return mergeOf(batches.slice(begin, end), since ?? Number.MAX_SAFE_INTEGER);
}

function mergeOf(run: readonly Batch[], since: Time): Merge | undefined {
  const first = run[0];
  const last = run.at(-1);
  if (first === undefined || last === undefined) return undefined;
  // Not to `since` itself: a listener that has seen all before it has no use for what is older. And not out of the run:
  // whoever has seen all before its upper has no more to read of it.
  const until = meet(since, last.upper)! - 1;
  return {
    keys: run.map(({ key }) => key),
    lower: first.lower,
    upper: last.upper,
    since: Math.max(first.lower, until),
  };
}

/**
 * A run of batches gives way to one blob with the same contents, or to none when nothing of them is left. `false` when
 * the run is not there any more: somebody else has merged it.
 */
export function decideMerge(
  state: ShardState,
  merge: Merge,
  blob: { readonly key: string; readonly count: number } | null,
): Decision<boolean> {
  if (blob !== null && state.batches.some(({ key }) => key === blob.key)) return { kind: "settled", outcome: true };
  const begin = state.batches.findIndex(({ key }) => key === merge.keys[0]);
  const isThere = begin >= 0 && merge.keys.every((key, offset) => state.batches[begin + offset]?.key === key);
  if (!isThere) return { kind: "settled", outcome: false };
  const { lower, upper, since } = merge;
  const merged = blob === null ? [] : [{ ...blob, lower, upper, since }];
  const batches = state.batches.toSpliced(begin, merge.keys.length, ...merged);
  return { kind: "propose", state: counted({ ...state, batches }), outcome: true };
}

/** Batches that contents at `asOf` are made of. */
export function batchesUpTo(state: ShardState, asOf: Time): readonly Batch[] {
  return state.batches.filter(({ lower }) => lower <= asOf);
}

/** Batches that hold something for a listener that has seen all before `frontier`. */
export function batchesFrom(state: ShardState, frontier: Time): readonly Batch[] {
  return state.batches.filter(({ upper }) => isBefore(frontier, upper));
}

/** Whether the times that a listener at `frontier` still needs apart were moved together. */
export function isBlurred(batch: Batch, frontier: Time): boolean {
  return batch.since > batch.lower && frontier <= batch.since;
}

/** The first broken invariant of a state by itself, or undefined. */
export function brokenRule(state: ShardState): string | undefined {
  if (isBefore(state.upper, state.since)) return "since is beyond upper";
  let before: Frontier = 0;
  for (const { lower, upper, since, count } of state.batches) {
    if (before === null || lower < before) return "batches overlap";
    if (!isBefore(lower, upper)) return "a batch spans no time";
    if (since < lower || meet(upper, since) === upper) return "a batch was moved out of its times";
    if (count < 1) return "a batch is empty";
    before = upper;
  }
  if (isBefore(state.upper, before)) return "a batch ends beyond upper";
  return undefined;
}

function counted(state: ShardState): ShardState {
  return { ...state, sequence: state.sequence + 1 };
}
