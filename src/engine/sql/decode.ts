/**
 * JSON of a record's value to a row. What does not fit is a definite error that depends on the text and the columns
 * alone, so that its retraction can repeat it. Members that no column has are passed over; a missing one is NULL.
 */
import type { Column, Datum, ErrorValue, Row } from "../collection.ts";
import { sqlStates } from "./sql-error.ts";

/** The row in a JSON text, or a 22P02 that names the column. `identity` is empty: whoever knows the record fills it in. */
export function decodeValue(text: string, columns: readonly Column[]): Row | ErrorValue {
  const members = objectOf(text);
  if (members === undefined) return undecodable("the value is not a JSON object");
  const row: Datum[] = [];
  for (const { name, type } of columns) {
    const value: unknown = Object.hasOwn(members, name) ? members[name] : null;
    const datum = datumOf(value, type);
    if (datum === undefined) return undecodable(`column "${name}": ${kindOf(value, type)} is not of type ${type}`);
    row.push(datum);
  }
  return row;
}

type Members = Readonly<Record<string, unknown>>;

function objectOf(text: string): Members | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Members) : undefined;
  } catch {
    // V8 words its complaints differently from version to version; none of them may enter the data.
    return undefined;
  }
}

/** Undefined when it does not fit. */
function datumOf(value: unknown, type: Column["type"]): Datum | undefined {
  if (value === null) return null;
  switch (type) {
    case "int":
      // Adding zero turns a negative zero into zero.
      return Number.isSafeInteger(value) ? (value as number) + 0 : undefined;
    case "text":
      return typeof value === "string" ? value : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
  }
}

function kindOf(value: unknown, wanted: Column["type"]): string {
  if (Array.isArray(value)) return "an array";
  switch (typeof value) {
    case "number":
      if (wanted !== "int") return "a number";
      return Math.abs(value) > Number.MAX_SAFE_INTEGER ? "a number out of range" : "a number with a fraction";
    case "string":
      return "a text";
    case "boolean":
      return "a bool";
    default:
      return "an object";
  }
}

function undecodable(message: string): ErrorValue {
  return { code: sqlStates.badText, message, identity: "" };
}
