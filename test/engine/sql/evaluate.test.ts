/** Scalars: three-valued logic, integers within 53 bits, errors as values. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Datum } from "../../../src/engine/collection.ts";
import { evaluate, isEvaluationError, type Evaluated } from "../../../src/engine/sql/evaluate.ts";
import type { Scalar, ScalarFunction } from "../../../src/engine/sql/plan.ts";

const literal = (value: Datum): Scalar => ({ kind: "literal", value });
const call = (fn: ScalarFunction, ...args: readonly (Datum | Scalar)[]): Scalar => ({
  kind: "call",
  fn,
  args: args.map((arg) => (typeof arg === "object" && arg !== null ? arg : literal(arg))),
});
const broken = call("/", 1, 0);
const code = (value: Evaluated) => (isEvaluationError(value) ? value.code : value);
const max = Number.MAX_SAFE_INTEGER;

describe("evaluation", () => {
  it.each<[ScalarFunction, readonly (Datum | Scalar)[], Datum | string]>([
    ["and", [true, true, true], true],
    ["and", [true, null], null],
    ["and", [null, false], false],
    ["and", [broken, false], false],
    ["and", [false, broken], false],
    ["and", [null, broken], "22012"],
    ["and", [broken, true], "22012"],
    ["or", [false, false], false],
    ["or", [false, null], null],
    ["or", [null, true], true],
    ["or", [broken, true], true],
    ["or", [broken, null], "22012"],
    ["not", [true], false],
    ["not", [null], null],
    ["not", [call("=", broken, 1)], "22012"],
    ["is-null", [null], true],
    ["is-null", [0], false],
    ["is-null", [broken], "22012"],
    ["coalesce", [null, 2, broken], 2],
    ["coalesce", [null, broken, 2], "22012"],
    ["coalesce", [null, null], null],
    ["=", [null, null], null],
    ["=", ["a", "a"], true],
    ["<>", [1, 2], true],
    ["<", [false, true], true],
    ["<", ["B", "a"], true],
    [">=", [2, 2], true],
    ["+", [null, broken], "22012"],
    ["||", ["a", null], null],
    ["||", ["a", ""], "a"],
    ["/", [-7, 2], -3],
    ["%", [-7, 2], -1],
    ["/", [null, 0], null],
    ["%", [1, 0], "22012"],
    ["/", [max, -1], -max],
    ["+", [max, 1], "22003"],
    ["-", [-max, 1], "22003"],
    ["*", [94906267, 94906267], "22003"],
    ["*", [94906265, 94906265], 9007199136250225],
    ["negate", [null], null],
    ["negate", [-max], max],
  ])("%s of %j is %j", (fn, args, expected) => {
    expect(code(evaluate(call(fn, ...args), []))).toBe(expected);
  });

  it("columns come from the row", () => {
    expect(evaluate(call("+", { kind: "column", index: 1 }, 1), ["x", 2])).toBe(3);
  });

  it("no operation makes a negative zero, which would be another zero in keys", () => {
    const zeros = [
      call("negate", 0),
      call("*", 0, -1),
      call("/", 0, -5),
      call("%", -4, 2),
      call("-", 0, 0),
      call("/", -1, 2),
    ];
    expect(zeros.map((scalar) => Object.is(evaluate(scalar, []), 0))).toEqual(zeros.map(() => true));
  });

  it("arithmetic is exact or an error", () => {
    const exact = {
      "+": (a: bigint, b: bigint) => a + b,
      "-": (a: bigint, b: bigint) => a - b,
      "*": (a: bigint, b: bigint) => a * b,
      "/": (a: bigint, b: bigint) => a / b,
      "%": (a: bigint, b: bigint) => a % b,
    };
    const operand = fc.oneof(
      fc.maxSafeInteger(),
      fc.integer({ min: -200_000_000, max: 200_000_000 }),
      fc.integer({ min: -5, max: 5 }),
    );
    const operator = fc.constantFrom("+", "-", "*", "/", "%");
    fc.assert(
      fc.property(operator, operand, operand, (fn, a, b) => {
        const divides = fn === "/" || fn === "%";
        const result = divides && b === 0 ? undefined : exact[fn](BigInt(a), BigInt(b));
        const isSafe = result !== undefined && result >= -BigInt(max) && result <= BigInt(max);
        const expected = result === undefined ? "22012" : isSafe ? Number(result) : "22003";
        expect(code(evaluate(call(fn, a, b), []))).toBe(expected);
      }),
      { numRuns: 2000, seed: 6 },
    );
  });
});
