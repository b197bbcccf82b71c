/** Scalar expressions of PostgreSQL's parse tree. What the engine cannot compute is refused here, with its position. */
import type { Json, JsonObject } from "../../../base/json.ts";
import type { Datum } from "../../collection.ts";
import type { ScalarFunction } from "../plan.ts";
import type { Expression } from "./statement.ts";
import { foreignFunctions } from "../refusal/vocabulary.ts";
import { nearestHint, SqlError, sqlStates, unsupported } from "../sql-error.ts";
import { items, stringOf, type Tree, type TreeNode } from "./tree.ts";

const operators: ReadonlySet<string> = new Set(["=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/", "%", "||"]);

const spokenKinds: Readonly<Record<string, string>> = {
  AEXPR_OP_ANY: "ANY",
  AEXPR_OP_ALL: "ALL",
  AEXPR_DISTINCT: "IS DISTINCT FROM",
  AEXPR_NOT_DISTINCT: "IS NOT DISTINCT FROM",
  AEXPR_NULLIF: "NULLIF",
  AEXPR_IN: "IN",
  AEXPR_LIKE: "LIKE",
  AEXPR_ILIKE: "ILIKE",
  AEXPR_SIMILAR: "SIMILAR TO",
};

/** Turns a node into an expression; 0A000 for what the engine does not have. */
export function expressionOf(tree: Tree, json: Json | undefined): Expression {
  const node = tree.open(json);
  switch (node.tag) {
    case "ColumnRef":
      return columnOf(tree, node);
    case "A_Const":
      return literalOf(tree, node);
    case "A_Expr":
      return operatorOf(tree, node);
    case "BoolExpr":
      return booleanOf(tree, node);
    case "NullTest":
      return nullTestOf(tree, node);
    case "CoalesceExpr":
      tree.only(node, ["args"]);
      return call(tree, node, "coalesce", expressionsOf(tree, node.fields["args"]));
    case "FuncCall":
      return functionOf(tree, node);
    default:
      throw tree.refuse(node);
  }
}

export function expressionsOf(tree: Tree, list: Json | undefined): Expression[] {
  return items(list).map((item) => expressionOf(tree, item));
}

function call(tree: Tree, { fields }: TreeNode, fn: ScalarFunction, args: readonly Expression[]): Expression {
  return { kind: "call", fn, args, position: tree.place(fields) ?? args[0]!.position };
}

function columnOf(tree: Tree, node: TreeNode): Expression {
  tree.only(node, ["fields"]);
  const parts = items(node.fields["fields"]);
  const position = tree.place(node.fields) ?? 1;
  if (parts.some((part) => "A_Star" in (part as JsonObject)))
    throw new SqlError(sqlStates.syntax, '"*" stands alone in a SELECT list, never inside of an expression', {
      position,
    });
  if (parts.length > 2) throw unsupported("a schema in a name", position);
  const names = parts.map(stringOf);
  return { kind: "column", qualifier: names.length === 2 ? names[0] : undefined, name: names.at(-1)!, position };
}

function literalOf(tree: Tree, node: TreeNode): Expression {
  const { fields } = node;
  const position = tree.place(fields) ?? 1;
  tree.only(node, ["isnull", "ival", "fval", "boolval", "sval"]);
  const member = (name: string, value: string): Json | undefined => (fields[name] as JsonObject)[value];
  let value: Datum = null;
  // The parser leaves out zero, false and the empty text.
  if ("ival" in fields) value = (member("ival", "ival") as number | undefined) ?? 0;
  else if ("boolval" in fields) value = (member("boolval", "boolval") as boolean | undefined) ?? false;
  else if ("sval" in fields) value = (member("sval", "sval") as string | undefined) ?? "";
  else if ("fval" in fields) value = integerOf(member("fval", "fval") as string, position);
  return { kind: "literal", value, position };
}

/** Numbers beyond 31 bits and those with a point arrive as texts. */
function integerOf(text: string, position: number): number {
  if (!/^-?\d+$/.test(text)) throw unsupported(`the number ${text}`, position, "Numbers are whole.");
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new SqlError(sqlStates.outOfRange, `${text} is out of range`, {
    detail: "Integers are between -(2^53-1) and 2^53-1.",
    position,
  });
}

function operatorOf(tree: Tree, node: TreeNode): Expression {
  const { fields } = node;
  const kind = fields["kind"] as string;
  if (kind !== "AEXPR_OP") {
    const spoken = kind.startsWith("AEXPR_") ? spokenKinds[kind] : undefined;
    throw unsupported(spoken ?? kind.replace("AEXPR_", "").replaceAll("_", " "), tree.place(fields));
  }
  tree.only(node, ["kind", "name", "lexpr", "rexpr"]);
  const names = items(fields["name"]).map(stringOf);
  const name = names.at(-1)!;
  if (names.length !== 1) throw unsupported("a schema in an operator", tree.place(fields));
  if (!("lexpr" in fields)) {
    const argument = expressionOf(tree, fields["rexpr"]);
    if (name === "-") return call(tree, node, "negate", [argument]);
    throw unsupported(`the prefix operator ${name}`, tree.place(fields));
  }
  if (!operators.has(name))
    throw unsupported(`the operator ${name}`, tree.place(fields), name === "==" ? "Write a single =." : undefined);
  const args = [expressionOf(tree, fields["lexpr"]), expressionOf(tree, fields["rexpr"])];
  return call(tree, node, name as ScalarFunction, args);
}

function booleanOf(tree: Tree, node: TreeNode): Expression {
  tree.only(node, ["boolop", "args"]);
  const fn = node.fields["boolop"] === "AND_EXPR" ? "and" : node.fields["boolop"] === "OR_EXPR" ? "or" : "not";
  return call(tree, node, fn, expressionsOf(tree, node.fields["args"]));
}

function nullTestOf(tree: Tree, node: TreeNode): Expression {
  tree.only(node, ["arg", "nulltesttype"]);
  const test = call(tree, node, "is-null", [expressionOf(tree, node.fields["arg"])]);
  return node.fields["nulltesttype"] === "IS_NULL" ? test : call(tree, node, "not", [test]);
}

function functionOf(tree: Tree, node: TreeNode): Expression {
  const { fields } = node;
  if (items(fields["funcname"]).map(stringOf).join(".") !== "mz_panic") return aggregateOf(tree, node);
  tree.only(node, ["funcname", "args", "funcformat"]);
  const args = expressionsOf(tree, fields["args"]);
  if (args.length === 1) return call(tree, node, "mz_panic", args);
  throw new SqlError(sqlStates.noSuchOperator, "mz_panic takes one argument", { position: tree.place(fields) });
}

const ownFunctions: readonly string[] = ["coalesce", "count", "sum"];

/** What SQL has a syntax for, and the parser a function. */
const spokenFunctions: ReadonlyMap<string, string> = new Map([
  ["btrim", "trim"],
  ["timezone", "AT TIME ZONE"],
]);

/** 0A000 for a function that other databases have, 42883 for one that nobody has. */
function noFunction(name: string, position: number): SqlError {
  const spoken = spokenFunctions.get(name) ?? name;
  const choice = "Functions are coalesce, count and sum.";
  if (spoken !== name || foreignFunctions.has(name)) return unsupported(`the function ${spoken}`, position, choice);
  const hint = nearestHint(name, ownFunctions) ?? choice;
  return new SqlError(sqlStates.noSuchOperator, `function ${name} does not exist`, { hint, position });
}

function aggregateOf(tree: Tree, node: TreeNode): Expression {
  const { fields } = node;
  const names = items(fields["funcname"]).map(stringOf);
  const name = names.at(-1)!;
  const position = tree.place(fields) ?? 1;
  if (name !== "count" && name !== "sum") throw noFunction(name, position);
  if (names.length > 1 && names[0] !== "pg_catalog") throw unsupported("a schema in the name of a function", position);
  tree.only(node, ["funcname", "args", "agg_star", "funcformat"]);
  const args = expressionsOf(tree, fields["args"]);
  if (fields["agg_star"] === true && name === "count")
    return { kind: "aggregate", fn: name, argument: undefined, position };
  if (args.length !== 1 || fields["agg_star"] === true)
    throw new SqlError(sqlStates.noSuchOperator, `${name} takes one argument`, { position });
  return { kind: "aggregate", fn: name, argument: args[0], position };
}
