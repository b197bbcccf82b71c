/** Finding a table's rows: those under one key, or all of them, that a condition holds for. */
import type { Json } from "../../../base/json.ts";
import type { Row, Table, Values } from "../storage/table.ts";
import type { Transaction } from "../storage/transaction.ts";
import type { Expression } from "../expression/expression.ts";
import type { Execution } from "./plan.ts";
import type { Env } from "../expression/scope.ts";

/** A row as the statement found it. */
export interface Found {
  readonly row: Row;
  readonly values: Values;
}

export type Scan = (execution: Execution) => Found[];

/** A scan of a table for the rows that a condition holds for, in order of their making. */
export function scanOf(table: Table, where: Expression | null): Scan {
  const parts = keyParts(table, where);
  return ({ transaction, env }) => {
    if (parts === null) {
      noteRead(transaction, table, null);
      return filter(table.rows.values(), transaction, where, env);
    }
    const values: Json[] = [];
    for (const { evaluate } of parts) values.push(evaluate(env));
    if (values.includes(null)) return [];
    const key = table.keyFrom(values);
    noteRead(transaction, table, key);
    return filter(table.under(key), transaction, where, env);
  };
}

/** Whether the condition holds for the values; true without one. */
export function holdsFor(where: Expression | null, values: Values, env: Env): boolean {
  if (where === null) return true;
  env.row = values;
  return where.evaluate(env) === true;
}

function filter(rows: Iterable<Row>, transaction: Transaction, where: Expression | null, env: Env): Found[] {
  const found: Found[] = [];
  for (const row of rows) {
    const values = row.visibleTo(transaction);
    if (values !== null && holdsFor(where, values, env)) found.push({ row, values });
  }
  return found;
}

/** Constants that the condition demands for every column of the primary key; null when it does not. */
function keyParts(table: Table, where: Expression | null): readonly Expression[] | null {
  const { key } = table.shape;
  const parts = key.flatMap((place) => where?.equalities?.find(({ column }) => column === place)?.value ?? []);
  return key.length > 0 && parts.length === key.length ? parts : null;
}

function noteRead(transaction: Transaction, table: Table, key: string | null): void {
  if (transaction.isolation !== "serializable") return;
  const reads = transaction.reads.get(table);
  if (key === null) transaction.reads.set(table, "all");
  else if (reads === undefined) transaction.reads.set(table, new Set([key]));
  else if (reads !== "all") reads.add(key);
}
