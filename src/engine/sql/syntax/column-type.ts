/** Names of types, as users write them. */
import type { ColumnType } from "../../collection.ts";
import { nearest } from "../../../base/nearest.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { foreignTypes, spokenTypes } from "../refusal/vocabulary.ts";

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

const choice = "Columns are int, text or bool.";

/**
 * The type of that name. 0A000 for one that other databases have, 42704 with the nearest one for one that nobody has. All
 * integers are one type of 53 bits.
 */
export function columnTypeOf(name: string, position: number | undefined): ColumnType {
  const type = columnTypes.get(name);
  if (type !== undefined) return type;
  const spoken = spokenTypes.get(name) ?? name;
  if (spokenTypes.has(name) || foreignTypes.has(name)) throw unsupported(`the type ${spoken}`, position, choice);
  const near = nearest(name, [...columnTypes.keys()]);
  throw new SqlError(sqlStates.noSuchObject, `type "${spoken}" does not exist`, {
    hint: near === undefined ? choice : `Did you mean "${near}"? ${choice}`,
    position,
  });
}
