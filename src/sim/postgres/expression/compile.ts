/**
 * Expressions, compiled once a statement into functions of its row and parameters. What is typed how, and fails with which
 * code, follows the real server; what is not listed here is refused by name.
 */
import type { Json } from "../../../base/json.ts";
import type { SqlNode } from "../../../base/pg-parser.ts";
import { unsupported } from "../sql-failure.ts";
import { compileCall } from "./call.ts";
import { asCondition, castTo } from "./cast.ts";
import { kindOf, nameIn, unnamed, type Expression } from "./expression.ts";
import { compileOperator } from "./operator.ts";
import type { Env, Scope } from "./scope.ts";
import { parseValue, ranged, type SqlType } from "./value.ts";

/** Compiles one node. Fails with the codes of the real server's analysis. */
export function compileExpression(node: SqlNode, scope: Scope): Expression {
  const expression = compileNode(node, scope);
  const isPlain = "A_Const" in node || "ParamRef" in node;
  if (expression.isConstant && !isPlain) scope.parameters.planned.push(expression);
  return expression;
}

function compileNode(node: SqlNode, scope: Scope): Expression {
  if ("ColumnRef" in node) return column(node.ColumnRef.fields ?? [], scope);
  if ("ParamRef" in node) return parameter(node.ParamRef.number ?? 0, scope);
  if ("A_Const" in node) return constant(node.A_Const);
  if ("TypeCast" in node) {
    const { arg, typeName } = node.TypeCast;
    const type = typeNamed(typeName);
    const inner = compileExpression(arg!, scope);
    const cast = castTo(inner, type, "explicit");
    return { ...cast, name: inner.name === unnamed ? type : inner.name };
  }
  if ("A_Expr" in node || "BoolExpr" in node || "NullTest" in node)
    return compileOperator(node, (part) => compileExpression(part, scope));
  if ("CoalesceExpr" in node || "MinMaxExpr" in node || "FuncCall" in node)
    return compileCall(node, (part) => compileExpression(part, scope));
  throw unsupported(kindOf(node));
}

/** Compiles a condition, which must be a bool. */
export function compileCondition(node: SqlNode, scope: Scope): Expression {
  return asCondition(compileExpression(node, scope));
}

interface TypeName {
  readonly names?: SqlNode[] | undefined;
  readonly typmods?: SqlNode[] | undefined;
  readonly arrayBounds?: SqlNode[] | undefined;
  readonly setof?: boolean | undefined;
}

/** The type that a type's name means; 42704 when there is none, 0A000 when it is not simulated. */
export function typeNamed(typeName: TypeName | undefined): SqlType {
  const name = nameIn(typeName!.names!.at(-1)!);
  if (typeName!.typmods !== undefined || typeName!.arrayBounds !== undefined) throw unsupported(`a kind of ${name}`);
  switch (name) {
    case "text":
    case "jsonb":
    case "int4":
    case "int8":
    case "bool":
      return name;
    default:
      throw unsupported(`type ${name}`);
  }
}

function column(fields: readonly SqlNode[], scope: Scope): Expression {
  const { relation, index, column: found } = scope.find(fields.map(nameIn));
  const { name, type } = found;
  if (relation.place === "excluded") {
    return { type, name, isConstant: false, evaluate: (env) => env.excluded[index]! };
  }
  return { type, name, isConstant: false, evaluate: (env) => env.row[index]!, column: index };
}

function parameter(number: number, scope: Scope): Expression {
  const { parameters } = scope;
  const known = parameters.typeOf(number);
  const evaluate = (env: Env): Json => env.params[number - 1]!;
  const common = { name: unnamed, isConstant: true, evaluate };
  if (known !== null) return { ...common, type: known };
  const settle = (type: SqlType): Expression => {
    parameters.fix(number, type);
    return { ...common, type };
  };
  return { ...common, type: "unknown", settle };
}

interface Constant {
  readonly isnull?: boolean;
  readonly ival?: { readonly ival?: number };
  readonly fval?: { readonly fval?: string };
  readonly boolval?: { readonly boolval?: boolean };
  readonly sval?: { readonly sval?: string };
}

function constant(node: Constant): Expression {
  if (node.ival !== undefined) return literal("int4", node.ival.ival ?? 0);
  if (node.boolval !== undefined) return { ...literal("bool", node.boolval.boolval ?? false), name: "bool" };
  if (node.fval !== undefined) {
    const text = node.fval.fval ?? "";
    if (!/^-?\d+$/.test(text)) throw unsupported("type numeric");
    return literal("int8", ranged("int8", Number(text)));
  }
  if (node.isnull === true) {
    return { ...literal("text", null), type: "unknown", settle: (type) => literal(type, null) };
  }
  if (node.sval === undefined) throw unsupported("a bit string");
  const text = node.sval.sval ?? "";
  return { ...literal("text", text), type: "unknown", settle: (type) => literal(type, parseValue(type, text)) };
}

function literal(type: SqlType, value: Json): Expression {
  return { type, name: unnamed, isConstant: true, evaluate: () => value };
}
