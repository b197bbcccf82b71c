/**
 * Multisets of rows and errors, as lists of changes. The key of an element is a text that equal elements share, so that
 * maps keep them; there is no order among elements but the one by these keys, in code units.
 */
import type { Datum, Entry, ErrorValue } from "../collection.ts";
import { isError } from "../collection.ts";

/** How often an element comes (`diff` > 0) or goes at one time. */
export type Change = readonly [entry: Entry, diff: number];

/** Text of some values of a row; equal for equal values. */
export function datumsKey(datums: readonly Datum[]): string {
  return JSON.stringify(datums);
}

/** Text of an element: rows and errors never share one. */
export function entryKey(entry: Entry): string {
  return isError(entry) ? errorKey(entry) : JSON.stringify(entry);
}

function errorKey({ code, message, identity }: ErrorValue): string {
  return `!${JSON.stringify([code, message, identity])}`;
}

/** Adds up the changes of each element, leaves out what comes to nothing. In order of first appearance. */
export function consolidateChanges(changes: readonly Change[]): readonly Change[] {
  if (changes.length < 2) return changes.length === 1 && changes[0]![1] === 0 ? [] : changes;
  const sums = new Map<string, [Entry, number]>();
  for (const [entry, diff] of changes) {
    const key = entryKey(entry);
    const sum = sums.get(key);
    if (sum === undefined) sums.set(key, [entry, diff]);
    else sum[1] += diff;
  }
  const kept: Change[] = [];
  for (const sum of sums.values()) if (sum[1] !== 0) kept.push(sum);
  return kept;
}

/** Elements in order of their keys; for errors that is by code, then message, then identity. */
export function sortChanges(changes: readonly Change[]): readonly Change[] {
  if (changes.length < 2) return changes;
  return changes
    .map((change) => ({ key: entryKey(change[0]), change }))
    .toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ change }) => change);
}
