/** Statements that PostgreSQL's grammar has: queries, INSERT, CREATE TABLE and both kinds of views. */
import type { Json } from "../../../base/json.ts";
import type { ColumnDefinition, CreateTable, CreateView, Insert, Select, Statement } from "./statement.ts";
import { unsupported } from "../sql-error.ts";
import { columnTypeOf } from "./column-type.ts";
import { queryOf, relationName, rowsOf } from "./tree-query.ts";
import { constraintOf, items, stringOf, untagged, type Tree, type TreeNode } from "./tree.ts";

/** Turns a statement's node into a statement; 0A000, at its start, for statements that the engine does not have. */
export function treeStatement(tree: Tree, json: Json, asOf: Select["asOf"]): Statement {
  const node = tree.open(json);
  switch (node.tag) {
    case "SelectStmt":
      return { kind: "select", query: queryOf(tree, json), asOf };
    case "InsertStmt":
      return insertOf(tree, node);
    case "CreateStmt":
      return createTableOf(tree, node);
    case "ViewStmt":
      return viewOf(tree, node);
    case "CreateTableAsStmt":
      return materializedViewOf(tree, node);
    default:
      throw tree.refuse(node, tree.start);
  }
}

function insertOf(tree: Tree, node: TreeNode): Insert {
  tree.only(node, ["relation", "cols", "selectStmt", "override"]);
  const { fields } = node;
  const table = relationName(tree, untagged("RangeVar", fields["relation"]));
  if (fields["override"] !== "OVERRIDING_NOT_SET") throw unsupported("OVERRIDING", table.position);
  if (!("selectStmt" in fields)) throw unsupported("DEFAULT VALUES", table.position);
  const columns = items(fields["cols"]).map((item) => {
    const column = tree.open(item);
    tree.only(column, ["name"]);
    return { text: column.fields["name"] as string, position: tree.place(column.fields) ?? 1 };
  });
  const source = tree.open(fields["selectStmt"]);
  if (!("valuesLists" in source.fields)) throw unsupported("INSERT ... SELECT", tree.placeWithin(source.fields));
  tree.only(source, ["valuesLists", "op", "limitOption"]);
  return { kind: "insert", table, columns, rows: rowsOf(tree, source.fields["valuesLists"]) };
}

function createTableOf(tree: Tree, node: TreeNode): CreateTable {
  tree.only(node, ["relation", "tableElts", "oncommit"]);
  const name = relationName(tree, untagged("RangeVar", node.fields["relation"]));
  const columns = items(node.fields["tableElts"]).map((item) => columnDefinitionOf(tree, tree.open(item)));
  if (columns.length === 0) throw unsupported("a table without columns", name.position);
  return { kind: "create-table", name, columns };
}

function columnDefinitionOf(tree: Tree, node: TreeNode): ColumnDefinition {
  if (node.tag === "Constraint") throw unsupported(constraintOf(node.fields), tree.placeWithin(node.fields));
  if (node.tag !== "ColumnDef") throw tree.refuse(node);
  const { typeName, ...others } = node.fields;
  const type = untagged("TypeName", typeName);
  const names = items(type.fields["names"]).map(stringOf);
  const name = names[0] === "pg_catalog" ? names.slice(1).join(".") : names.join(".");
  const columnType = columnTypeOf(name, tree.place(type.fields));
  tree.only(type, ["names", "typemod"]);
  tree.only({ tag: node.tag, fields: others }, ["colname", "is_local"]);
  return { name: node.fields["colname"] as string, type: columnType, position: tree.place(node.fields) ?? 1 };
}

function viewOf(tree: Tree, node: TreeNode): CreateView {
  tree.only(node, ["view", "aliases", "query", "withCheckOption"]);
  const { fields } = node;
  const name = relationName(tree, untagged("RangeVar", fields["view"]));
  if (fields["withCheckOption"] !== "NO_CHECK_OPTION") throw unsupported("WITH CHECK OPTION", name.position);
  return {
    kind: "create-view",
    name,
    aliases: items(fields["aliases"]).map(stringOf),
    query: contents(tree, fields["query"]),
    cluster: undefined,
  };
}

function materializedViewOf(tree: Tree, node: TreeNode): CreateView {
  if (node.fields["objtype"] !== "OBJECT_MATVIEW") throw tree.refuse(node);
  tree.only(node, ["query", "into", "objtype"]);
  const into = untagged("IntoClause", node.fields["into"]);
  tree.only(into, ["rel", "onCommit", "colNames"]);
  return {
    kind: "create-materialized-view",
    name: relationName(tree, untagged("RangeVar", into.fields["rel"])),
    aliases: items(into.fields["colNames"]).map(stringOf),
    query: contents(tree, node.fields["query"]),
    cluster: undefined,
  };
}

/** A view is a multiset: neither an order nor a limit has a meaning in it. */
function contents(tree: Tree, json: Json | undefined): CreateView["query"] {
  const query = queryOf(tree, json);
  if (query.orderBy.length > 0) throw unsupported("ORDER BY in a view", query.orderBy[0]!.expression.position);
  if (query.limit !== undefined) throw unsupported("LIMIT in a view", query.position);
  return query;
}
