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
  collClause: "COLLATE",
  catalogname: "a database in a name",
  schemaname: "a schema in a name",
  arrayBounds: "an array type",
  typmods: "a length of a type",
  setof: "SETOF",
  inhRelations: "INHERITS",
  partspec: "PARTITION BY",
  partbound: "PARTITION OF",
  options: "WITH",
  accessMethod: "USING",
  tablespacename: "TABLESPACE",
  onConflictClause: "ON CONFLICT",
  returningList: "RETURNING",
  groupDistinct: "GROUP BY DISTINCT",
  skipData: "WITH NO DATA",
  indirection: "a subscript",
};

const constructHints: Readonly<Record<string, string>> = {
  arrayBounds: "Columns are int, text or bool.",
  colnames: "Name the columns in a view.",
  isNatural: "Write USING (column, ...).",
  typmods: "A text is as long as it is.",
  withClause: "Make a view of each part.",
};

export class Tree {
  /** Position by offset in bytes; undefined where both are the same but for one. */
  readonly #positions: readonly number[] | undefined;
  /** Position of the statement: the place of what has none of its own. */
  readonly start: number;

  constructor(text: string, start: number) {
    this.start = start;
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
      // A clause that begins the text is noted without a location.
      const place = member === "withClause" ? this.place(value as JsonObject) : this.placeWithin(value);
      throw unsupported(
        constructOf(tag, member, value),
        place ?? this.placeWithin(fields) ?? around ?? this.start,
        constructHints[member],
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
    const own = "location" in value ? this.place(value as JsonObject) : undefined;
    if (own !== undefined) return own;
    for (const inner of Object.values(value as JsonObject)) {
      const place = this.placeWithin(inner);
      if (place !== undefined) return place;
    }
    return undefined;
  }

  /** A node is refused as a whole, at its own place unless another is given. */
  refuse(node: TreeNode, position = this.placeWithin(node.fields) ?? this.start): SqlError {
    return unsupported(spoken(node), position, tagHints[node.tag]);
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
  CaseExpr: "CASE",
  CollateClause: "COLLATE",
  CreateTableAsStmt: "CREATE TABLE AS",
  DeleteStmt: "DELETE",
  FuncCall: "a function",
  ParamRef: "a parameter",
  RangeFunction: "a function in FROM",
  RangeSubselect: "a subquery in FROM",
  RangeTableSample: "TABLESAMPLE",
  RowExpr: "ROW",
  SelectStmt: "SELECT",
  SetToDefault: "DEFAULT",
  SubLink: "a subquery",
  TableLikeClause: "LIKE in CREATE TABLE",
  TypeCast: "a cast",
};

const tagHints: Readonly<Record<string, string>> = {
  RangeSubselect: "Make a view of the subquery.",
  SubLink: "Make a view of the subquery and join it.",
  TypeCast: "Values are int, text or bool, and stay so.",
};

/** Members that say which of its kind a node is, and how many characters of theirs say only the kind. */
const kindMembers: Readonly<Record<string, readonly [member: string, prefix: number]>> = {
  BooleanTest: ["booltesttype", 0],
  GroupingSet: ["kind", "GROUPING_SET_".length],
  MinMaxExpr: ["op", "IS_".length],
  SQLValueFunction: ["op", "SVFOP_".length],
};

/** `CreateFunctionStmt` → `CREATE FUNCTION`; an `SQLValueFunction` → `CURRENT_USER`. */
function spoken({ tag, fields }: Pick<TreeNode, "tag" | "fields">): string {
  const [member, prefix] = kindMembers[tag] ?? ["", 0];
  const kind = fields[member];
  if (typeof kind === "string") {
    const name = kind.slice(prefix);
    if (name === "EMPTY" || name === "SETS") return name === "EMPTY" ? "GROUP BY ()" : "GROUPING SETS";
    return tag === "BooleanTest" ? name.replaceAll("_", " ") : name.replace(/_N$/, "");
  }
  return (
    spokenTags[tag] ??
    tag
      .replace(/Stmt$/, "")
      .replace(/(?<=[a-z])(?=[A-Z])/g, " ")
      .toUpperCase()
  );
}

/** A member that is refused, as users know it. */
function constructOf(tag: string, member: string, value: Json): string {
  if (member === "bsval") return "a bit string";
  if (member === "constraints") return constraintOf((items(value)[0] as JsonObject)["Constraint"] as JsonObject);
  return constructs[member] ?? `${member} of ${spoken({ tag, fields: {} })}`;
}

/** `CONSTR_NOTNULL` → `the constraint NOT NULL`. */
export function constraintOf(fields: JsonObject | undefined): string {
  const name = ((fields?.["contype"] ?? "") as string).slice("CONSTR_".length);
  const shown: Readonly<Record<string, string>> = {
    FOREIGN: "REFERENCES",
    GENERATED: "GENERATED",
    IDENTITY: "GENERATED AS IDENTITY",
    NOTNULL: "NOT NULL",
    PRIMARY: "PRIMARY KEY",
  };
  return `the constraint ${shown[name] ?? name}`;
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
