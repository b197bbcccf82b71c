/** Adding up updates: what remains of a multiset's changes once equal elements are brought together. */
import type { Json } from "../base/json.ts";
import type { Time, Update } from "./collection.ts";
import { canonicalJson } from "../base/json.ts";

/** A text that is equal for equal elements and different for different ones, on every machine. */
export function dataKey(data: Json): string {
  // Rows are flat lists, for which JSON's own text is the canonical one and ten times as fast.
  return typeof data !== "object" || data === null || isFlat(data) ? JSON.stringify(data) : canonicalJson(data);
}

/**
 * The same changes with one update per element and time, and none whose diffs add up to zero. In the order in which each
 * pair of element and time first appears; updates that stand alone are passed on as they are.
 */
export function consolidate<D extends Json>(updates: readonly Update<D>[]): readonly Update<D>[] {
  if (updates.length === 0) return updates;
  if (updates.length === 1) return updates[0]![2] === 0 ? [] : updates;
  const sums = new Map<string, Update<D>>();
  for (const update of updates) {
    const key = `${update[1]} ${dataKey(update[0])}`;
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? update : [sum[0], sum[1], sum[2] + update[2]]);
  }
  return [...sums.values()].filter(([, , diff]) => diff !== 0);
}

/**
 * Contents at a time: for each element the sum of its diffs up to and including `asOf`, without those that are zero. In
 * the order in which elements first appear.
 */
export function contentsAt<D extends Json>(
  updates: readonly Update<D>[],
  asOf: Time,
): readonly (readonly [data: D, diff: number])[] {
  const sums = new Map<string, readonly [data: D, diff: number]>();
  for (const [data, time, diff] of updates) {
    if (time > asOf) continue;
    const key = dataKey(data);
    const sum = sums.get(key);
    sums.set(key, sum === undefined ? [data, diff] : [sum[0], sum[1] + diff]);
  }
  return [...sums.values()].filter(([, diff]) => diff !== 0);
}

/** Updates whose times are moved up to `since`: equal to the given ones for every reader at `since` or later. Not consolidated. */
export function advance<D>(updates: readonly Update<D>[], since: Time): readonly Update<D>[] {
  return updates.map((update) => (update[1] < since ? [update[0], since, update[2]] : update));
}

function isFlat(data: object): boolean {
  return Array.isArray(data) && data.every((item) => typeof item !== "object" || item === null);
}
