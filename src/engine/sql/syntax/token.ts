/**
 * Tokens of a statement, for the grammar of streaming DDL and for limits that hold before PostgreSQL's parser sees a
 * text. Comments nest, identifiers are folded as PostgreSQL folds them (ASCII only). Escape strings and dollar quotes
 * are left to PostgreSQL's parser: they come out as `other`.
 */
import { SqlError, sqlStates } from "../sql-error.ts";

export interface Token {
  readonly kind: "word" | "quoted" | "string" | "number" | "symbol" | "other" | "end";
  /** Folded word, contents of quotes, or the text itself. */
  readonly text: string;
  /** Offset in the text, in UTF-16 units. */
  readonly start: number;
  readonly end: number;
}

const patterns: readonly (readonly [Token["kind"], RegExp])[] = [
  ["word", /[A-Za-z_\u0080-\uffff][A-Za-z0-9_$\u0080-\uffff]*/y],
  ["number", /\d+(?:\.\d*)?(?:[eE][+-]?\d+)?/y],
  ["quoted", /"(?:[^"]|"")*"/y],
  ["string", /'(?:[^']|'')*'/y],
  ["symbol", /[(),;.]/y],
  ["other", /[-+*/<>=~!@#%^&|`?]+|[^]/y],
];

const blank = /(?:[ \t\n\r\f\v]+|--[^\n\r]*)+/y;

/** Cuts a text into tokens, the last of which is `end`. Unclosed quotes and comments become `other`, never an error. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (;;) {
    at = skipBlank(text, at);
    if (at >= text.length) break;
    const token = tokenAt(text, at);
    tokens.push(token);
    at = token.end;
  }
  tokens.push({ kind: "end", text: "", start: text.length, end: text.length });
  return tokens;
}

/** Position for users: characters (code points) before the offset, plus one. */
export function positionAt(text: string, offset: number): number {
  let position = 1;
  for (let at = 0; at < offset; position++) at += text.codePointAt(at)! > 0xffff ? 2 : 1;
  return position;
}

/** Length of a text in UTF-8. */
export function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const code = character.codePointAt(0)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

function tokenAt(text: string, start: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = start;
    const found = pattern.exec(text)?.[0];
    if (found === undefined) continue;
    // A comment may begin inside a run of operator characters.
    const cut = kind === "other" ? operatorEnd(found) : found.length;
    const raw = found.slice(0, cut);
    return { kind, text: meaning(kind, raw), start, end: start + cut };
  }
  throw new SqlError(sqlStates.syntax, "unreadable statement", { position: positionAt(text, start) });
}

function operatorEnd(operator: string): number {
  const comments = [operator.indexOf("--"), operator.indexOf("/*")].filter((at) => at > 0);
  return comments.length === 0 ? operator.length : Math.min(...comments);
}

function meaning(kind: Token["kind"], raw: string): string {
  if (kind === "word") return raw.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
  if (kind === "quoted") return raw.slice(1, -1).replaceAll('""', '"');
  if (kind === "string") return raw.slice(1, -1).replaceAll("''", "'");
  return raw;
}

function skipBlank(text: string, start: number): number {
  let at = start;
  for (;;) {
    blank.lastIndex = at;
    at += blank.exec(text)?.[0].length ?? 0;
    if (!text.startsWith("/*", at)) return at;
    const end = commentEnd(text, at);
    if (end === undefined) return at;
    at = end;
  }
}

function commentEnd(text: string, start: number): number | undefined {
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    if (text.startsWith("/*", at)) {
      depth++;
      at++;
    } else if (text.startsWith("*/", at)) {
      depth--;
      at++;
      if (depth === 0) return at + 1;
    }
  }
  return undefined;
}
