/** Operators: comparison, + and -, ||, logic of three values, tests for null, IN over a list. */
import type { Json } from "../../../base/json.ts";
import type { SqlNode } from "../../../base/pg-parser.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { asCondition, castTo, commonType, settled } from "./cast.ts";
import { nameIn, unnamed, type Compile, type Expression } from "./expression.ts";
import type { Env } from "./scope.ts";
import { compareValues, equalValues, isInteger, ranged, valueText, type SqlType } from "./value.ts";

type OperatorNode = Extract<SqlNode, { A_Expr: unknown } | { BoolExpr: unknown } | { NullTest: unknown }>;

const orders: Readonly<Record<string, (order: number) => boolean>> = {
  "<": (order) => order < 0,
  "<=": (order) => order <= 0,
  ">": (order) => order > 0,
  ">=": (order) => order >= 0,
};

const known: readonly string[] = [...Object.keys(orders), "=", "<>", "+", "-"];

/** Compiles an operator; 42883 when there is none for the types. */
export function compileOperator(node: OperatorNode, compile: Compile): Expression {
  if ("BoolExpr" in node) return logic(node.BoolExpr, compile);
  if ("NullTest" in node) {
    const { evaluate, isConstant } = settled(compile(node.NullTest.arg!), "text");
    const isNull = node.NullTest.nulltesttype === "IS_NULL";
    return truth(isConstant, (env) => (evaluate(env) === null) === isNull);
  }
  const { kind, name = [], lexpr, rexpr } = node.A_Expr;
  const operator = nameIn(name.at(-1)!);
  switch (kind) {
    case "AEXPR_OP":
      if (lexpr === undefined) return negated(operator, compile(rexpr!));
      return binary(operator, compile(lexpr), compile(rexpr!));
    case "AEXPR_DISTINCT":
    case "AEXPR_NOT_DISTINCT":
      return distinct(kind, compile(lexpr!), compile(rexpr!));
    case "AEXPR_IN":
      return inList(operator, compile(lexpr!), rexpr!, compile);
    default:
      throw unsupported(`operator ${operator} (${kind})`);
  }
}

function binary(operator: string, left: Expression, right: Expression): Expression {
  if (operator === "||") return concatenation(left, right);
  if (!known.includes(operator)) throw unsupported(`operator ${operator}`);
  const [a, b, type] = alike(operator, left, right);
  if (operator === "=") return { ...comparison(a, b, equality(type)), equalities: equalitiesOf(a, b) };
  if (operator === "<>") {
    const isEqual = equality(type);
    return comparison(a, b, (x, y) => !isEqual(x, y));
  }
  const order = orders[operator];
  if (order !== undefined) {
    if (type === "jsonb") throw unsupported("an order of jsonb values");
    return comparison(a, b, (x, y) => order(compareValues(type, x, y)));
  }
  return arithmetic(operator as "+" | "-", a, b, type);
}

/** Both sides in the one type in which they can be compared. */
function alike(operator: string, left: Expression, right: Expression): [Expression, Expression, SqlType] {
  const type = commonType([left, right]);
  if (type === undefined) throw new SqlFailure("42883", `no operator ${left.type} ${operator} ${right.type}`);
  const side = (expression: Expression): Expression => {
    const one = settled(expression, type);
    return one.type === type ? one : castTo(one, type, "assignment");
  };
  return [side(left), side(right), type];
}

function equality(type: SqlType): (a: Json, b: Json) => boolean {
  return type === "jsonb" ? (a, b) => equalValues("jsonb", a, b) : (a, b) => a === b;
}

function equalitiesOf(a: Expression, b: Expression): { readonly column: number; readonly value: Expression }[] {
  if (a.column !== undefined && b.isConstant) return [{ column: a.column, value: b }];
  if (b.column !== undefined && a.isConstant) return [{ column: b.column, value: a }];
  return [];
}

function truth(isConstant: boolean, evaluate: (env: Env) => Json): Expression {
  return { type: "bool", name: unnamed, isConstant, evaluate };
}

function comparison(a: Expression, b: Expression, holds: (a: Json, b: Json) => boolean): Expression {
  return truth(a.isConstant && b.isConstant, (env) => {
    const left = a.evaluate(env);
    const right = b.evaluate(env);
    return left === null || right === null ? null : holds(left, right);
  });
}

function arithmetic(operator: "+" | "-", a: Expression, b: Expression, type: SqlType): Expression {
  if (!isInteger(type)) throw arithmeticRefusal(operator, type);
  const evaluate = (env: Env): Json => {
    const left = a.evaluate(env) as number | null;
    const right = b.evaluate(env) as number | null;
    if (left === null || right === null) return null;
    return ranged(type as "int8", operator === "+" ? left + right : left - right);
  };
  return { type, name: unnamed, isConstant: a.isConstant && b.isConstant, evaluate };
}

function arithmeticRefusal(operator: string, type: SqlType): SqlFailure {
  if (type === "jsonb") return unsupported(`operator jsonb ${operator}`);
  return new SqlFailure("42883", `no operator ${type} ${operator} ${type}`);
}

function negated(operator: string, expression: Expression): Expression {
  const { type, evaluate } = expression;
  if (operator !== "-" || !isInteger(type)) throw unsupported(`operator ${operator} before ${type}`);
  const negate = (env: Env): Json => {
    const value = evaluate(env) as number | null;
    return value === null ? null : ranged(type as "int8", 0 - value);
  };
  return { type, name: unnamed, isConstant: expression.isConstant, evaluate: negate };
}

function concatenation(left: Expression, right: Expression): Expression {
  if (left.type === "jsonb" || right.type === "jsonb") throw unsupported("operator || of jsonb");
  const isText = [left, right].some(({ type }) => type === "text" || type === "unknown");
  if (!isText) throw new SqlFailure("42883", `no operator ${left.type} || ${right.type}`);
  const [a, b] = [left, right].map((side) => settled(side, "text")) as [Expression, Expression];
  const evaluate = (env: Env): Json => {
    const [x, y] = [a.evaluate(env), b.evaluate(env)];
    return x === null || y === null ? null : valueText(a.type as SqlType, x) + valueText(b.type as SqlType, y);
  };
  return { type: "text", name: unnamed, isConstant: a.isConstant && b.isConstant, evaluate };
}

function distinct(kind: string, left: Expression, right: Expression): Expression {
  const [a, b, type] = alike("=", left, right);
  const isEqual = equality(type);
  return truth(a.isConstant && b.isConstant, (env) => {
    const [x, y] = [a.evaluate(env), b.evaluate(env)];
    const isSame = x === null || y === null ? x === y : isEqual(x, y);
    return isSame === (kind === "AEXPR_NOT_DISTINCT");
  });
}

function inList(operator: string, left: Expression, list: SqlNode, compile: Compile): Expression {
  if (!("List" in list)) throw unsupported("IN over anything but a list");
  const items = (list.List.items ?? []).map((item) => compile(item));
  const type = commonType([left, ...items]);
  if (type === undefined) throw new SqlFailure("42883", "no common type in the list of IN");
  const equal = items.map((item) => binary("=", settled(left, type), settled(item, type)));
  const found = anyOf(equal);
  return operator === "=" ? found : not(found);
}

type LogicNode = Extract<SqlNode, { BoolExpr: unknown }>["BoolExpr"];

function logic({ boolop, args = [] }: LogicNode, compile: Compile): Expression {
  const parts = args.map((arg) => asCondition(compile(arg)));
  if (boolop === "NOT_EXPR") return not(parts[0]!);
  return boolop === "OR_EXPR" ? anyOf(parts) : allOf(parts);
}

function not({ isConstant, evaluate }: Expression): Expression {
  return truth(isConstant, (env) => {
    const value = evaluate(env);
    return value === null ? null : value !== true;
  });
}

function anyOf(parts: readonly Expression[]): Expression {
  return truth(allConstant(parts), (env) => {
    let result: Json = false;
    for (const { evaluate } of parts) {
      const value = evaluate(env);
      if (value === true) return true;
      if (value === null) result = null;
    }
    return result;
  });
}

function allOf(parts: readonly Expression[]): Expression {
  const evaluate = (env: Env): Json => {
    let result: Json = true;
    for (const part of parts) {
      const value = part.evaluate(env);
      if (value === false) return false;
      if (value === null) result = null;
    }
    return result;
  };
  return { ...truth(allConstant(parts), evaluate), equalities: parts.flatMap((part) => part.equalities ?? []) };
}

function allConstant(parts: readonly Expression[]): boolean {
  return parts.every(({ isConstant }) => isConstant);
}
