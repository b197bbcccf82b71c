import fc, { type Arbitrary } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { drawnValues, isSimpler, simplerValues } from "../../../src/runner/shrink/candidates.ts";

/** Where a descent ends that takes the first candidate that fails, again and again. */
function descend(value: Json, arbitrary: Arbitrary<Json> | undefined, fails: (value: any) => boolean): Json {
  let current = value;
  let candidates = simplerValues(value, arbitrary);
  for (;;) {
    const next = [...candidates].find((candidate) => fails(candidate.value));
    if (next === undefined) return current;
    current = next.value;
    candidates = next.simpler();
  }
}

function all(value: Json, arbitrary: Arbitrary<Json> | undefined): readonly Json[] {
  return [...simplerValues(value, arbitrary)].map((candidate) => candidate.value);
}

describe("simpler values", () => {
  it("stay within the range of their arbitrary", () => {
    const range = fc.integer({ min: 10, max: 500 });
    expect(all(300, range)).not.toHaveLength(0);
    for (const value of all(300, range)) expect(value).toSatisfy((n: number) => n >= 10 && n < 300);
  });

  it("find the least integer that still fails", () => {
    fc.assert(
      fc.property(fc.nat(1_000), fc.nat(1_000), (a, b) => {
        const [least, from] = [Math.min(a, b), Math.max(a, b)];
        expect(descend(from, fc.nat(1_000), (value) => value >= least)).toBe(least);
      }),
    );
  });

  it("shrink every part of a record by itself", () => {
    const record = fc.record({ customer: fc.nat(5), amount: fc.integer() });
    expect(descend({ customer: 3, amount: -700 }, record, (value) => value.amount <= -7)).toEqual({
      customer: 0,
      amount: -7,
    });
  });

  it("are none for the simplest value", () => {
    expect(all(0, fc.nat(9))).toEqual([]);
    expect(all("a", fc.constantFrom("a", "b"))).toEqual([]);
  });

  it("are other draws where an arbitrary cannot shrink, and only values it can draw", () => {
    const even = fc.nat(1_000).map((half) => half * 2);
    const found = descend(1_842, even, (value) => value >= 400);
    expect(found).toBe(400);
    for (const value of all(1_842, even)) expect(value).toSatisfy((n: number) => n % 2 === 0 && isSimpler(n, 1_842));
  });

  it("bisect the JSON where there is no arbitrary", () => {
    const start = { list: [5, 600, 7], text: "needle in a haystack", flag: true };
    const found = descend(
      start,
      undefined,
      (value) => value.list?.some((n: number) => n > 40) && value.text?.includes("needle"),
    );
    expect(found).toEqual({ list: [41], text: "needle" });
  });

  it("turn a negative number without an arbitrary positive before they halve it", () => {
    expect(all(-9, undefined)).toEqual([0, 9, -5, -7, -8]);
  });

  it("leave out what JSON cannot hold", () => {
    const odd = fc.oneof(fc.constant(Number.NaN), fc.constant(1)) as Arbitrary<Json>;
    expect(drawnValues(odd, 20)).toEqual([1]);
  });

  it("leave out what JSON turns into a value that the arbitrary does not know", () => {
    const optional = fc.option(fc.nat(9), { nil: undefined }) as Arbitrary<Json>;
    expect(all(7, optional)).toContain(0);
    expect(all(7, optional)).not.toContain(null);
  });

  it("are the same every time", () => {
    const text = fc.string().map((drawn) => ({ text: drawn }));
    const value = { text: "a text that is longer than most" };
    expect(all(value, text)).toEqual(all(value, text));
    expect(all(value, text).length).toBeGreaterThan(0);
  });
});

describe("simplicity", () => {
  it("is a strict order", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const [left, right] = [JSON.parse(JSON.stringify(a)) as Json, JSON.parse(JSON.stringify(b)) as Json];
        expect(isSimpler(left, left)).toBe(false);
        expect(isSimpler(left, right) && isSimpler(right, left)).toBe(false);
      }),
    );
  });
});
