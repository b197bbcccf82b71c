import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText } from "../../../src/base/hash.ts";
import { micros } from "../../../src/base/time.ts";
import type { FaultUse, SimDefinition } from "../../../src/runner/definition.ts";
import type { FaultItem, OpItem, Plan, PlanItem } from "../../../src/runner/plan/plan.ts";
import { shrink, type ShrinkOptions, type ShrinkResult } from "../../../src/runner/shrink/shrink.ts";
import { definition, fault, judge, judged, names, op, plan, type Rule } from "../../support/judged-plan.ts";

const crash: FaultUse = {
  fault: {
    id: "crash",
    doc: "",
    witness: "",
    recoverable: true,
    params: {},
    lasts: { min: micros(0), max: micros(1_000_000) },
    inject: () => {},
  },
  params: { host: fc.constantFrom("server") },
  max: 9,
};

const sim: SimDefinition = definition({ ops: { put: fc.nat(999), read: fc.nat(9) }, faults: [crash] });

/** 110 ops and 10 faults, spread over the 10 s of the simulation. */
function large(change: (item: PlanItem, index: number) => PlanItem = (item) => item): Plan {
  const items = Array.from({ length: 120 }, (_, index): PlanItem => {
    const at = index * 80_000 + 742;
    if (index % 12 === 7) return fault(at, at + 600_000, "crash", { host: "server" });
    return op(at, index % 3 === 0 ? "read" : "put", index % 10, index % 4);
  });
  return plan(items.map(change));
}

async function shrinkAll(
  start: Plan,
  rule: Rule,
  options: Partial<ShrinkOptions> = {},
): Promise<{ result: ShrinkResult; tried: readonly Plan[] }> {
  const system = judge(rule);
  const result = await shrink(sim, judged(start, rule), system.run, { maxRuns: 1_000, ...options });
  expect(result.runs).toBe(system.plans.length);
  return { result, tried: system.plans };
}

const has = (p: Plan, name: string): boolean => p.items.some((item) => item.kind === "op" && item.op === name);

/** Fails when these three are there: marked ops by value, and a fault. */
const three = large((item, index) =>
  index === 20 || index === 70 ? { ...(item as OpItem), op: "put", value: 500 + index } : item,
);
const threeRule: Rule = (p) => {
  const values = p.items.filter((item) => item.kind === "op").map((item) => item.value as number);
  const isBroken = values.includes(520) && values.includes(570) && p.items.some((item) => item.kind === "fault");
  return isBroken ? "S-1" : null;
};

describe("shrinking a plan", () => {
  it("of 120 items keeps the 3 that matter, proven and explained, in less than 120 runs", async () => {
    const { result } = await shrinkAll(three, threeRule);
    expect(result).toMatchObject({ itemsBefore: 120, verified: true, minimal: true, passesWithoutItems: true });
    expect(names(result.plan).toSorted()).toEqual(["crash", "put", "put"]);
    expect(result.record.failure?.signature).toBe("S-1");
    expect(result.record.plan).toEqual(result.plan);
    expect(result.explanation.map(({ item }) => item)).toEqual([0, 1, 2]);
    expect(result.runs).toBeLessThan(120);
  });

  it("spends its first runs on cheap cuts", async () => {
    const { result, tried } = await shrinkAll(large(), (p) =>
      p.items.some((item) => item.kind === "fault") ? { signature: "S-1", at: 560_742 } : null,
    );
    expect(names(result.plan)).toEqual(["crash"]);
    expect(tried.slice(0, 3).map((p) => p.items.length)).toEqual([0, 8, 7]);
    expect(tried.length).toBeLessThan(30);
  });

  it("leaves nothing of a plan that fails without any item, and says so", async () => {
    const { result } = await shrinkAll(large(), () => "S-1");
    expect(result).toMatchObject({ minimal: true, verified: true, passesWithoutItems: false, explanation: [] });
    expect(result.plan.items).toEqual([]);
  });

  it("says that the plan without items fails, if otherwise", async () => {
    const { result } = await shrinkAll(large(), (p) => (p.items.length > 0 ? "S-1" : "boot"));
    expect(result.passesWithoutItems).toBe(false);
    expect([...result.alsoSeen.keys()]).toEqual(["boot"]);
    expect(result.plan.items).toHaveLength(1);
  });

  it("keeps an order that matters", async () => {
    const ordered: Rule = (p) => (/read,(.*,)?crash,(.*,)?put/.test(names(p).join()) ? "S-1" : null);
    const { result } = await shrinkAll(large(), ordered);
    expect(names(result.plan)).toEqual(["read", "crash", "put"]);
  });

  it("ends at the least value that fails", async () => {
    const start = large((item, index) => (index === 40 ? { ...(item as OpItem), value: 912 } : item));
    const { result } = await shrinkAll(start, (p) =>
      p.items.some((item) => item.kind === "op" && (item.value as number) >= 345) ? "S-1" : null,
    );
    expect(result.plan.items).toEqual([op(0, "put", 345, 0)]);
  });

  it("drops an item that became needless when a value shrank, or does not call the result minimal", async () => {
    // `read` makes up for a large value; with a small one it is not needed.
    const rule: Rule = (p) => {
      const put = p.items.find((item) => item.kind === "op" && item.op === "put") as OpItem | undefined;
      return put !== undefined && ((put.value as number) < 100 || has(p, "read")) ? "S-1" : null;
    };
    const start = plan([op(1_000_000, "put", 700), op(2_000_000, "read", 1)]);
    const { result } = await shrinkAll(start, rule);
    expect(result.plan.items).toEqual([op(0, "put", 0)]);
    for (let maxRuns = 3; maxRuns < 40; maxRuns++) {
      const cut = (await shrinkAll(start, rule, { maxRuns, explain: false })).result;
      expect(
        cut.minimal && has(cut.plan, "read") && cut.plan.items.some((item) => item.kind === "op" && item.value === 0),
      ).toBe(false);
    }
  });

  it("never slips to another failure, and hands that one back with its smallest plan", async () => {
    // The other failure is easier to keep: a fault alone shows it.
    const rule: Rule = (p) => {
      const isFaulty = p.items.some((item) => item.kind === "fault");
      return isFaulty ? (has(p, "read") && has(p, "put") ? "S-1" : "S-2") : null;
    };
    const { result, tried } = await shrinkAll(large(), rule);
    expect(names(result.plan).toSorted()).toEqual(["crash", "put", "read"]);
    expect(result.record.failure?.signature).toBe("S-1");
    const other = result.alsoSeen.get("S-2");
    expect(rule(other!)).toBe("S-2");
    const sizes = tried.filter((p) => rule(p) === "S-2").map((p) => p.items.length);
    expect(other?.items.length).toBe(Math.min(...sizes));
  });

  it("does not verify a failure that comes and goes", async () => {
    let runs = 0;
    const flaky = (p: Plan) =>
      Promise.resolve(judged(p, () => (runs++ % 2 === 0 && p.items.length > 1 ? "S-1" : null)));
    const start = large();
    const result = await shrink(
      sim,
      judged(start, () => "S-1"),
      flaky,
      { maxRuns: 300 },
    );
    expect(result.verified).toBe(false);
  });

  it("does not verify a failure whose runs have different hashes", async () => {
    let runs = 0;
    const drifting = (p: Plan) => Promise.resolve(judged(p, threeRule, String(runs++)));
    const result = await shrink(sim, judged(three, threeRule), drifting, { maxRuns: 300 });
    expect(result.plan.items).toHaveLength(3);
    expect(result.verified).toBe(false);
  });

  it("stays within its budget, and does not call a result minimal that it could not prove", async () => {
    for (const maxRuns of [3, 10, 20, 40]) {
      const { result } = await shrinkAll(three, threeRule, { maxRuns });
      expect(result.runs).toBeLessThanOrEqual(maxRuns);
      expect(threeRule(result.plan)).toBe("S-1");
      expect(result.verified).toBe(true);
      const isMinimal = result.plan.items.every(
        (_, index) => threeRule(plan(result.plan.items.toSpliced(index, 1))) === null,
      );
      expect(isMinimal || !result.minimal).toBe(true);
    }
  });

  it("leaves explanations out when asked to", async () => {
    const { result } = await shrinkAll(three, threeRule, { explain: false });
    expect(result.explanation).toEqual([]);
    expect(result.plan.items).toHaveLength(3);
  });

  it("reports every run, and plans that only get smaller", async () => {
    const seen: { items: number; itemsBefore: number; runs: number }[] = [];
    const { result } = await shrinkAll(three, threeRule, { onProgress: (now) => seen.push(now) });
    expect(seen.map(({ runs }) => runs)).toEqual(Array.from({ length: result.runs }, (_, index) => index + 1));
    expect(seen.every(({ itemsBefore }) => itemsBefore === 120)).toBe(true);
    const items = seen.map((now) => now.items);
    expect(items).toEqual(items.toSorted((a, b) => b - a));
    expect(items.at(-1)).toBe(3);
  });

  it("tries the same plans in the same order every time", async () => {
    expect((await shrinkAll(three, threeRule)).tried).toEqual((await shrinkAll(three, threeRule)).tried);
  });

  it("tries only sorted plans of the same scenario and seed", async () => {
    const { tried } = await shrinkAll(three, threeRule);
    for (const { items, scenario, seed } of tried) {
      expect(items.map((item) => item.at)).toEqual(items.map((item) => item.at).toSorted((a, b) => a - b));
      expect([scenario, seed]).toEqual([three.scenario, three.seed]);
    }
  });
});

/** Plans of a few ops and faults. */
const somePlan = fc
  .array(
    fc.oneof(
      fc
        .record({ at: fc.nat(9_999_999), value: fc.nat(99), session: fc.nat(3) })
        .map((o) => op(o.at, "put", o.value, o.session)),
      fc
        .record({ at: fc.nat(8_999_999), length: fc.nat(999_999) })
        .map((f) => fault(f.at, f.at + f.length, "crash", { host: "server" })),
    ),
    { minLength: 1, maxLength: 16 },
  )
  .map((items) => plan(items.toSorted((a, b) => a.at - b.at || (a.kind < b.kind ? 1 : a.kind > b.kind ? -1 : 0))));

describe("the result of shrinking", () => {
  it("is 1-minimal and keeps the signature for any rule over the items, monotone or not", async () => {
    await fc.assert(
      fc.asyncProperty(somePlan, fc.nat(), fc.integer({ min: 2, max: 5 }), async (start, salt, signatures) => {
        // Depends on kinds and values alone, so that it is as erratic for items as can be but not for times.
        const rule: Rule = (p) => {
          const shape = p.items.map((item) => (item.kind === "op" ? JSON.stringify(item.value) : "fault")).join();
          const drawn = (hashText(shape, salt) >>> 0) % signatures;
          return p.items.length === 0 || drawn === 0 ? null : `S-${drawn}`;
        };
        const signature = rule(start);
        fc.pre(signature !== null);
        const { result } = await shrinkAll(start, rule, { maxRuns: 20_000 });
        expect(result).toMatchObject({ minimal: true, verified: true });
        expect(rule(result.plan)).toBe(signature);
        expect(result.plan.items.length).toBeLessThanOrEqual(start.items.length);
        for (let index = 0; index < result.plan.items.length; index++) {
          expect(rule(plan(result.plan.items.toSpliced(index, 1)))).not.toBe(signature);
        }
        expect([...result.alsoSeen.keys()]).not.toContain(signature);
        for (const [other, smallest] of result.alsoSeen) expect(rule(smallest)).toBe(other);
      }),
    );
  });

  it("holds a fault window that the failure needs", async () => {
    await fc.assert(
      fc.asyncProperty(somePlan, fc.nat(9_999_999), async (drawn, moment) => {
        const covers = (p: Plan): FaultItem | undefined =>
          p.items.find((item): item is FaultItem => item.kind === "fault" && item.at <= moment && item.until >= moment);
        const at = Math.max(0, moment - 300_000);
        const start = plan([...drawn.items, fault(at, moment + 300_000, "crash", { host: "server" })]);
        const sorted = { ...start, items: start.items.toSorted((a, b) => a.at - b.at) };
        const { result } = await shrinkAll(sorted, (p) => (covers(p) === undefined ? null : "S-1"));
        expect(result.plan.items).toHaveLength(1);
        expect(covers(result.plan)).toBeDefined();
      }),
    );
  });
});
