/** Expressions to scalars, with their types. What names mean is up to the caller; what operators take is decided here. */
import type { ColumnType } from "../../collection.ts";
import type { Scalar, ScalarFunction } from "../plan.ts";
import type { Expression } from "../syntax/statement.ts";
import { SqlError, sqlStates } from "../sql-error.ts";

/** `type` is undefined for what is NULL in every type. */
export interface TypedScalar {
  readonly scalar: Scalar;
  readonly type: ColumnType | undefined;
}

/** Meaning of an expression where it stands; undefined: that of its parts. Must decide on columns and aggregates. */
export type Leaf = (expression: Expression) => TypedScalar | undefined;

type CallExpression = Extract<Expression, { kind: "call" }>;

/** Plans an expression. 42883 or 42804 with the position of what does not fit. */
export function planExpression(expression: Expression, leaf: Leaf): TypedScalar {
  const meant = leaf(expression);
  if (meant !== undefined) return meant;
  if (expression.kind === "literal") {
    const { value } = expression;
    return { scalar: { kind: "literal", value }, type: value === null ? undefined : literalType(value) };
  }
  if (expression.kind === "call") return planCall(expression, leaf);
  throw new SqlError(sqlStates.ungrouped, `${expression.kind} has no meaning here`, { position: expression.position });
}

/** Plans a condition: of type bool, or NULL. `place` is the clause, for the message. */
export function planCondition(expression: Expression, leaf: Leaf, place: string): Scalar {
  const { scalar, type } = planExpression(expression, leaf);
  if (type === undefined || type === "bool") return scalar;
  throw new SqlError(sqlStates.wrongType, `argument of ${place} must be of type bool, not ${type}`, {
    position: expression.position,
  });
}

/** A column's reference with its type. */
export function columnScalar(index: number, type: ColumnType | undefined): TypedScalar {
  return { scalar: { kind: "column", index }, type };
}

/** Parts that AND holds together, at the top. */
export function conjuncts(expression: Expression | undefined): readonly Expression[] {
  if (expression === undefined) return [];
  return expression.kind === "call" && expression.fn === "and" ? expression.args.flatMap(conjuncts) : [expression];
}

/** Whether an aggregate stands anywhere in an expression. */
export function hasAggregate(expression: Expression): boolean {
  if (expression.kind === "aggregate") return true;
  return expression.kind === "call" && expression.args.some(hasAggregate);
}

function literalType(value: boolean | number | string): ColumnType {
  if (typeof value === "boolean") return "bool";
  return typeof value === "number" ? "int" : "text";
}

function planCall(expression: CallExpression, leaf: Leaf): TypedScalar {
  const { fn } = expression;
  const args = expression.args.map((arg) => planExpression(arg, leaf));
  const types = args.map(({ type }) => type);
  return { scalar: { kind: "call", fn, args: args.map(({ scalar }) => scalar) }, type: resultType(expression, types) };
}

type Types = readonly (ColumnType | undefined)[];

const operands: Readonly<Partial<Record<ScalarFunction, ColumnType>>> = {
  "+": "int",
  "-": "int",
  "*": "int",
  "/": "int",
  "%": "int",
  negate: "int",
  "||": "text",
};

function resultType(expression: CallExpression, types: Types): ColumnType | undefined {
  const { fn, args } = expression;
  switch (fn) {
    case "and":
    case "or":
    case "not":
      args.forEach((arg, index) => checkBool(types[index], arg, fn));
      return "bool";
    case "is-null":
      return "bool";
    case "coalesce":
      return oneType(types, "COALESCE", expression.position);
    case "mz_panic":
      if (types[0] === undefined || types[0] === "text") return "text";
      throw new SqlError(sqlStates.noSuchOperator, `function mz_panic(${types[0]}) does not exist`, {
        position: expression.position,
      });
    case "=":
    case "<>":
    case "<":
    case "<=":
    case ">":
    case ">=":
      if (new Set(types.filter((type) => type !== undefined)).size > 1) throw noOperator(expression, types);
      return "bool";
    default: {
      const operand = operands[fn];
      if (types.some((type) => type !== undefined && type !== operand)) throw noOperator(expression, types);
      return operand;
    }
  }
}

/** The one type among several, NULLs aside; 42804 when there are two. */
export function oneType(types: Types, place: string, position: number | undefined): ColumnType | undefined {
  const [first, second] = new Set(types.filter((type) => type !== undefined));
  if (second === undefined) return first;
  throw new SqlError(sqlStates.wrongType, `${place} types ${first!} and ${second} cannot be matched`, { position });
}

function checkBool(type: ColumnType | undefined, { position }: Expression, fn: ScalarFunction): void {
  if (type === undefined || type === "bool") return;
  throw new SqlError(sqlStates.wrongType, `argument of ${fn.toUpperCase()} must be of type bool, not ${type}`, {
    position,
  });
}

function noOperator({ fn, position }: CallExpression, types: Types): SqlError {
  const [left, right] = types.map((type) => type ?? "unknown");
  const shown = right === undefined ? `- ${left!}` : `${left!} ${fn} ${right}`;
  return new SqlError(sqlStates.noSuchOperator, `operator does not exist: ${shown}`, {
    detail: "Both sides must be of one type that the operator takes; there are no casts.",
    position,
  });
}
