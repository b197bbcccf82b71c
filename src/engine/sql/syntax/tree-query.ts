/** Queries of PostgreSQL's parse tree: one SELECT over at most two relations, or VALUES. */
import type { Json, JsonObject } from "../../../base/json.ts";
import type { From, Name, OrderItem, Query, QueryBody, SelectItem, TableReference } from "./statement.ts";
import { SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { expressionOf, expressionsOf } from "./tree-expression.ts";
import { items, stringOf, untagged, type Tree, type TreeNode } from "./tree.ts";

const viewHint = "Join two at a time, the first two in a view.";

/** Turns a node into a query; 0A000 for set operations, subqueries, CTEs and all else that the engine lacks. */
export function queryOf(tree: Tree, json: Json | undefined): Query {
  const node = tree.open(json);
  if (node.tag !== "SelectStmt") throw tree.refuse(node);
  const { fields } = node;
  if (fields["op"] !== "SETOP_NONE")
    throw unsupported((fields["op"] as string).replace("SETOP_", ""), tree.placeWithin(fields) ?? tree.start);
  if (fields["limitOption"] === "LIMIT_OPTION_WITH_TIES")
    throw unsupported("WITH TIES", tree.placeWithin(fields) ?? tree.start);
  const body = "valuesLists" in fields ? valuesOf(tree, node) : selectOf(tree, node);
  return {
    body,
    orderBy: items(fields["sortClause"]).map((item) => orderItemOf(tree, item)),
    limit: limitOf(tree, fields["limitCount"]),
    position: tree.placeWithin(fields) ?? 1,
  };
}

/** Members that every query may have, read by `queryOf`. */
const outer = ["op", "limitOption", "sortClause", "limitCount"];

function valuesOf(tree: Tree, node: TreeNode): QueryBody {
  tree.only(node, [...outer, "valuesLists"]);
  return { kind: "values", rows: rowsOf(tree, node.fields["valuesLists"]) };
}

/** Rows of a VALUES list; all are equally long. */
export function rowsOf(tree: Tree, lists: Json | undefined): QueryBodyRows {
  const rows = items(lists).map((list) => expressionsOf(tree, (tree.open(list).fields as JsonObject)["items"]));
  const odd = rows.find((row) => row.length !== rows[0]!.length);
  if (odd !== undefined)
    throw new SqlError(sqlStates.syntax, "VALUES lists must all be the same length", { position: odd[0]?.position });
  return rows;
}

type QueryBodyRows = Extract<QueryBody, { kind: "values" }>["rows"];

function selectOf(tree: Tree, node: TreeNode): QueryBody {
  const { fields } = node;
  const known = ["distinctClause", "targetList", "fromClause", "whereClause", "groupClause", "havingClause"];
  tree.only(node, [...outer, ...known]);
  const expression = (member: string) => (member in fields ? expressionOf(tree, fields[member]) : undefined);
  const selected = items(fields["targetList"]).map((item) => selectItemOf(tree, item));
  if (selected.length === 0) throw unsupported("SELECT of no columns", tree.placeWithin(fields) ?? tree.start);
  return {
    kind: "select",
    isDistinct: isDistinct(tree, fields["distinctClause"]),
    items: selected,
    from: "fromClause" in fields ? fromOf(tree, items(fields["fromClause"])) : undefined,
    where: expression("whereClause"),
    groupBy: expressionsOf(tree, fields["groupClause"]),
    having: expression("havingClause"),
  };
}

function isDistinct(tree: Tree, clause: Json | undefined): boolean {
  const place = tree.placeWithin(clause);
  if (place !== undefined) throw unsupported("DISTINCT ON", place);
  return clause !== undefined;
}

function selectItemOf(tree: Tree, json: Json): SelectItem {
  const node = tree.open(json);
  tree.only(node, ["name", "val"]);
  const value = tree.open(node.fields["val"]);
  const parts = value.tag === "ColumnRef" ? items(value.fields["fields"]) : [];
  const alias = node.fields["name"] as string | undefined;
  if ("A_Star" in ((parts.at(-1) ?? {}) as JsonObject)) {
    if (parts.length > 2) throw unsupported("a schema in a name", tree.place(value.fields));
    const qualifier = parts.length === 2 ? stringOf(parts[0]) : undefined;
    return { kind: "star", qualifier, position: tree.place(value.fields) ?? 1 };
  }
  return { kind: "expression", expression: expressionOf(tree, node.fields["val"]), alias };
}

function fromOf(tree: Tree, list: readonly Json[]): From {
  const nodes = list.map((item) => tree.open(item));
  const [first] = nodes;
  if (nodes.length === 1 && first!.tag === "JoinExpr") return joinOf(tree, first!);
  const tables = nodes.map((node) => tableOf(tree, node));
  if (tables.length > 2) throw unsupported("a join of more than two relations", tables[2]!.name.position, viewHint);
  return { tables, on: undefined, using: [] };
}

function joinOf(tree: Tree, node: TreeNode): From {
  const { fields } = node;
  const type = (fields["jointype"] as string).replace("JOIN_", "");
  if (type !== "INNER") throw unsupported(`${type} JOIN`, tree.placeWithin(fields));
  tree.only(node, ["jointype", "larg", "rarg", "quals", "usingClause", "rtindex"]);
  const tables = [fields["larg"], fields["rarg"]].map((side) => tableOf(tree, tree.open(side)));
  const on = "quals" in fields ? expressionOf(tree, fields["quals"]) : undefined;
  const { position } = tables[1]!.name;
  return { tables, on, using: items(fields["usingClause"]).map((name) => ({ text: stringOf(name), position })) };
}

function tableOf(tree: Tree, node: TreeNode): TableReference {
  if (node.tag === "JoinExpr")
    throw unsupported("a join of more than two relations", tree.placeWithin(node.fields), viewHint);
  if (node.tag !== "RangeVar") throw tree.refuse(node);
  const alias = untagged("Alias", node.fields["alias"]);
  tree.only(alias, ["aliasname"], tree.place(node.fields));
  return { name: relationName(tree, node), alias: alias.fields["aliasname"] as string | undefined };
}

/** Name of a `RangeVar`, also where it stands without its tag. */
export function relationName(tree: Tree, node: TreeNode): Name {
  const { fields } = node;
  tree.only(node, ["relname", "inh", "relpersistence", "alias"]);
  const position = tree.place(fields) ?? 1;
  if (fields["inh"] !== true) throw unsupported("ONLY", position);
  if (fields["relpersistence"] !== "p") throw unsupported("a temporary or unlogged relation", position);
  return { text: fields["relname"] as string, position };
}

function orderItemOf(tree: Tree, json: Json): OrderItem {
  const node = tree.open(json);
  tree.only(node, ["node", "sortby_dir", "sortby_nulls"]);
  const { fields } = node;
  const expression = expressionOf(tree, fields["node"]);
  if (fields["sortby_nulls"] !== "SORTBY_NULLS_DEFAULT") throw unsupported("NULLS FIRST | LAST", expression.position);
  if (fields["sortby_dir"] === "SORTBY_USING") throw unsupported("ORDER BY ... USING", expression.position);
  return { expression, isDescending: fields["sortby_dir"] === "SORTBY_DESC" };
}

function limitOf(tree: Tree, json: Json | undefined): number | undefined {
  if (json === undefined) return undefined;
  const expression = expressionOf(tree, json);
  const { position } = expression;
  // LIMIT ALL and LIMIT NULL are no limit.
  if (expression.kind === "literal" && expression.value === null) return undefined;
  if (expression.kind !== "literal" || typeof expression.value !== "number")
    throw unsupported("a LIMIT that is no number", position);
  if (expression.value < 0) throw new SqlError("2201W", "LIMIT must not be negative", { position });
  return expression.value;
}
