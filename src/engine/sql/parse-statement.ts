/**
 * The front door of SQL: one statement's text to its syntax. Queries, INSERT, CREATE TABLE and views go through
 * PostgreSQL's own grammar (loaded by `loadPgParser` before the run); streaming DDL through a small one of ours. What
 * neither has is refused by its first words, so that it is called by its name and not a syntax error.
 */
import type { Json } from "../../base/json.ts";
import { parseSql } from "../../base/pg-parser.ts";
import { SqlError, sqlStates, unsupported } from "./sql-error.ts";
import { createConnection, createSink, createSource } from "./syntax/connector-grammar.ts";
import { foreignClause, foreignStatement } from "./refusal/foreign-statement.ts";
import { guessed } from "./refusal/misspelling.ts";
import { drop, show } from "./syntax/object-grammar.ts";
import { alterCluster, createCluster, dropCluster, resetVariable, setVariable } from "./syntax/cluster-grammar.ts";
import type { Name, Statement } from "./syntax/statement.ts";
import { oneAtATime, TokenCursor } from "./syntax/token-cursor.ts";
import { positionAt, tokenize, utf8Length, type Token } from "./syntax/token.ts";
import { treeStatement } from "./syntax/tree-statement.ts";
import { Tree } from "./syntax/tree.ts";

/** Nesting and chains beyond these would exhaust the stack somewhere, which is no way to learn of them. */
const nestingMax = 200;
const chainMax = 1000;
const nameBytesMax = 63;

/** Words that can only be meant as a time; before others, `AS of` names a column or relation. */
const timeWords: readonly string[] = ["at", "current_timestamp", "mz_now", "now", "timestamp"];

/** Parses one statement. Throws `SqlError`: 42601 with the position for bad syntax, 0A000 for what is not supported. */
export function parseStatement(sql: string): Statement {
  try {
    return parsed(sql);
  } catch (error) {
    throw guessed(error, sql, tokenize(sql), parsed);
  }
}

function parsed(sql: string): Statement {
  const all = tokenize(sql);
  checkLimits(sql, all);
  // Semicolons may stand before a statement, too.
  const tokens = all.slice(all.findIndex((token) => !isSemicolon(token)));
  const cursor = new TokenCursor(sql, tokens);
  if (cursor.accept("create", "cluster")) return createCluster(cursor);
  if (cursor.accept("alter", "cluster")) return alterCluster(cursor);
  if (cursor.accept("drop", "cluster")) return dropCluster(cursor);
  if (cursor.accept("set")) return setVariable(cursor);
  if (cursor.accept("reset")) return resetVariable(cursor);
  const refused = foreignStatement(sql, tokens) ?? foreignClause(sql, tokens);
  if (refused !== undefined) throw refused;
  if (cursor.accept("create", "connection")) return createConnection(cursor);
  if (cursor.accept("create", "source")) return createSource(cursor);
  if (cursor.accept("create", "sink")) return createSink(cursor);
  if (cursor.accept("drop")) return drop(cursor);
  if (cursor.accept("show")) return show(cursor);
  return pgStatement(sql, tokens);
}

function pgStatement(sql: string, tokens: readonly Token[]): Statement {
  const asOf = asOfClause(sql, tokens);
  const text = asOf === undefined ? sql : sql.slice(0, asOf.start);
  const placed = clusterClause(sql, tokens);
  const outcome = parseSql(placed === undefined ? text : withoutClause(text, placed));
  // The parser counts characters from 0; its message names what it met.
  if (!outcome.ok) throw new SqlError(sqlStates.syntax, outcome.message, { position: outcome.position + 1 });
  const [node, second] = outcome.statements;
  if (node === undefined) throw new SqlError(sqlStates.syntax, "the statement is empty", { position: 1 });
  if (second !== undefined) throw oneAtATime(secondStatement(sql, tokens));
  const start = positionAt(sql, tokens[0]!.start);
  const statement = treeStatement(new Tree(text, start), node as unknown as Json, asOf);
  if (asOf !== undefined && statement.kind !== "select")
    throw unsupported("AS OF of anything but SELECT", asOf.position);
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
  /** Where the clause begins, as an offset. */
  readonly start: number;
  /** The same as a position for users. */
  readonly position: number;
  /** Whole milliseconds. */
  readonly time: number;
}

/** `AS OF n` at the very end, which PostgreSQL's grammar does not have. 42601 for one elsewhere or without a number. */
function asOfClause(sql: string, tokens: readonly Token[]): AsOf | undefined {
  const words = tokens.filter(({ kind, text }) => !(kind === "symbol" && text === ";"));
  const at = words.findIndex((token, index) => isClause(token, words[index + 1], words[index + 2]));
  if (at < 0) return undefined;
  const [as, , value, next] = words.slice(at);
  const time = value!.kind === "number" && /^\d+$/.test(value!.text) ? Number(value!.text) : Number.NaN;
  if (!Number.isSafeInteger(time)) throw misplaced("AS OF takes a time in whole milliseconds", sql, value!);
  if (next!.kind !== "end") throw misplaced("AS OF and its time are the end of a statement", sql, next!);
  return { start: as!.start, position: positionAt(sql, as!.start), time };
}

function isClause(as: Token, of: Token | undefined, value: Token | undefined): boolean {
  if (as.kind !== "word" || as.text !== "as" || of?.kind !== "word" || of.text !== "of") return false;
  if (value?.kind === "word") return timeWords.includes(value.text);
  return value?.kind === "number" || value?.kind === "string" || value?.kind === "other";
}

function misplaced(message: string, sql: string, { start }: Token): SqlError {
  const position = positionAt(sql, start);
  return new SqlError(sqlStates.syntax, message, { hint: "Write AS OF and a number behind all else.", position });
}

function secondStatement(sql: string, tokens: readonly Token[]): number {
  const end = tokens.findIndex(isSemicolon);
  return positionAt(sql, tokens.slice(end).find((token) => !isSemicolon(token))!.start);
}

function isSemicolon({ kind, text }: Token): boolean {
  return kind === "symbol" && text === ";";
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
