/** What a statement becomes once it is compiled, and what running one takes and gives. */
import type { Json } from "../../../base/json.ts";
import type { Database } from "../storage/database.ts";
import type { Steps } from "../storage/locking.ts";
import type { Column, Table, Values } from "../storage/table.ts";
import type { Transaction } from "../storage/transaction.ts";
import type { Env, Parameters } from "../expression/scope.ts";

/** One running statement. */
export interface Execution {
  readonly database: Database;
  readonly transaction: Transaction;
  readonly env: Env;
}

/** `count`: rows read or changed. */
export interface Outcome {
  readonly rows: readonly Values[];
  readonly count: number;
}

/** A statement over one table (or none), compiled; good for as long as its name means that table. */
export interface Plan {
  readonly table: Table | null;
  /** It takes locks or changes something. */
  readonly isWrite: boolean;
  readonly columns: readonly Pick<Column, "name" | "type">[];
  readonly run: (execution: Execution) => Steps<Outcome>;
}

/** A plan with its parameters, as it is kept. */
export interface PreparedPlan extends Plan {
  readonly parameters: Parameters;
  /** Name that the plan's table had when it was compiled. */
  readonly tableName: string | null;
}

/** What the expressions of one execution see. */
export function envOf(params: readonly Json[], transaction: Transaction): Env {
  const notify = (channel: string, payload: string): void => transaction.notify(channel, payload);
  return { params, row: [], excluded: [], notify };
}

/** Rows by column name; of equal names the last one counts, as with the client library. */
export function namedRows(columns: Plan["columns"], rows: readonly Values[]): { readonly [column: string]: Json }[] {
  return rows.map((values) => {
    const row: { [column: string]: Json } = {};
    for (let index = 0; index < columns.length; index++) row[columns[index]!.name] = values[index]!;
    return row;
  });
}
