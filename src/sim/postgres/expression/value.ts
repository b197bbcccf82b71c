/**
 * Values and their types: int4, int8, text, bool and jsonb, held as JSON values. Deliberately narrower than the real ones:
 * an int8 is a safe integer, and everything beyond is out of range; text is compared as under the collation C.
 */
import type { Json } from "../../../base/json.ts";
import { canonicalJson } from "../../../base/json.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";

export type SqlType = "int4" | "int8" | "text" | "bool" | "jsonb" | "void";

const int4Most = 2_147_483_647;
const words: Readonly<Record<string, boolean>> = { true: true, yes: true, on: true, "1": true };
const refusals: Readonly<Record<string, boolean>> = { false: true, no: true, off: true, "0": true };

/** Whether the type is one of the integers. */
export function isInteger(type: string): boolean {
  return type === "int4" || type === "int8";
}

/** The integer itself; fails with 22003 when the type cannot hold it. */
export function ranged(type: "int4" | "int8", value: number): number {
  const isInside = type === "int4" ? value <= int4Most && value >= -int4Most - 1 : Number.isSafeInteger(value);
  if (!isInside) throw new SqlFailure("22003", `${type} is out of range`);
  return value;
}

/** The value that a text denotes in a type; fails with 22P02, 22003, 22021 or 22P05. */
export function parseValue(type: SqlType, text: string): Json {
  switch (type) {
    case "text":
      if (text.includes("\u0000")) throw new SqlFailure("22021", "text holds no zero byte");
      return text;
    case "int4":
    case "int8":
      if (!/^\s*[+-]?\d+\s*$/.test(text)) throw new SqlFailure("22P02", `"${text}" is no ${type}`);
      return ranged(type, Number(text) || 0);
    case "bool":
      return parseBoolean(text);
    case "jsonb":
      return parseJson(text);
    case "void":
      return "";
  }
}

/** A parameter as the client library writes it and the server reads it, for the type the statement gives it. */
export function parameterValue(type: SqlType, value: Json): Json {
  if (value === null) return null;
  if (type === "int8" && typeof value === "number") return ranged(type, wholeNumber(value));
  if (Array.isArray(value)) throw unsupported("an array as a parameter");
  return parseValue(type, typeof value === "object" ? JSON.stringify(value) : String(value));
}

/** The text of a value, as a cast to text gives it. */
export function valueText(type: SqlType, value: Json): string {
  // A scalar's text is that of its JSON, but for the quotes of a text.
  return type === "text" ? (value as string) : jsonText(value);
}

/** Order of two values that are not null: negative, 0 or positive. */
export function compareValues(type: SqlType, left: Json, right: Json): number {
  if (type === "jsonb") {
    if (canonicalJson(left) === canonicalJson(right)) return 0;
    throw unsupported("an order of jsonb values");
  }
  if (left === right) return 0;
  if (type === "text") return compareText(left as string, right as string);
  return (left as number) < (right as number) ? -1 : 1;
}

/** Whether two values that are not null are equal. */
export function equalValues(type: SqlType, left: Json, right: Json): boolean {
  return type === "jsonb" ? canonicalJson(left) === canonicalJson(right) : left === right;
}

/** By code points, which is the order of the bytes of UTF-8. */
function compareText(left: string, right: string): number {
  const length = Math.min(left.length, right.length);
  for (let index = 0; index < length; index++) {
    const a = left.charCodeAt(index);
    const b = right.charCodeAt(index);
    if (a !== b) return rank(a) - rank(b);
  }
  return left.length - right.length;
}

/** Surrogates stand for code points above all others. */
function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

function wholeNumber(value: number): number {
  if (!Number.isInteger(value)) throw new SqlFailure("22P02", `${value} is no integer`);
  return value;
}

function parseBoolean(text: string): boolean {
  const word = text.trim().toLowerCase();
  const starts = (name: string): boolean => word !== "" && word !== "o" && name.startsWith(word);
  if (Object.keys(words).some(starts)) return true;
  if (Object.keys(refusals).some(starts)) return false;
  throw new SqlFailure("22P02", `"${text}" is no bool`);
}

function parseJson(text: string): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    throw new SqlFailure("22P02", "the text is no JSON");
  }
  if (hasZero(value)) throw new SqlFailure("22P05", "jsonb holds no zero character");
  return value;
}

function hasZero(value: Json): boolean {
  if (typeof value === "string") return value.includes("\u0000");
  if (typeof value !== "object" || value === null) return false;
  return Object.entries(value).some(([name, member]) => name.includes("\u0000") || hasZero(member as Json));
}

function jsonText(value: Json): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${(value as Json[]).map(jsonText).join(", ")}]`;
  const members = Object.entries(value as { readonly [name: string]: Json });
  // Shorter names first, as the real server stores them.
  members.sort(([a], [b]) => byteLength(a) - byteLength(b) || compareText(a, b));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}: ${jsonText(member)}`).join(", ")}}`;
}

function byteLength(text: string): number {
  let length = 0;
  for (const character of text) {
    const point = character.codePointAt(0)!;
    length += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return length;
}
