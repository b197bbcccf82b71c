/** Names of types, as users write them. */
import type { ColumnType } from "../../collection.ts";
import { nearest } from "../../../base/nearest.ts";
import { SqlError, sqlStates } from "../sql-error.ts";

const columnTypes: ReadonlyMap<string, ColumnType> = new Map([
  ["int", "int"],
  ["integer", "int"],
  ["bigint", "int"],
  ["int4", "int"],
  ["int8", "int"],
  ["text", "text"],
  ["varchar", "text"],
  ["bool", "bool"],
  ["boolean", "bool"],
]);

/** The type of that name; 42704 with the nearest one when there is none. All integers are one type of 53 bits. */
export function columnTypeOf(name: string, position: number | undefined): ColumnType {
  const type = columnTypes.get(name);
  if (type !== undefined) return type;
  const near = nearest(name, [...columnTypes.keys()]);
  throw new SqlError(sqlStates.noSuchObject, `type "${name}" does not exist`, {
    hint: near === undefined ? "Columns are int, text or bool." : `Did you mean "${near}"?`,
    position,
  });
}
