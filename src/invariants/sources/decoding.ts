/** What a record means to a source, decided independently of the engine: a row, an error, or nothing. */
import type { Json } from "../../base/json.ts";
import type { SourceStatement } from "../state/connector-statement.ts";
import type { LoggedRecord } from "../state/topic-log.ts";

/** The element that a record stands for. */
export type Decoded =
  | { readonly row: readonly Json[] }
  /** It cannot be decoded. */
  | { readonly identity: string };

/** Null for a tombstone of an upsert source. */
export function decodeRecord(
  { columns, envelope }: SourceStatement,
  partition: number,
  { key, value, offset }: LoggedRecord,
): Decoded | null {
  if (envelope === "none") {
    const cells = value === null ? undefined : cellsOf(value, columns);
    return cells === undefined ? { identity: `partition ${partition}, offset ${offset}` } : { row: cells };
  }
  if (value === null) return null;
  if (key === null) return { identity: `NULL key, partition ${partition}` };
  const cells = cellsOf(value, columns.slice(1));
  return cells === undefined ? { identity: key } : { row: [key, ...cells] };
}

/** Cells of a JSON object, a missing member being NULL; undefined when one does not fit its column. */
function cellsOf(text: string, columns: SourceStatement["columns"]): readonly Json[] | undefined {
  const object = parsed(text);
  if (typeof object !== "object" || object === null || Array.isArray(object)) return undefined;
  const cells: Json[] = [];
  for (const { name, type } of columns) {
    const cell = (Object.hasOwn(object, name) ? (object as { readonly [member: string]: Json })[name]! : null) as Json;
    if (cell !== null && !fits(cell, type)) return undefined;
    cells.push(Object.is(cell, -0) ? 0 : cell);
  }
  return cells;
}

function fits(cell: Json, type: string): boolean {
  if (type === "int") return Number.isSafeInteger(cell);
  return type === "text" ? typeof cell === "string" : typeof cell === "boolean";
}

/** Undefined for what is no JSON. */
function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
