/**
 * The front door of SQL: one statement's text to its syntax. Queries, INSERT, CREATE TABLE and views go through
 * PostgreSQL's own grammar (loaded by `loadPgParser` before the run); streaming DDL through a small one of ours.
 */
import type { Json } from "../../base/json.ts";
import { parseSql } from "../../base/pg-parser.ts";
import { SqlError, sqlStates, unsupported } from "./sql-error.ts";
import { createConnection, createSink, createSource } from "./syntax/connector-grammar.ts";
import { drop, show } from "./syntax/object-grammar.ts";
import { alterCluster, createCluster, dropCluster, resetVariable, setVariable } from "./syntax/cluster-grammar.ts";
import type { Name, Statement } from "./syntax/statement.ts";
import { TokenCursor } from "./syntax/token-cursor.ts";
import { positionAt, tokenize, utf8Length, type Token } from "./syntax/token.ts";
import { treeStatement } from "./syntax/tree-statement.ts";
import { Tree } from "./syntax/tree.ts";

/** Nesting and chains beyond these would exhaust the stack somewhere, which is no way to learn of them. */
const nestingMax = 200;
const chainMax = 1000;
const nameBytesMax = 63;

/** First words of statements that are streaming SQL, but not this engine's. */
const foreign: readonly (readonly string[])[] = [
  ["create", "secret"],
  ["drop", "secret"],
  ["drop", "index"],
  ["drop", "schema"],
  ["drop", "database"],
  ["drop", "role"],
  ["drop", "type"],
  ["drop", "function"],
  ["alter"],
  ["restart"],
  ["validate"],
  ["subscribe"],
  ["copy"],
];

/** Parses one statement. Throws `SqlError`: 42601 with the position for bad syntax, 0A000 for what is not supported. */
export function parseStatement(sql: string): Statement {
  const tokens = tokenize(sql);
  checkLimits(sql, tokens);
  const cursor = new TokenCursor(sql, tokens);
  if (cursor.accept("create", "cluster")) return createCluster(cursor);
  if (cursor.accept("alter", "cluster")) return alterCluster(cursor);
  if (cursor.accept("drop", "cluster")) return dropCluster(cursor);
  if (cursor.accept("set")) return setVariable(cursor);
  if (cursor.accept("reset")) return resetVariable(cursor);
  for (const words of foreign)
    if (cursor.accept(...words)) throw unsupported(words.join(" ").toUpperCase(), positionAt(sql, tokens[0]!.start));
  checkCreate(sql, tokens);
  if (cursor.accept("create", "connection")) return createConnection(cursor);
  if (cursor.accept("create", "source")) return createSource(cursor);
  if (cursor.accept("create", "sink")) return createSink(cursor);
  if (cursor.accept("drop")) return drop(cursor);
  if (cursor.accept("show")) return show(cursor);
  return pgStatement(sql, tokens);
}

/** What may stand in CREATE of any kind and is not supported in any; said once for both grammars. */
function checkCreate(sql: string, tokens: readonly Token[]): void {
  const words = tokens.slice(0, 6).map(({ kind, text }) => (kind === "word" ? text : ""));
  if (words[0] !== "create") return;
  if (words[1] === "or" && words[2] === "replace")
    throw unsupported("CREATE OR REPLACE", positionAt(sql, tokens[1]!.start));
  const at = words.indexOf("if");
  if (at > 0 && words[at + 1] === "not" && words[at + 2] === "exists")
    throw unsupported("IF NOT EXISTS", positionAt(sql, tokens[at]!.start));
}

function pgStatement(sql: string, tokens: readonly Token[]): Statement {
  const asOf = asOfClause(sql, tokens);
  const text = asOf === undefined ? sql : sql.slice(0, asOf.start);
  const placed = clusterClause(sql, tokens);
  const parsed = parseSql(placed === undefined ? text : withoutClause(text, placed));
  // The parser counts characters from 0; its message names what it met.
  if (!parsed.ok) throw new SqlError(sqlStates.syntax, parsed.message, { position: parsed.position + 1 });
  const [node, second] = parsed.statements;
  if (node === undefined) throw new SqlError(sqlStates.syntax, "the statement is empty", { position: 1 });
  if (second !== undefined)
    throw new SqlError(sqlStates.syntax, "one statement at a time", {
      hint: "Send the statements one after the other.",
      position: secondStatement(sql, tokens),
    });
  const start = positionAt(sql, tokens[0]!.start);
  const statement = treeStatement(new Tree(text), node as unknown as Json, start, asOf?.time);
  if (asOf !== undefined && statement.kind !== "select")
    throw unsupported("AS OF of anything but SELECT", positionAt(sql, asOf.start));
  return placed !== undefined && statement.kind === "create-materialized-view"
    ? { ...statement, cluster: placed.cluster }
    : statement;
}

interface ClusterClause {
  readonly cluster: Name;
  readonly start: number;
  readonly end: number;
}

/** `IN CLUSTER name` of a materialized view, which PostgreSQL's grammar does not have. */
function clusterClause(sql: string, tokens: readonly Token[]): ClusterClause | undefined {
  const isWord = (at: number, word: string): boolean => tokens[at]?.kind === "word" && tokens[at].text === word;
  if (!isWord(0, "create") || !isWord(1, "materialized") || !isWord(2, "view")) return undefined;
  const as = tokens.findIndex((_, at) => isWord(at, "as"));
  const at = tokens.findIndex((_, place) => place > 3 && isWord(place, "in") && isWord(place + 1, "cluster"));
  if (at < 0 || (as >= 0 && at > as)) return undefined;
  const name = tokens[at + 2];
  if (name?.kind !== "word" && name?.kind !== "quoted")
    throw new SqlError(sqlStates.syntax, "IN CLUSTER needs the name of a cluster", {
      position: positionAt(sql, tokens[at + 1]!.end),
    });
  const cluster = { text: name.text, position: positionAt(sql, name.start) };
  return { cluster, start: tokens[at]!.start, end: name.end };
}

/** The text with blanks in the clause's place: what follows keeps its position. */
function withoutClause(text: string, { start, end }: ClusterClause): string {
  return text.slice(0, start) + text.slice(start, end).replaceAll(/./gu, " ") + text.slice(end);
}

interface AsOf {
  readonly start: number;
  readonly time: number;
}

/** `AS OF n` at the very end, which PostgreSQL's grammar does not have. */
function asOfClause(sql: string, tokens: readonly Token[]): AsOf | undefined {
  const last = tokens.filter(({ kind, text }) => kind !== "end" && !(kind === "symbol" && text === ";"));
  const [as, of, time] = last.slice(-3);
  if (as?.kind !== "word" || as.text !== "as" || of?.kind !== "word" || of.text !== "of") return undefined;
  const value = time!.kind === "number" && /^\d+$/.test(time!.text) ? Number(time!.text) : Number.NaN;
  if (Number.isSafeInteger(value)) return { start: as.start, time: value };
  throw new SqlError(sqlStates.syntax, "AS OF takes a time in whole milliseconds", {
    position: positionAt(sql, time!.start),
  });
}

function secondStatement(sql: string, tokens: readonly Token[]): number {
  const end = tokens.findIndex(({ kind, text }) => kind === "symbol" && text === ";");
  const second = tokens.slice(end).find(({ kind, text }) => kind !== "symbol" || text !== ";");
  return positionAt(sql, second!.start);
}

function checkLimits(sql: string, tokens: readonly Token[]): void {
  let depth = 0;
  let chain = 0;
  for (const { kind, text, start } of tokens) {
    if (kind === "symbol" && text === "(") depth++;
    if (kind === "symbol" && text === ")") depth--;
    chain = kind === "symbol" && text === "," ? 0 : chain + 1;
    if (depth > nestingMax || chain > chainMax)
      throw new SqlError(sqlStates.tooComplex, "the statement is too complex", {
        detail: `At most ${nestingMax} parentheses may be open, and ${chainMax} words stand without a comma.`,
        position: positionAt(sql, start),
      });
    if ((kind === "word" || kind === "quoted") && utf8Length(text) > nameBytesMax)
      throw new SqlError(sqlStates.nameTooLong, "a name is longer than 63 bytes", { position: positionAt(sql, start) });
  }
}
