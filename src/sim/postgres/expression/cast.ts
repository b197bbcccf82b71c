/** Casts: which there are, and where they happen by themselves. */
import type { Json } from "../../../base/json.ts";
import type { Expression } from "./expression.ts";
import { SqlFailure, unsupported } from "../sql-failure.ts";
import { isInteger, parseValue, ranged, valueText, type SqlType } from "./value.ts";

/** `assignment`: into a column; `explicit`: written down. */
export type CastContext = "assignment" | "explicit";

/** The expression in a type; fails with 42804 or 42846 when there is no such cast. */
export function castTo(expression: Expression, type: SqlType, context: CastContext): Expression {
  const settledOne = settled(expression, type);
  const from = settledOne.type as SqlType;
  if (from === type) return settledOne;
  const cast = castBetween(from, type, context);
  if (cast === undefined) {
    throw new SqlFailure(context === "explicit" ? "42846" : "42804", `no cast from ${from} to ${type}`);
  }
  const { evaluate } = settledOne;
  return {
    type,
    name: settledOne.name,
    isConstant: settledOne.isConstant,
    evaluate: (env) => {
      const value = evaluate(env);
      return value === null ? null : cast(value);
    },
  };
}

/** An expression of unknown type takes this one; others stay as they are. */
export function settled(expression: Expression, type: SqlType): Expression {
  return expression.settle === undefined ? expression : expression.settle(type);
}

/** An expression that is used as a condition, which must be a bool. */
export function asCondition(expression: Expression): Expression {
  const condition = settled(expression, "bool");
  if (condition.type !== "bool") throw new SqlFailure("42804", `a condition is a bool, not ${condition.type}`);
  return condition;
}

/** The type that all of them can have by themselves; undefined when there is none. Text when nothing says otherwise. */
export function commonType(expressions: readonly Expression[]): SqlType | undefined {
  let common: SqlType | undefined;
  for (const { type } of expressions) {
    if (type === "unknown" || type === common) continue;
    if (common === undefined) common = type;
    else if (isInteger(common) && isInteger(type)) common = "int8";
    else return undefined;
  }
  return common ?? "text";
}

function castBetween(from: SqlType, to: SqlType, context: CastContext): ((value: Json) => Json) | undefined {
  if (isInteger(from) && isInteger(to)) return (value) => ranged(to as "int4", value as number);
  if (to === "text") return (value) => valueText(from, value);
  if (context === "assignment") return undefined;
  if (from === "text") return (value) => parseValue(to, value as string);
  if (from === "int4" && to === "bool") return (value) => value !== 0;
  if (from === "bool" && to === "int4") return (value) => (value === true ? 1 : 0);
  if (from === "jsonb") throw unsupported(`a cast from jsonb to ${to}`);
  return undefined;
}
