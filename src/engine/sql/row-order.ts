/** ORDER BY and LIMIT, applied to the rows of an answer. NULL is larger than everything, texts compare by UTF-16 units. */
import type { Datum, Row } from "../collection.ts";
import type { Ordering } from "./plan.ts";

/**
 * The rows of an answer in their order, each as often as it is there. Rows that the ordering leaves equal are ordered as
 * a whole, so that an answer (also one with LIMIT) is the same always.
 */
export function orderRows(
  rows: readonly (readonly [row: Row, count: number])[],
  orderBy: readonly Ordering[],
  limit: number | undefined,
): readonly Row[] {
  const sorted = rows.toSorted(([a], [b]) => compareBy(orderBy, a, b));
  const ordered: Row[] = [];
  for (const [row, count] of sorted) {
    const wanted = Math.min(count, (limit ?? Number.MAX_SAFE_INTEGER) - ordered.length);
    for (let copy = 0; copy < wanted; copy++) ordered.push(row);
  }
  return ordered;
}

/** Order of two values of one type: negative, zero or positive. */
export function compareDatums(a: Datum, b: Datum): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  return a < b ? -1 : 1;
}

function compareBy(orderBy: readonly Ordering[], a: Row, b: Row): number {
  for (const { column, isDescending } of orderBy) {
    const order = compareDatums(a[column]!, b[column]!);
    if (order !== 0) return isDescending ? -order : order;
  }
  for (let column = 0; column < a.length; column++) {
    const order = compareDatums(a[column]!, b[column]!);
    if (order !== 0) return order;
  }
  return 0;
}
