import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import type { FaultUse } from "../../../src/runner/definition.ts";
import { explain } from "../../../src/runner/shrink/explain.ts";
import type { ItemExplanation } from "../../../src/runner/finding/finding.ts";
import type { FaultItem, OpItem, Plan } from "../../../src/runner/plan/plan.ts";
import { definition, fault, judge, judged, op, plan, type Rule } from "../../support/judged-plan.ts";

const slow: FaultUse = {
  fault: {
    id: "disk.slow",
    doc: "",
    witness: "",
    recoverable: true,
    params: {},
    lasts: { min: micros(0), max: micros(1_000_000) },
    inject: () => {},
  },
  params: { host: fc.constantFrom("a", "b"), ms: fc.integer({ min: 10, max: 500 }) },
  max: 9,
};

const sim = definition({ ops: { put: fc.nat(99), read: fc.constant(null) }, faults: [slow] });

async function explained(
  start: Plan,
  fails: (plan: Plan) => boolean,
  options: Partial<Parameters<typeof explain>[3]> = {},
): Promise<{ explanation: readonly ItemExplanation[]; runs: number; tried: readonly Plan[] }> {
  const rule: Rule = (p) => (fails(p) ? "S-1" : null);
  const system = judge(rule);
  const result = await explain(sim, judged(start, rule), system.run, { maxRuns: 500, ...options });
  expect(result.runs).toBe(system.plans.length);
  return { ...result, tried: system.plans };
}

const valueOf = (p: Plan): any => (p.items[0] as OpItem).value;

describe("an explanation of values", () => {
  it("says any where every other value fails as well", async () => {
    const { explanation } = await explained(plan([op(5, "put", 7)]), () => true);
    expect(explanation[0]).toMatchObject({ item: 0, values: "any" });
    expect(explanation[0]?.valuesTried).toBeGreaterThan(3);
  });

  it("says only where no other value fails", async () => {
    const { explanation } = await explained(plan([op(5, "put", 7)]), (p) => valueOf(p) === 7);
    expect(explanation[0]).toMatchObject({ values: "only" });
    expect(explanation[0]?.valuesTried).toBeGreaterThan(3);
  });

  it("says some where some other values fail", async () => {
    const { explanation } = await explained(plan([op(5, "put", 7)]), (p) => valueOf(p) < 50);
    expect(explanation[0]).toMatchObject({ values: "some" });
  });

  it("says none where there is nothing to vary", async () => {
    const { explanation } = await explained(plan([op(5, "read")]), () => true);
    expect(explanation[0]).toMatchObject({ values: "none", valuesTried: 0 });
  });

  it("takes other values from the caller, never the value itself, each once", async () => {
    const { explanation, tried } = await explained(plan([op(0, "put", 7)]), (p) => [7, 8].includes(valueOf(p)), {
      draw: (item, k) => (item.kind === "op" ? [7, 8, 9, 8][k % 4]! : {}),
    });
    expect(explanation[0]).toMatchObject({ values: "some", valuesTried: 2 });
    expect(tried.map(valueOf).filter((value) => value !== 7)).toEqual([8, 9]);
  });

  it("varies a fault's parameters within their range", async () => {
    const start = plan([fault(0, 10, "disk.slow", { host: "a", ms: 30 })]);
    const { explanation, tried } = await explained(
      start,
      (p) => ((p.items[0] as FaultItem).params["ms"] as number) > 20,
    );
    expect(explanation[0]?.valuesTried).toBeGreaterThan(3);
    for (const { items } of tried) {
      const params = (items[0] as FaultItem).params as { host: string; ms: number };
      expect(Object.keys(params)).toEqual(["host", "ms"]);
      expect(["a", "b"]).toContain(params.host);
      expect(params.ms).toSatisfy((ms: number) => ms >= 10 && ms <= 500);
    }
  });

  it("varies the values of an op that the scenario no longer has by bisection", async () => {
    const { explanation } = await explained(plan([op(0, "gone", [1, 2])]), (p) => valueOf(p).length > 0);
    expect(explanation[0]).toMatchObject({ values: "some" });
  });
});

describe("an explanation of times", () => {
  it("finds the window in which the plan still fails, narrow or wide", async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(9_999_999), fc.nat(9_999_999), fc.nat(9_999_999), async (a, b, c) => {
        const [from, at, to] = [a, b, c].toSorted((x, y) => x - y) as [number, number, number];
        const { explanation } = await explained(
          plan([op(at, "read")]),
          (p) => p.items[0]!.at >= from && p.items[0]!.at <= to,
        );
        const { earliest, latest } = explanation[0]!;
        expect(earliest).toSatisfy((t: number) => t >= from && t - from <= 1_000 + (at - from) / 16);
        expect(latest).toSatisfy((t: number) => t <= to && to - t <= 1_000 + (to - at) / 16);
      }),
    );
  });

  it("is the time itself where no other one fails", async () => {
    const { explanation } = await explained(plan([op(4_000_000, "read")]), (p) => p.items[0]!.at === 4_000_000);
    expect(explanation[0]).toMatchObject({ earliest: 4_000_000, latest: 4_000_000 });
    expect(explanation[0]?.timesTried).toBeGreaterThan(4);
  });

  it("needs two runs where the time does not matter", async () => {
    const { explanation, runs } = await explained(plan([op(4_000_000, "read")]), () => true);
    expect(explanation[0]).toMatchObject({ earliest: 0, latest: 9_999_999, timesTried: 2 });
    expect(runs).toBe(2);
  });

  it("moves a fault as a whole, and only to where plans may have it", async () => {
    const start = plan([fault(4_000_000, 6_000_000, "disk.slow", {})]);
    const { explanation, tried } = await explained(start, () => true);
    expect(explanation[0]).toMatchObject({ earliest: 0, latest: 9_000_000 });
    const moved = tried.map((p) => p.items[0] as FaultItem);
    expect(moved.map(({ at, until }) => [at, until])).toEqual([
      [0, 2_000_000],
      [9_000_000, 10_000_000],
    ]);
  });

  it("keeps plans sorted when an item moves past another one", async () => {
    const start = plan([op(1_000_000, "put", 1), op(2_000_000, "put", 2)]);
    const { tried } = await explained(start, () => true);
    expect(tried.some(({ items }) => valueOf({ ...start, items }) === 2)).toBe(true);
    for (const { items } of tried) expect(items[0]!.at).toBeLessThanOrEqual(items[1]!.at);
  });
});

describe("explaining", () => {
  it("shares its runs evenly between the items", async () => {
    const items = Array.from({ length: 5 }, (_, index) => op((index + 1) * 1_000_000, "put", index));
    const { explanation, runs } = await explained(
      plan(items),
      (p) => p.items.every((item, index) => item.at === (index + 1) * 1_000_000),
      {
        maxRuns: 20,
      },
    );
    expect(runs).toBe(20);
    expect(explanation.map(({ valuesTried, timesTried }) => valuesTried + timesTried)).toEqual([4, 4, 4, 4, 4]);
  });

  it("makes no run without a budget, and claims nothing", async () => {
    const { explanation, runs } = await explained(plan([op(5, "put", 7)]), () => true, { maxRuns: 0 });
    expect(runs).toBe(0);
    expect(explanation).toEqual([{ item: 0, values: "none", valuesTried: 0, earliest: 5, latest: 5, timesTried: 0 }]);
  });

  it("counts a failure with another signature as none", async () => {
    const rule: Rule = (p) => (valueOf(p) === 7 ? "S-1" : "S-2");
    const start = plan([op(0, "put", 7)]);
    const { explanation } = await explain(sim, judged(start, rule), judge(rule).run, { maxRuns: 100 });
    expect(explanation[0]).toMatchObject({ values: "only" });
  });

  it("is the same every time", async () => {
    const start = plan([op(3, "put", 7), fault(9, 20, "disk.slow", { host: "a", ms: 30 })]);
    const fails = (p: Plan): boolean => valueOf(p) !== 0;
    expect(await explained(start, fails)).toEqual(await explained(start, fails));
  });
});
