import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import type { FaultDefinition, FaultUse, SimDefinition } from "../../../src/runner/definition.ts";
import type { FaultItem, OpItem, Plan } from "../../../src/runner/plan/plan.ts";
import { ShrinkSession } from "../../../src/runner/shrink/session.ts";
import { shrinkValues } from "../../../src/runner/shrink/values.ts";
import { definition, fault, judge, judged, op, plan, type Rule } from "../../support/judged-plan.ts";

const slow: FaultDefinition = {
  id: "disk.slow",
  doc: "",
  witness: "",
  recoverable: true,
  params: {},
  lasts: { min: micros(0), max: micros(1_000_000) },
  inject: () => {},
};

function use(params: FaultUse["params"]): FaultUse {
  return { fault: slow, params, max: 9 };
}

async function shrunk(
  sim: SimDefinition,
  start: Plan,
  fails: (plan: Plan) => boolean,
  maxRuns = 10_000,
): Promise<{ plan: Plan; isChanged: boolean; runs: number; tried: readonly Plan[] }> {
  const rule: Rule = (p) => (fails(p) ? "X" : null);
  const system = judge(rule);
  const session = new ShrinkSession(judged(start, rule), system.run, maxRuns);
  const isChanged = await shrinkValues(sim, session);
  return { plan: session.plan, isChanged, runs: session.runs, tried: system.plans };
}

function valueAt(of: Plan, index: number): any {
  return (of.items[index] as OpItem).value;
}

describe("values of a plan", () => {
  it("end at the least value that fails, in session 0, at time 0", async () => {
    const sim = definition({ ops: { put: fc.nat(500) } });
    const result = await shrunk(sim, plan([op(7_000_000, "put", 321, 3)]), (p) => valueAt(p, 0) >= 42);
    expect(result.plan.items).toEqual([op(0, "put", 42, 0)]);
    expect(result.isChanged).toBe(true);
  });

  it("keep a session that matters, at the lowest number", async () => {
    const sim = definition({ ops: { put: fc.nat() } });
    const start = plan([op(0, "put", 0, 0), op(0, "put", 1, 3)]);
    const result = await shrunk(sim, start, (p) => new Set(p.items.map((item) => (item as OpItem).session)).size === 2);
    expect(result.plan.items.map((item) => (item as OpItem).session)).toEqual([0, 1]);
  });

  it("that must stay together in time become early together", async () => {
    const sim = definition({ ops: { put: fc.nat() } });
    const start = plan([op(5_031_742, "put", 0), op(5_060_007, "read", 0), op(7_000_000, "put", 1)]);
    const result = await shrunk(sim, start, ({ items: [first, second, third] }) => {
      const gap = second!.at - first!.at;
      return gap > 0 && gap < 50_000 && third!.at - second!.at > 300_000;
    });
    const [first, second, third] = result.plan.items.map((item) => item.at);
    expect([first, second]).toEqual([0, 1_000]);
    expect(third).toBeLessThan(400_000);
  });

  it("shrink each parameter of a fault and its window", async () => {
    const sim = definition({
      faults: [use({ host: fc.constantFrom("a", "b"), ms: fc.integer({ min: 10, max: 500 }) })],
    });
    const start = plan([fault(5_000_000, 6_000_000, "disk.slow", { host: "b", ms: 480 })]);
    const result = await shrunk(sim, start, (p) => ((p.items[0] as FaultItem).params["ms"] as number) >= 30);
    expect(result.plan.items).toEqual([fault(0, 0, "disk.slow", { host: "a", ms: 30 })]);
  });

  it("shrink knobs", async () => {
    const sim = definition({ knobs: { cache: fc.nat(100), mode: fc.constantFrom("on", "off") } });
    const result = await shrunk(sim, plan([], { cache: 77, mode: "off" }), (p) => p.knobs["mode"] === "off");
    expect(result.plan.knobs).toEqual({ cache: 0, mode: "off" });
  });

  it("are only ever ones that their arbitrary can draw", async () => {
    const pairs = fc.nat(300).map((n) => ({ n, square: n * n }));
    const sim = definition({ ops: { pair: pairs } });
    const start = plan([op(0, "pair", { n: 250, square: 62_500 })]);
    const result = await shrunk(sim, start, (p) => valueAt(p, 0).square >= 100);
    for (const { items } of result.tried) {
      const { n, square } = (items[0] as OpItem).value as { n: number; square: number };
      expect(square).toBe(n * n);
    }
    expect(valueAt(result.plan, 0)).toEqual({ n: 10, square: 100 });
  });

  it("of an op that the scenario no longer has shrink as JSON", async () => {
    const start = plan([op(0, "gone", { a: [1, 2, 3], b: "text" })]);
    const result = await shrunk(definition(), start, (p) => valueAt(p, 0).a?.includes(3));
    expect(valueAt(result.plan, 0)).toEqual({ a: [3] });
  });

  it("are found even behind many candidates in a row that pass", async () => {
    const isKept = (list: number[]): boolean => list.length === 30 && list.slice(0, 29).every((n) => n === 1);
    const start = plan([op(0, "gone", [...Array.from({ length: 29 }, () => 1), 9])]);
    const result = await shrunk(definition(), start, (p) => isKept(valueAt(p, 0)));
    expect(valueAt(result.plan, 0).at(-1)).toBe(0);
  });

  it("of a fault that the scenario no longer uses shrink as JSON", async () => {
    const start = plan([fault(5_000_000, 6_000_000, "gone", { ms: 480 })]);
    const result = await shrunk(definition(), start, (p) => ((p.items[0] as FaultItem).params["ms"] as number) >= 30);
    expect(result.plan.items).toEqual([fault(0, 0, "gone", { ms: 30 })]);
  });

  it("do not change a plan that is as simple as can be, and say so", async () => {
    const start = plan([op(0, "put", 5, 0)]);
    const result = await shrunk(definition({ ops: { put: fc.nat(9) } }), start, (p) => valueAt(p, 0) === 5);
    expect(result.isChanged).toBe(false);
    expect(result.plan).toBe(start);
  });

  it("stop at the budget, with a plan that still fails", async () => {
    const ops = Array.from({ length: 10 }, (_, index) => op(index, "put", 400));
    const fails = (p: Plan): boolean => p.items.every((item) => ((item as OpItem).value as number) >= 3);
    const result = await shrunk(definition({ ops: { put: fc.nat(500) } }), plan(ops), fails, 17);
    expect(result.runs).toBe(17);
    expect(fails(result.plan)).toBe(true);
  });

  it("end even where an arbitrary calls two values simpler than each other", async () => {
    const circular = fc.oneof({ withCrossShrink: true }, fc.constantFrom(1, 2), fc.constantFrom(2, 1));
    const result = await shrunk(definition({ ops: { put: circular } }), plan([op(0, "put", 2)]), () => true);
    expect(result.runs).toBeLessThan(10);
  });

  it("are a local minimum for any thresholds, with items kept in order", async () => {
    const sim = definition({ ops: { put: fc.nat(1_000) } });
    const items = fc.array(fc.record({ at: fc.nat(9_999_999), value: fc.nat(1_000), least: fc.nat(1_000) }), {
      minLength: 1,
      maxLength: 5,
    });
    await fc.assert(
      fc.asyncProperty(items, async (drawn) => {
        const sorted = drawn.toSorted((a, b) => a.at - b.at);
        const start = plan(sorted.map(({ at, value }) => op(at, "put", value)));
        // Monotone in the sum, so that lowering one value may be paid for by another.
        const least = Math.min(...sorted.map((entry) => entry.least), 500);
        const sum = (p: Plan): number => p.items.reduce((total, item) => total + ((item as OpItem).value as number), 0);
        const needed = Math.min(least, sum(start));
        const result = await shrunk(sim, start, (p) => sum(p) >= needed);
        expect(sum(result.plan)).toBe(needed);
        for (const { items: tried } of result.tried) {
          expect(tried.map((item) => item.at)).toEqual(tried.map((item) => item.at).toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 50 },
    );
  });
});
