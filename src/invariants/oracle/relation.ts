/** Relations as the oracle has them: multisets of rows, and what is wrong with them. */

export type Value = null | boolean | number | string;
export type Row = readonly Value[];

/** An error of the data or of an evaluation. */
export interface Failure {
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
}

export interface Relation {
  readonly columns: readonly string[];
  /** How often each row is there, from 1 up; a row may stand there several times. */
  readonly rows: readonly (readonly [row: Row, count: number])[];
  /** Not empty: whoever reads the relation fails. */
  readonly errors: readonly Failure[];
}

/** The value of an expression over a row; its failure is an object. */
export type Outcome = Value | Failure;

/** Whether an evaluation failed. */
export function hasFailed(outcome: Outcome | undefined): outcome is Failure {
  return typeof outcome === "object" && outcome !== null;
}

/** Equal rows have equal texts. */
export function rowText(row: Row): string {
  return JSON.stringify(row);
}

/** Order of values of one type: NULL last, texts by UTF-16 units. */
export function order(a: Value, b: Value): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  return a < b ? -1 : 1;
}

/** Order of rows, column by column. */
export function rowOrder(a: Row, b: Row): number {
  const differing = a.findIndex((value, index) => value !== b[index]);
  return differing < 0 ? 0 : order(a[differing]!, b[differing]!);
}

/** The smallest of several failures, so that there is one answer. */
export function smallest(failures: readonly Failure[]): Failure | undefined {
  const [first] = failures.toSorted((a, b) => order(a.code, b.code) || order(a.message, b.message));
  return first;
}
