/** Rows about the engine's own state that ride on the commits of tables. */
import type { Row } from "../../collection.ts";

/** A row of the shard of all tables; a type, so that it is a JSON value. */
export type TableRow = { readonly table: string; readonly row: Row };

export interface RowLog {
  /** What waits, for one append; the same rows until `recorded` says that it is durable. */
  take(): readonly TableRow[];
  /** What was taken last is durable. */
  recorded(): void;
}

/** Whether rows of the table are about the engine's own state. */
export function isSystemTable(table: string): boolean {
  return table.startsWith("s-");
}
