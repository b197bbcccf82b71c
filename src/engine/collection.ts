/**
 * What collections are made of: rows and errors as multisets that change over time. A relation is a pair of collections,
 * `oks` and `errs`; at a time at which `errs` is not empty the relation is an error, and its rows have no meaning.
 */
export type Datum = null | boolean | number | string;
export type Row = readonly Datum[];

/** Whole milliseconds since 1970, from the timestamp oracle or a source's clock. */
export type Time = number;

/** A set of times that may still come: all from this one on, or none (null: finished for ever). */
export type Frontier = Time | null;

/** A definite error: reproducible from the input at its time, retracted with it. */
export type ErrorValue = {
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  /** Tells errors of equal text apart: what the input is that caused it (key bytes, partition and offset, group). */
  readonly identity: string;
};

/** One element of a relation as shards and exchanges hold it: a row, or an error. */
export type Entry = Row | ErrorValue;

/** `diff` is never 0. */
export type Update<D> = readonly [data: D, time: Time, diff: number];

export type ColumnType = "int" | "text" | "bool";

export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

/** Whether an element is an error. */
export function isError(entry: Entry): entry is ErrorValue {
  return !Array.isArray(entry);
}

/** Whether `time` may still come. */
export function isBeyond(frontier: Frontier, time: Time): boolean {
  return frontier === null || frontier > time;
}

/** The earlier of two frontiers; null is after all times. */
export function meet(a: Frontier, b: Frontier): Frontier {
  if (a === null) return b;
  return b === null ? a : Math.min(a, b);
}

/** The later of two frontiers; null is after all times. */
export function join(a: Frontier, b: Frontier): Frontier {
  return a === null || b === null ? null : Math.max(a, b);
}

/** Whether frontier `a` is before frontier `b`; null is after all times. */
export function isBefore(a: Frontier, b: Frontier): boolean {
  return a !== null && (b === null || a < b);
}
