import fc from "fast-check";
import type { Arbitrary } from "fast-check";
import type { Json } from "../../../src/base/json.ts";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import { drawValue, drawWithin } from "../../../src/runner/plan/draw.ts";
import { valueProblem } from "../../../src/runner/plan/json.ts";
import { nextSeed, stream } from "../../../src/runner/plan/seed.ts";
import { anySeed } from "./plan-fixture.ts";

const draw = (arbitrary: Arbitrary<any>, seed: string): Json => drawValue(arbitrary, stream(seed, "value"), "op put");

const arbitraries: Record<string, Arbitrary<any>> = {
  "whole numbers": fc.integer(),
  texts: fc.string({ unit: "binary" }),
  objects: fc.record({ a: fc.nat(), b: fc.array(fc.boolean()) }),
  "chained ones": fc.nat(9).chain((n) => fc.array(fc.constant(n), { maxLength: n })),
  "cloning ones": fc.uniqueArray(fc.oneof(fc.nat(5), fc.string())),
  "recursive ones": fc.jsonValue(),
  "generated ones": fc.gen().map((generate) => [generate(fc.nat, { max: 9 }), generate(fc.boolean)]),
};

describe("drawing a value", () => {
  it.each(Object.keys(arbitraries))("gives the same %s for the same stream, always as plain JSON", (name) => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        const value = draw(arbitraries[name]!, seed);
        expect(draw(arbitraries[name]!, seed)).toEqual(value);
        expect(JSON.parse(JSON.stringify(value))).toEqual(value);
        expect(valueProblem(value)).toBeUndefined();
      }),
    );
  });

  it("draws nothing but what the arbitrary allows, from its lowest to its highest value", () => {
    const seen = new Set<number>();
    for (let k = 0; k < 500; k++) seen.add(draw(fc.integer({ min: -3, max: 3 }), nextSeed("0", k)) as number);
    expect([...seen].toSorted((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2, 3]);
  });

  it("uses more than 32 bits of the seed", () => {
    const seen = new Set<string>();
    for (let high = 0; high < 200; high++) seen.add(JSON.stringify(draw(fc.maxSafeInteger(), nextSeed("0", high))));
    expect(seen.size).toBeGreaterThan(150);
  });

  it("prefers edge values in a part of the draws only", () => {
    let edges = 0;
    for (let k = 0; k < 1_000; k++) {
      const value = draw(fc.integer({ min: 0, max: 1_000_000 }), nextSeed("0", k)) as number;
      if (value < 50 || value > 999_950) edges++;
    }
    expect(edges).toBeGreaterThan(100);
    expect(edges).toBeLessThan(500);
  });

  it("leaves out members named __proto__, which no file may hold", () => {
    const arbitrary = fc.constant(JSON.parse('{"a": [{"__proto__": 1, "b": 2}], "__proto__": {}}'));
    expect(draw(arbitrary, "0")).toEqual({ a: [{ b: 2 }] });
  });

  it.each<[string, Arbitrary<any>, string]>([
    ["a Map", fc.constant({ a: [new Map()] }), "op put: $.a[0] is a Map"],
    ["a bigint", fc.bigInt(), "op put: $ is a bigint"],
    ["NaN", fc.constant({ x: Number.NaN }), "op put: $.x is NaN"],
    ["a long text", fc.constant("x".repeat(10_001)), "(10001 characters); allowed: texts of up to 10000 characters"],
    ["a deep value", fc.constant(nested(33)), "allowed: values nested up to 32 levels deep"],
    ["a bottomless value", fc.constant(nested(50_000)), "op put: "],
    ["an arbitrary that throws", fc.nat().map(() => JSON.parse("{") as Json), "op put: the arbitrary threw"],
    ["no arbitrary", 5 as never, "op put: no fast-check arbitrary"],
    ["nothing", undefined as never, "op put: no fast-check arbitrary"],
  ])("refuses %s and says where", (_, arbitrary, message) => {
    expect(() => draw(arbitrary, "0")).toThrow(UsageError);
    expect(() => draw(arbitrary, "0")).toThrow(message);
  });
});

describe("drawing a whole number", () => {
  it("stays within its limits, however far apart", () => {
    fc.assert(
      fc.property(anySeed, fc.maxSafeNat(), fc.maxSafeNat(), (seed, a, b) => {
        const value = drawWithin(stream(seed, "n"), Math.min(a, b), Math.max(a, b));
        expect(Number.isSafeInteger(value)).toBe(true);
        expect(value).toBeGreaterThanOrEqual(Math.min(a, b));
        expect(value).toBeLessThanOrEqual(Math.max(a, b));
      }),
    );
  });

  it.each([10, 2 ** 40])("is even over [0, %d)", (n) => {
    const source = stream("0", "even");
    const buckets = new Array<number>(10).fill(0);
    for (let k = 0; k < 10_000; k++) buckets[Math.floor((drawWithin(source, 0, n - 1) * 10) / n)]! += 1;
    for (const count of buckets) expect(Math.abs(count - 1_000)).toBeLessThan(150);
  });
});

function nested(depth: number): Json {
  let value: Json = 0;
  for (let level = 0; level < depth; level++) value = [value];
  return value;
}
