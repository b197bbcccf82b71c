/** The replicated log: its core under any order of messages, what it writes, how long it trusts, and how its bugs die. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bugs } from "../../scenarios/examples/replicated-log/bugs.ts";
import { Ledger } from "../../scenarios/examples/replicated-log/ledger.ts";
import { formatLine, hasChecksum, readLines } from "../../scenarios/examples/replicated-log/lines.ts";
import { policies, type Policies } from "../../scenarios/examples/replicated-log/policies.ts";
import replicatedLog from "../../scenarios/examples/replicated-log/replicated-log.ts";
import { driftBound, safeLease, timing } from "../../scenarios/examples/replicated-log/timing.ts";
import { micros } from "../../src/base/time.ts";
import type { FaultItem, Plan, PlanItem } from "../../src/runner/plan/plan.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { generatePlan, inOrder } from "../../src/runner/plan/generate.ts";
import { nextSeed, seedFromText } from "../../src/runner/plan/seed.ts";
import { Soup, type SoupStep } from "../support/replicated-log-soup.ts";

const weights = { deliver: 24, tick: 4, flush: 12, propose: 2, lose: 1, double: 1, restart: 1 };
const kinds = Object.entries(weights) as [SoupStep["what"], number][];
const what = fc.constantFrom(...kinds.flatMap(([kind, weight]) => Array.from({ length: weight }, () => kind)));
const passes = fc.constantFrom(...Array.from({ length: 20 }, () => 100), 20_000, 60_000, 300_000, 700_000);
const step: fc.Arbitrary<SoupStep> = fc.record({ what, which: fc.nat(99), passes });
const steps = fc.array(step, { minLength: 400, maxLength: 1_000, size: "max" });

function cook(recipe: readonly SoupStep[], changes: Partial<Policies> = {}): Soup {
  const soup = new Soup({ ...policies, ...changes });
  for (const step of recipe) {
    soup.step(step);
    if (soup.broken !== null) break;
  }
  return soup;
}

const entry = fc.record({ term: fc.nat(20), request: fc.stringMatching(/^client-\d\/\d{1,3}$/), value: fc.nat(99) });

const { definition } = replicatedLog;
const firstSeed = seedFromText("replicated-log");

function op(at: number, name: "append" | "read", session: number): PlanItem {
  return { kind: "op", at: micros(at), op: name, session, value: { client: session } };
}

function fault(at: number, until: number, name: string, params: FaultItem["params"]): PlanItem {
  return { kind: "fault", at: micros(at), until: micros(until), fault: name, params };
}

/** For bugs that a drawn plan seldom meets: what it takes, told straight, the k-th time a little later. */
const stories: { readonly [bug: string]: (k: number) => PlanItem[] } = {
  // The first leader, or who made it one, forgets the election.
  "RL-VOTE": (k) => [
    op(0, "append", 0),
    fault(60_000 + k * 1_000, 60_001 + k * 1_000, "process.crash", { host: k % 3 }),
  ],
  // Entries are late, and then others are not.
  "RL-ORDER": (k) => [
    fault(200_000 + k * 5_000, 350_000 + k * 5_000, "net.latency", { a: k % 3, b: 0, ms: 290 }),
    ...[0, 1, 2, 3].map((session) => op(230_000 + k * 5_000 + session * 50_000, "append", session % 3)),
  ],
  // A leader whose clock is slow is cut off.
  "RL-LEASE": (k) => [
    fault(1_000_000, 6_000_000, "clock.drift", { host: k % 3, partsPerThousand: -80 }),
    fault(1_500_000, 4_000_000, "net.isolation", { host: k % 3, from: "all" }),
    op(5_000_000, "read", 0),
  ],
  // One client goes on with a leader that was cut off, another with its successor.
  "RL-STALE": (k) => [
    op(100_000, "append", 0),
    fault(1_000_000, 7_000_000, "net.isolation", { host: k % 3, from: "all" }),
    ...[26, 29, 32, 35].map((at) => op(at * 100_000, "append", 1)),
    ...[30, 34, 38, 42].map((at) => op(at * 100_000, "read", 0)),
  ],
  // The power fails while a line is being written.
  "RL-TORN": (k) => [
    ...[0, 1, 2].map((session) => op(300_000 + session * 100_000, "append", session)),
    fault(300_000 + k * 2_000, 300_001 + k * 2_000, "process.power-loss", { host: k % 3 }),
  ],
  // A leader is cut off with an entry of its own; its successor dies with the first of its term; the old one is back.
  "RL-COMMIT": (k) => [
    fault(500_000, 2_100_000, "net.isolation", { host: k % 3, from: "all" }),
    op(600_000, "append", 0),
    fault(1_600_000 + k * 2_000, 1_600_001 + k * 2_000, "process.crash", { host: (k + 1) % 3 }),
  ],
};

function planFor(bug: string, k: number): Plan {
  const seed = nextSeed(firstSeed, k);
  const items = stories[bug]?.(k);
  if (items === undefined) return generatePlan(definition, seed);
  return { scenario: definition.name, seed, knobs: { batch: 1, rates: [0, 0, 0] }, items: inOrder(items) };
}

/** The first plan on which a bug breaks what it should break. */
async function deathOf(bug: string, breaks: string): Promise<Plan | undefined> {
  for (let k = 0; k < 1_500; k++) {
    const plan = planFor(bug, k);
    const { failure } = await execute(definition, plan, { bug });
    if (failure?.invariant === breaks) return plan;
  }
  return undefined;
}

describe("the core, whatever becomes of its messages", () => {
  it("elects one leader a term, votes once, matches logs, keeps what it commits, and leases exclude each other", () => {
    fc.assert(
      fc.property(steps, (recipe) => {
        expect(cook(recipe).broken).toBeNull();
      }),
      { numRuns: 300, seed: 1 },
    );
  });

  it("gets somewhere in that soup, so that something is checked", () => {
    const soups = fc.sample(steps, { numRuns: 60, seed: 2 }).map((recipe) => cook(recipe));
    expect(soups.filter(({ leadersCount }) => leadersCount > 1).length).toBeGreaterThan(20);
    expect(soups.filter(({ committed }) => committed.length > 2).length).toBeGreaterThan(20);
  });

  it.each(["RL-FORGET", "RL-ORDER"])("shows what is wrong with %s", (id) => {
    const changes = bugs.find((bug) => bug.id === id)!.policies as Partial<Policies>;
    const broken = fc
      .sample(steps, { numRuns: 1_500, seed: 3 })
      .find((recipe) => cook(recipe, changes).broken !== null);
    expect(broken).toBeDefined();
  });
});

describe("the log on disk", () => {
  it("gives back what was written, and of a torn text the whole lines", () => {
    fc.assert(
      fc.property(fc.array(entry, { maxLength: 8 }), fc.nat(400), (entries, cut) => {
        const text = entries.map(formatLine).join("");
        const torn = text.slice(0, Math.min(cut, text.length));
        const { entries: found, ends } = readLines(torn, hasChecksum);
        expect(found).toEqual(entries.slice(0, found.length));
        expect(found.map(formatLine).join("")).toBe(torn.slice(0, ends.at(-1) ?? 0));
        expect(torn.slice(ends.at(-1) ?? 0)).not.toContain("\n");
      }),
      { seed: 4 },
    );
  });

  it("ends at a line that was changed, not behind it", () => {
    const lines = [1, 2, 3].map((term) => formatLine({ term, request: `client-0/${term}`, value: term }));
    const text = lines.join("").replace("client-0/2", "client-0/7");
    expect(readLines(text, hasChecksum).entries).toEqual([{ term: 1, request: "client-0/1", value: 1 }]);
  });
});

describe("what a replica decides", () => {
  it("keeps all of its log that a late message does not contradict", () => {
    const log = [1, 1, 2, 2].map((term, place) => ({ term, request: `c/${place}`, value: place }));
    expect(policies.keptOf(log, 0, [])).toBe(4);
    expect(policies.keptOf(log, 1, log.slice(1, 2))).toBe(4);
    expect(policies.keptOf(log, 4, [{ term: 2, request: "c/4", value: 4 }])).toBe(4);
    expect(policies.keptOf(log, 1, [log[1]!, { term: 3, request: "c/9", value: 9 }])).toBe(2);
  });

  it("ends a lease before the promise under it, however wrong the clocks are within their bound", () => {
    const rate = fc.integer({ min: 1_000 - driftBound, max: 1_000 + driftBound });
    fc.assert(
      fc.property(rate, rate, fc.integer({ min: 10_000, max: 10_000_000 }), (leader, follower, promise) => {
        // A duration d of a clock of rate r/1000 takes d * 1000 / r: both sides times both rates.
        expect(safeLease(promise) * follower).toBeLessThan(promise * leader);
      }),
      { seed: 5 },
    );
    expect(safeLease(timing.promise)).toBeGreaterThan(5 * timing.tick);
  });

  it("lets a request take effect once, however often it is in the log", () => {
    const ledger = new Ledger(policies);
    const once = { term: 1, request: "c/1", value: 7 };
    expect(ledger.apply({ term: 1, request: "", value: 0 })).toEqual({ position: 0, isFirst: false });
    expect(ledger.apply(once)).toEqual({ position: 1, isFirst: true });
    expect(ledger.apply({ ...once, term: 2 })).toEqual({ position: 1, isFirst: false });
    expect(ledger.values).toEqual([7]);
  });
});

describe("planted bugs", () => {
  it("every story is about one of them", () => {
    expect(bugs.map(({ id }) => id)).toEqual(expect.arrayContaining(Object.keys(stories)));
    expect(bugs.length).toBeGreaterThanOrEqual(7);
  });

  it.each(bugs)("$id breaks $breaks, and without it the same plan passes", async ({ id, breaks }) => {
    const plan = await deathOf(id, breaks);
    expect(plan, `${id} survives`).toBeDefined();
    const { failure } = await execute(definition, plan!);
    expect(failure).toBeNull();
  });
});
