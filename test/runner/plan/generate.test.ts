import fc from "fast-check";
import type { Plan, PlanItem } from "../../../src/runner/plan/plan.ts";
import type { SimDefinition } from "../../../src/runner/definition.ts";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import { canonicalJson } from "../../../src/base/json.ts";
import { micros } from "../../../src/base/time.ts";
import { generatePlan } from "../../../src/runner/plan/generate.ts";
import { parsePlan } from "../../../src/runner/plan/schema.ts";
import { nextSeed } from "../../../src/runner/plan/seed.ts";
import { anySeed, definitionWith, faultUse } from "./plan-fixture.ts";

const families = ["net.partition", "net.clog", "disk.slow", "process.crash", "clock.drift"];

const anyDefinition = fc
  .record({
    duration: fc.oneof(fc.nat(5), fc.nat(60_000_000), fc.nat(2 ** 45)).map((n) => micros(n + 1)),
    opsCount: range(60),
    sessions: fc.integer({ min: 1, max: 5 }),
    faults: fc
      .uniqueArray(fc.constantFrom(...families))
      .chain((ids) => fc.tuple(...ids.map((id) => fc.nat(6).map((max) => faultUse(id, max))))),
    faultsCount: range(12),
  })
  .map((parts) => definitionWith(parts));

describe("a plan from a seed", () => {
  it("is a pure function of the definition and the seed", () => {
    fc.assert(
      fc.property(anyDefinition, anySeed, (definition, seed) => {
        const text = canonicalJson(generatePlan(definition, seed));
        generatePlan(definition, nextSeed(seed, 1));
        expect(canonicalJson(generatePlan({ ...definition }, seed))).toBe(text);
        expect(canonicalJson(generatePlan(definition, seed.toUpperCase()))).toBe(text);
      }),
    );
  });

  it("is valid, in order and within the bounds of its scenario", () => {
    fc.assert(
      fc.property(anyDefinition, anySeed, (definition, seed) => {
        const plan = generatePlan(definition, seed);
        expect(parsePlan(plan, "plan")).toEqual(plan);
        expect(plan).toMatchObject({ scenario: "kv", seed });
        expect([1, 2, 3]).toContain(plan.knobs["replicas"]);
        expectOrdered(plan.items);
        expectOps(definition, plan);
        expectFaults(definition, plan);
      }),
      { numRuns: 300 },
    );
  });

  it("has at least as many faults as the scenario asks for, as far as families allow it", () => {
    const exactly = (count: number, max: number): SimDefinition =>
      definitionWith({ faults: [faultUse("net.clog", max)], faultsCount: { min: count, max: count } });
    for (let k = 0; k < 100; k++) {
      const seed = nextSeed("0", k);
      expect(faultsOf(generatePlan(exactly(1, 4), seed))).toHaveLength(1);
      expect(faultsOf(generatePlan(exactly(6, 4), seed))).toHaveLength(4);
      expect(faultsOf(generatePlan(exactly(0, 4), seed))).toHaveLength(0);
    }
  });

  it("differs from seed to seed", () => {
    const texts = plans(definitionWith(), 200).map(({ items, knobs }) => canonicalJson({ items, knobs }));
    expect(new Set(texts).size).toBe(200);
  });

  it("stays what it was in earlier versions, or old seeds lose their meaning", () => {
    const definition = definitionWith({
      ops: { put: fc.nat(9), read: fc.constant(null) },
      opsCount: { min: 3, max: 4 },
      faultsCount: { min: 2, max: 2 },
    });
    expect(canonicalJson(generatePlan(definition, "7k3q9zt4mvx2c"))).toMatchInlineSnapshot(
      `"{"items":[{"at":15214133,"kind":"op","op":"read","session":1,"value":null},{"at":15239772,"kind":"op","op":"read","session":0,"value":null},{"at":18892784,"kind":"op","op":"read","session":0,"value":null},{"at":20795853,"fault":"net.partition","kind":"fault","params":{"host":"server-2","size":82},"until":21286522},{"at":24248607,"fault":"net.partition","kind":"fault","params":{"host":"server-1","size":117},"until":30000000}],"knobs":{"replicas":1},"scenario":"kv","seed":"7k3q9zt4mvx2c"}"`,
    );
  });
});

describe("a scenario that grows", () => {
  it("keeps its ops and the faults of every other family when a family is added", () => {
    fc.assert(
      fc.property(anyDefinition, anySeed, fc.nat(), (definition, seed, place) => {
        const before = generatePlan(definition, seed);
        const faults = [...definition.faults];
        faults.splice(place % (faults.length + 1), 0, faultUse("queue.stall"));
        const after = generatePlan({ ...definition, faults }, seed);
        expect(opsOf(after)).toEqual(opsOf(before));
        expect(after.knobs).toEqual(before.knobs);
        const others = faultsOf(after).filter((item) => item.fault !== "queue.stall");
        // None is new and none has changed; some may have given way to the new family in a full plan.
        expect(faultsOf(before)).toEqual(expect.arrayContaining(others));
        const isFull = faultsOf(after).length >= definition.faultsCount.min && others.length < faultsOf(before).length;
        if (!isFull) expect(others).toEqual(faultsOf(before));
        else expect(faultsOf(after).length).toBeGreaterThanOrEqual(faultsOf(before).length);
      }),
      { numRuns: 300 },
    );
  });

  it("changes no fault of the other families while the plan has room", () => {
    const definition = definitionWith({ faultsCount: { min: 0, max: 1_000 } });
    const grown = { ...definition, faults: [faultUse("queue.stall", 40), ...definition.faults] };
    let roomy = 0;
    for (let k = 0; k < 200; k++) {
      const before = faultsOf(generatePlan(definition, nextSeed("0", k)));
      const after = faultsOf(generatePlan(grown, nextSeed("0", k)));
      const others = after.filter((item) => item.fault !== "queue.stall");
      if (after.length >= 20) continue;
      expect(others).toEqual(before);
      roomy++;
    }
    expect(roomy).toBeGreaterThan(50);
  });

  it("gives ops to a new kind at the same moments, and leaves the others as they were", () => {
    fc.assert(
      fc.property(anyDefinition, anySeed, (definition, seed) => {
        const before = generatePlan(definition, seed);
        const after = generatePlan({ ...definition, ops: { scan: fc.nat(), ...definition.ops } }, seed);
        expect(faultsOf(after)).toEqual(faultsOf(before));
        expect(opsOf(after)).toHaveLength(opsOf(before).length);
        for (const [index, op] of opsOf(after).entries()) {
          const old = opsOf(before)[index]!;
          if (op.op === "scan") expect(op).toMatchObject({ at: old.at, session: old.session });
          else expect(op).toEqual(old);
        }
      }),
    );
  });

  it("draws a knob or a parameter as before when another is added", () => {
    const size = fc.nat(500);
    const one = definitionWith({ faults: [faultUse("net.clog", 4, { size })] });
    const two = definitionWith({
      knobs: { cache: fc.boolean(), ...one.knobs },
      faults: [faultUse("net.clog", 4, { host: fc.constant("a"), size })],
    });
    for (const [index, plan] of plans(one, 50).entries()) {
      const grown = plans(two, 50)[index]!;
      expect(grown.knobs).toMatchObject(plan.knobs);
      expect(faultsOf(grown)).toMatchObject(faultsOf(plan));
    }
  });
});

describe("swarm", () => {
  const drawn = plans(definitionWith(), 2_000);

  it("leaves out every fault family in about half of the seeds, and sometimes leaves out none", () => {
    for (const use of definitionWith().faults) {
      const without = drawn.filter((plan) => !faultsOf(plan).some((item) => item.fault === use.fault.id));
      expect(without.length / drawn.length).toBeGreaterThan(0.4);
      expect(without.length / drawn.length).toBeLessThan(0.68);
    }
    const all = drawn.filter((plan) => new Set(faultsOf(plan).map((item) => item.fault)).size === 4);
    expect(all.length).toBeGreaterThan(20);
  });

  it("has runs without any fault, and runs with as many as allowed", () => {
    const none = drawn.filter((plan) => faultsOf(plan).length === 0);
    // One in eight by design, and those in which all four coins fell that way.
    expect(none.length / drawn.length).toBeGreaterThan(0.12);
    expect(none.length / drawn.length).toBeLessThan(0.24);
    expect(Math.max(...drawn.map((plan) => faultsOf(plan).length))).toBe(12);
  });

  it("leaves out op kinds, but never all of them", () => {
    const withoutRead = drawn.filter((plan) => !opsOf(plan).some((item) => item.op === "read"));
    expect(withoutRead.length).toBeGreaterThan(200);
    expect(drawn.every((plan) => opsOf(plan).length >= 10)).toBe(true);
  });

  it("spreads the ops of some seeds evenly and packs those of others into bursts", () => {
    const busiest = drawn.map((plan) => {
      const seconds = new Map<number, number>();
      for (const { at } of opsOf(plan)) {
        const second = Math.floor(at / 1_000_000);
        seconds.set(second, (seconds.get(second) ?? 0) + 1);
      }
      return Math.max(...seconds.values()) / opsOf(plan).length;
    });
    expect(busiest.filter((share) => share < 0.2).length).toBeGreaterThan(200);
    expect(busiest.filter((share) => share > 0.5).length).toBeGreaterThan(200);
  });
});

describe("a definition that no plan fits", () => {
  it.each<[Partial<SimDefinition>, string]>([
    [{ ops: { put: fc.constant(new Map()) as never } }, 'scenario kv, op "put": $ is a Map, which JSON cannot hold'],
    [{ knobs: { cache: 3 as never } }, 'scenario kv, knob "cache": no fast-check arbitrary'],
    [
      { faults: [faultUse("net.clog", 4, { by: fc.bigInt() as never })], faultsCount: { min: 1, max: 1 } },
      'scenario kv, fault "net.clog", parameter "by": $ is a bigint',
    ],
    [{ opsCount: { min: 0, max: 100_000 } }, "opsCount and faultsCount allow 100012 items, a plan holds up to 100000"],
  ])("is refused by name: %#", (parts, message) => {
    expect(() => generatePlan(definitionWith(parts), "0")).toThrow(UsageError);
    expect(() => generatePlan(definitionWith(parts), "0")).toThrow(message);
  });

  it("is refused when a fault lasts at most less than it lasts at least", () => {
    const use = faultUse("net.clog");
    const fault = { ...use.fault, lasts: { min: micros(5), max: micros(4) } };
    const definition = definitionWith({ faults: [{ ...use, fault }], faultsCount: { min: 1, max: 1 } });
    expect(() => generatePlan(definition, "0")).toThrow("lasts.max is 4, less than lasts.min 5");
  });

  it("has no ops where the scenario has none", () => {
    expect(opsOf(generatePlan(definitionWith({ ops: {} }), "0"))).toEqual([]);
  });
});

function expectOrdered(items: readonly PlanItem[]): void {
  for (const [index, item] of items.entries()) {
    const next = items[index + 1];
    if (next === undefined) continue;
    expect(item.at).toBeLessThanOrEqual(next.at);
    if (item.at === next.at && item.kind === "fault") expect(next.kind).toBe("fault");
  }
}

function expectOps(definition: SimDefinition, plan: Plan): void {
  const ops = opsOf(plan);
  expect(ops.length).toBeGreaterThanOrEqual(definition.opsCount.min);
  expect(ops.length).toBeLessThanOrEqual(definition.opsCount.max);
  for (const item of ops) {
    expect(item.at).toBeLessThan(definition.duration);
    expect(item.session).toBeLessThan(definition.sessions);
    expect(Object.keys(definition.ops)).toContain(item.op);
  }
}

function expectFaults(definition: SimDefinition, plan: Plan): void {
  const faults = faultsOf(plan);
  expect(faults.length).toBeLessThanOrEqual(definition.faultsCount.max);
  for (const use of definition.faults) {
    const own = faults.filter((item) => item.fault === use.fault.id);
    expect(own.length).toBeLessThanOrEqual(use.max);
    for (const item of own) {
      expect(item.at).toBeLessThanOrEqual(definition.duration * 0.9);
      expect(item.until).toBeLessThanOrEqual(definition.duration);
      expect(item.until - item.at).toBeLessThanOrEqual(use.fault.lasts.max);
      if (item.until < definition.duration) {
        expect(item.until - item.at).toBeGreaterThanOrEqual(use.fault.lasts.min);
      }
    }
  }
}

function range(max: number) {
  return fc.tuple(fc.nat(max), fc.nat(max)).map(([a, b]) => ({ min: Math.min(a, b), max: Math.max(a, b) }));
}

function plans(definition: SimDefinition, count: number): Plan[] {
  return Array.from({ length: count }, (_, k) => generatePlan(definition, nextSeed("0", k)));
}

function opsOf(plan: Plan) {
  return plan.items.filter((item) => item.kind === "op");
}

function faultsOf(plan: Plan) {
  return plan.items.filter((item) => item.kind === "fault");
}
