/**
 * Scalars over a row, with SQL's three-valued logic. Errors are values here and in the data. The outcome of AND and OR
 * does not depend on the order of their arguments: what decides them (false, true) beats an error, an error beats NULL.
 * COALESCE looks at its arguments from left to right, up to the first that is not NULL. All others look at all arguments;
 * the first error is theirs, then NULL.
 */
import type { Datum, Row } from "../collection.ts";
import type { Scalar, ScalarFunction } from "./plan.ts";
import { never } from "../../base/never.ts";
import { sqlStates } from "./sql-error.ts";

/**
 * An evaluation that failed, the same for the same row always: 22012 division by zero, 22003 out of range, and XX000 of
 * `mz_panic(text)`, a function for tests: whoever evaluates for a replica ends its process instead of going on with that.
 */
export interface EvaluationError {
  readonly code: string;
  readonly message: string;
}

export type Evaluated = Datum | EvaluationError;

const divisionByZero: EvaluationError = { code: sqlStates.divisionByZero, message: "division by zero" };
const outOfRange: EvaluationError = { code: sqlStates.outOfRange, message: "integer out of range" };

/** Code of what `mz_panic` makes of a text that is not NULL. */
export const panicCode = "XX000";

/** Whether an evaluation failed. */
export function isEvaluationError(value: Evaluated): value is EvaluationError {
  return typeof value === "object" && value !== null;
}

/** The value of a scalar over a row, or its error. Pure; never throws for plans that planning made. */
export function evaluate(scalar: Scalar, row: Row): Evaluated {
  switch (scalar.kind) {
    case "column":
      return row[scalar.index]!;
    case "literal":
      return scalar.value;
    case "call":
      return call(scalar.fn, scalar.args, row);
  }
}

function call(fn: ScalarFunction, args: readonly Scalar[], row: Row): Evaluated {
  if (fn === "and") return decided(args, row, false);
  if (fn === "or") return decided(args, row, true);
  if (fn === "coalesce") return firstKnown(args, row);
  const first = evaluate(args[0]!, row);
  if (isEvaluationError(first)) return first;
  if (fn === "is-null") return first === null;
  if (fn === "mz_panic") return first === null ? null : { code: panicCode, message: `mz_panic: ${String(first)}` };
  if (fn === "not") return first === null ? null : !first;
  // `0 - x`, for `-x` would make a negative zero.
  if (fn === "negate") return first === null ? null : 0 - (first as number);
  const second = evaluate(args[1]!, row);
  if (isEvaluationError(second)) return second;
  if (first === null || second === null) return null;
  return binary(fn, first, second);
}

/** AND when `decisive` is false, OR when it is true. */
function decided(args: readonly Scalar[], row: Row, decisive: boolean): Evaluated {
  let error: EvaluationError | undefined;
  let hasNull = false;
  for (const arg of args) {
    const value = evaluate(arg, row);
    if (value === decisive) return decisive;
    if (isEvaluationError(value)) error ??= value;
    else if (value === null) hasNull = true;
  }
  return error ?? (hasNull ? null : !decisive);
}

function firstKnown(args: readonly Scalar[], row: Row): Evaluated {
  for (const arg of args) {
    const value = evaluate(arg, row);
    if (value !== null) return value;
  }
  return null;
}

type BinaryFunction = Exclude<ScalarFunction, "and" | "or" | "not" | "is-null" | "coalesce" | "negate" | "mz_panic">;
type Known = boolean | number | string;

function binary(fn: BinaryFunction, a: Known, b: Known): Evaluated {
  switch (fn) {
    case "=":
      return a === b;
    case "<>":
      return a !== b;
    case "<":
      return a < b;
    case "<=":
      return a <= b;
    case ">":
      return a > b;
    case ">=":
      return a >= b;
    case "||":
      return `${a as string}${b as string}`;
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(fn, a as number, b as number);
    default:
      return never(fn);
  }
}

/** A result that is exact is a safe integer; one that is not lies at 2^53 or beyond, so that it is never taken for one. */
function arithmetic(fn: "+" | "-" | "*" | "/" | "%", a: number, b: number): Evaluated {
  if (fn === "/" || fn === "%") {
    if (b === 0) return divisionByZero;
    const rest = a % b;
    // Towards zero; a division without rest is exact. Adding zero turns a negative zero into zero.
    return fn === "%" ? rest + 0 : (a - rest) / b + 0;
  }
  const result = fn === "+" ? a + b : fn === "-" ? a - b : a * b;
  return Number.isSafeInteger(result) ? result + 0 : outOfRange;
}
