/**
 * Strict access to PostgreSQL's parse tree. Every member of a node must be known to who reads it: one that is not
 * is a construct that this engine does not have, and is refused by name instead of being passed over.
 */
import type { Json, JsonObject } from "../../../base/json.ts";
import { type SqlError, unsupported } from "../sql-error.ts";
import { utf8Length } from "./token.ts";

export interface TreeNode {
  /** Kind of node, `ColumnRef`. */
  readonly tag: string;
  readonly fields: JsonObject;
}

/** Names of members that are refused, as users know them. */
const constructs: Readonly<Record<string, string>> = {
  agg_distinct: "DISTINCT in an aggregate",
  agg_filter: "FILTER of an aggregate",
  agg_order: "ORDER BY in an aggregate",
  agg_within_group: "WITHIN GROUP",
  func_variadic: "VARIADIC",
  over: "a window function",
  windowClause: "WINDOW",
  withClause: "WITH",
  intoClause: "SELECT INTO",
  lockingClause: "FOR UPDATE",
  limitOffset: "OFFSET",
  isNatural: "NATURAL JOIN",
  join_using_alias: "an alias of USING",
  colnames: "column aliases in FROM",
  constraints: "a constraint of a column",
  collClause: "COLLATE",
  catalogname: "a database in a name",
  schemaname: "a schema in a name",
  arrayBounds: "an array type",
  typmods: "a length of a type",
  setof: "SETOF",
  inhRelations: "INHERITS",
  partspec: "PARTITION BY",
  partbound: "PARTITION OF",
  options: "an option",
  accessMethod: "USING",
  tablespacename: "TABLESPACE",
  onConflictClause: "ON CONFLICT",
  returningList: "RETURNING",
  groupDistinct: "GROUP BY DISTINCT",
  skipData: "WITH NO DATA",
  indirection: "a subscript",
};

export class Tree {
  /** Position by offset in bytes; undefined where both are the same but for one. */
  readonly #positions: readonly number[] | undefined;

  constructor(text: string) {
    this.#positions = utf8Length(text) === text.length ? undefined : positionsByByte(text);
  }

  /** The kind of a node and its members. */
  open(node: Json | undefined): TreeNode {
    const [entry] = Object.entries(node as JsonObject);
    return { tag: entry![0], fields: entry![1] as JsonObject };
  }

  /** Refuses members beyond those known; `around` is a place for those without one. False is as if left out. */
  only({ tag, fields }: TreeNode, known: readonly string[], around?: number): void {
    for (const [member, value] of Object.entries(fields)) {
      if (known.includes(member) || member === "location" || value === false) continue;
      throw unsupported(
        constructs[member] ?? `${member} of ${spoken(tag)}`,
        this.placeWithin(value) ?? this.placeWithin(fields) ?? around,
      );
    }
  }

  /** Position of a node's members, from 1; undefined when the parser noted none. */
  place(fields: JsonObject): number | undefined {
    const offset = fields["location"] ?? 0;
    if (typeof offset !== "number" || offset < 0) return undefined;
    return this.#positions === undefined ? offset + 1 : this.#positions[offset];
  }

  /** Position of the first node inside a value that has one. */
  placeWithin(value: Json | undefined): number | undefined {
    if (typeof value !== "object" || value === null) return undefined;
    if ("location" in value) return this.place(value as JsonObject);
    for (const inner of Object.values(value as JsonObject)) {
      const place = this.placeWithin(inner);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** A node is refused as a whole, at its own place unless another is given. */
  refuse({ tag, fields }: TreeNode, position = this.placeWithin(fields)): SqlError {
    return unsupported(spoken(tag), position);
  }
}

/** Members that are lists. */
export function items(value: Json | undefined): readonly Json[] {
  return (value ?? []) as readonly Json[];
}

/** The text of a `String` node. */
export function stringOf(node: Json | undefined): string {
  const value = (node as JsonObject)["String"] as JsonObject | undefined;
  return (value?.["sval"] as string | undefined) ?? "";
}

/** Members of a node that stands without its tag. */
export function untagged(tag: string, fields: Json | undefined): TreeNode {
  return { tag, fields: (fields ?? {}) as JsonObject };
}

const spokenTags: Readonly<Record<string, string>> = {
  A_ArrayExpr: "ARRAY",
  A_Indirection: "a subscript",
  BooleanTest: "IS TRUE and its like",
  CaseExpr: "CASE",
  CollateClause: "COLLATE",
  CompositeTypeStmt: "CREATE TYPE",
  CreateEnumStmt: "CREATE TYPE",
  CreateTableAsStmt: "CREATE TABLE AS",
  CreatedbStmt: "CREATE DATABASE",
  DeleteStmt: "DELETE",
  ExplainStmt: "EXPLAIN",
  FuncCall: "a function",
  GroupingSet: "GROUPING SETS",
  IndexStmt: "CREATE INDEX",
  MinMaxExpr: "GREATEST and LEAST",
  ParamRef: "a parameter",
  RangeFunction: "a function in FROM",
  RangeSubselect: "a subquery in FROM",
  RowExpr: "ROW",
  SQLValueFunction: "a function of the session",
  SelectStmt: "SELECT",
  SetToDefault: "DEFAULT",
  SubLink: "a subquery",
  TransactionStmt: "a transaction",
  TypeCast: "a cast",
  UpdateStmt: "UPDATE",
  VariableSetStmt: "SET",
};

/** `CreateFunctionStmt` → `CREATE FUNCTION`. */
function spoken(tag: string): string {
  return (
    spokenTags[tag] ??
    tag
      .replace(/Stmt$/, "")
      .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
      .toUpperCase()
  );
}

/** The parser counts bytes, users count characters. */
function positionsByByte(text: string): number[] {
  const positions: number[] = [];
  let position = 1;
  for (const character of text) {
    for (let byte = utf8Length(character); byte > 0; byte--) positions.push(position);
    position++;
  }
  positions.push(position);
  return positions;
}
