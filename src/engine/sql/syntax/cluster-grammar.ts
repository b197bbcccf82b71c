/** Statements about clusters and their replicas, and variables of a session, by hand. */
import type { ClusterStatement, Name, ReplicaName, SetVariable, SizeOption } from "./statement.ts";
import type { TokenCursor } from "./token-cursor.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";

const processesMax = 16;
const workersMax = 4;
const factorMax = 8;

interface Options {
  readonly size: SizeOption | undefined;
  readonly factor: number | undefined;
  readonly replicas: readonly { readonly name: Name; readonly size: SizeOption }[] | undefined;
}

/** Reads what follows `CREATE CLUSTER`. */
export function createCluster(cursor: TokenCursor): ClusterStatement {
  if (cursor.accept("replica")) {
    const name = replicaName(cursor);
    const size = parenthesized(cursor, () => sizeOption(cursor));
    cursor.end();
    return { kind: "create-replica", name, size };
  }
  const refused = cursor.refused("IF NOT EXISTS", "if", "not", "exists");
  if (refused !== undefined) throw refused;
  const name = cursor.name("a name");
  const { position } = cursor;
  const { size, factor, replicas } = options(cursor, ["size", "replication", "replicas"]);
  if (replicas !== undefined && (size !== undefined || factor !== undefined))
    throw new SqlError(sqlStates.syntax, "a cluster has a SIZE, or REPLICAS with a size each", { position });
  cursor.end();
  return { kind: "create-cluster", name, size, factor, replicas };
}

/** Reads what follows `ALTER CLUSTER`. */
export function alterCluster(cursor: TokenCursor): ClusterStatement {
  if (cursor.accept("replica")) {
    const name = replicaName(cursor);
    const { position } = cursor;
    if (cursor.accept("set")) throw unsupported("a replica of another size", position, "Make another replica.");
    return { kind: "rename-replica", name, to: newName(cursor) };
  }
  const name = cursor.name("a cluster");
  if (cursor.next.kind === "word" && cursor.next.text === "rename")
    return { kind: "rename-cluster", name, to: newName(cursor) };
  if (!cursor.accept("set")) throw cursor.unexpected("SET or RENAME TO");
  const { size, factor } = options(cursor, ["size", "replication"]);
  cursor.end();
  return { kind: "alter-cluster", name, size, factor };
}

function newName(cursor: TokenCursor): Name {
  cursor.expect("rename", "to");
  const name = cursor.name("a name");
  cursor.end();
  return name;
}

/** Reads what follows `DROP CLUSTER`. */
export function dropCluster(cursor: TokenCursor): ClusterStatement {
  if (cursor.accept("replica")) {
    const ifExists = cursor.accept("if", "exists");
    const name = replicaName(cursor);
    cursor.end();
    return { kind: "drop-replica", name, ifExists };
  }
  const ifExists = cursor.accept("if", "exists");
  const name = cursor.name("a cluster");
  const isCascade = cursor.accept("cascade");
  if (!isCascade) cursor.accept("restrict");
  cursor.end();
  return { kind: "drop-cluster", name, ifExists, isCascade };
}

/** Reads what follows `SET`. */
export function setVariable(cursor: TokenCursor): SetVariable {
  cursor.accept("session");
  const variable = cursor.name("a variable");
  if (!cursor.accept("=") && !cursor.accept("to")) throw cursor.unexpected("= or TO");
  const value = valueName(cursor);
  cursor.end();
  return { kind: "set", variable, value };
}

/** Reads what follows `RESET`. */
export function resetVariable(cursor: TokenCursor): SetVariable {
  const variable = cursor.name("a variable");
  cursor.end();
  return { kind: "set", variable, value: undefined };
}

/** A name, or a text in single quotes that stands for one. DEFAULT needs no rule: the first cluster is called so. */
function valueName(cursor: TokenCursor): Name {
  if (cursor.next.kind !== "string") return cursor.name("a name");
  const { position } = cursor;
  return { text: cursor.string("a name"), position };
}

function replicaName(cursor: TokenCursor): ReplicaName {
  const cluster = cursor.name("a cluster", true);
  cursor.expect(".");
  return { cluster, replica: cursor.name("a replica") };
}

/** Options with commas between, in parentheses or not; each at most once. */
function options(cursor: TokenCursor, allowed: readonly string[]): Options {
  let found: Options = { size: undefined, factor: undefined, replicas: undefined };
  const read: string[] = [];
  const readOne = (): void => {
    const { position } = cursor;
    const word = cursor.next.text;
    const isKnown = cursor.next.kind === "word" && allowed.includes(word);
    if (!isKnown) throw cursor.unexpected(allowed.map(optionName).join(" or "));
    if (read.includes(word))
      throw new SqlError(sqlStates.syntax, `${optionName(word)} stands there twice`, { position });
    read.push(word);
    if (word === "size") found = { ...found, size: sizeOption(cursor) };
    else if (word === "replication") found = { ...found, factor: factorOption(cursor) };
    else found = { ...found, replicas: replicasOption(cursor) };
  };
  if (isSymbol(cursor, "(")) cursor.list(readOne);
  else {
    readOne();
    while (cursor.accept(",")) readOne();
  }
  return found;
}

function optionName(word: string): string {
  return word === "replication" ? "REPLICATION FACTOR" : word.toUpperCase();
}

function replicasOption(cursor: TokenCursor): Options["replicas"] {
  cursor.expect("replicas");
  cursor.accept("=");
  return cursor.list(() => {
    const name = cursor.name("a replica");
    return { name, size: parenthesized(cursor, () => sizeOption(cursor)) };
  });
}

function factorOption(cursor: TokenCursor): number {
  cursor.expect("replication", "factor");
  cursor.accept("=");
  return cursor.count("a replication factor", factorMax, 0);
}

/** `SIZE 'processes-workers'`. */
function sizeOption(cursor: TokenCursor): SizeOption {
  cursor.expect("size");
  cursor.accept("=");
  const { position } = cursor;
  const text = cursor.string("a size");
  const found = /^(\d{1,2})-(\d)$/.exec(text);
  const processes = Number(found?.[1] ?? 0);
  const workers = Number(found?.[2] ?? 0);
  if (processes >= 1 && processes <= processesMax && workers >= 1 && workers <= workersMax)
    return { size: { processes, workers }, position };
  throw new SqlError(sqlStates.badValue, `unknown size "${text}"`, {
    hint: `Write 'processes-workers': 1 to ${processesMax} processes of 1 to ${workersMax} workers, like '3-2'.`,
    position,
  });
}

function parenthesized<T>(cursor: TokenCursor, read: () => T): T {
  if (!isSymbol(cursor, "(")) return read();
  cursor.expect("(");
  const found = read();
  cursor.expect(")");
  return found;
}

function isSymbol(cursor: TokenCursor, symbol: string): boolean {
  return cursor.next.kind === "symbol" && cursor.next.text === symbol;
}
