/** Every planted bug is found by the invariant that it names, and shrinks to a story that can be told. */
import { describe, expect, it } from "vitest";
import type { BugDefinition, SimDefinition } from "../../src/runner/definition.ts";
import type { Plan } from "../../src/runner/plan/plan.ts";
import type { RunRecord } from "../../src/runner/run/record.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { shrink, type ShrinkResult } from "../../src/runner/shrink/shrink.ts";
import { bugRows, catalogue } from "./scenarios.ts";
import { runSeed } from "./seeds.ts";

const seedBudget = 2_000;
const runBudget = 1_500;
const itemsMax = 5;
/** How many runs that die may be shrunk before one ends small: a plan can be minimal for its seed and still long. */
const deathsMax = 4;

/** The runs with the bug that break what it should break. */
async function* deaths(definition: SimDefinition, bug: BugDefinition): AsyncGenerator<RunRecord> {
  for (let index = 0; index < seedBudget; index++) {
    const record = await runSeed(definition, index, bug.id);
    if (record.failure?.invariant === bug.breaks) yield record;
  }
}

/** The smallest plan that the first deaths shrink to; undefined when there is no death. */
async function smallestDeath(definition: SimDefinition, bug: BugDefinition): Promise<ShrinkResult | undefined> {
  let smallest: ShrinkResult | undefined;
  let count = 0;
  for await (const record of deaths(definition, bug)) {
    const tryPlan = (plan: Plan) => execute(definition, plan, { bug: bug.id });
    const shrunk = await shrink(definition, record, tryPlan, { maxRuns: runBudget, explain: false });
    if (smallest === undefined || shrunk.plan.items.length < smallest.plan.items.length) smallest = shrunk;
    if (smallest.plan.items.length <= itemsMax || ++count >= deathsMax) return smallest;
  }
  return smallest;
}

describe("planted bugs", () => {
  it("there are some", () => {
    expect(bugRows.length).toBeGreaterThanOrEqual(8);
  });

  it.each(bugRows)("$name, $id: dies by $breaks and shrinks to a few items", async ({ definition, bug, breaks }) => {
    const shrunk = await smallestDeath(definition, bug);
    expect(shrunk, `${bug.id} survives ${seedBudget} seeds`).toBeDefined();
    expect(shrunk?.verified).toBe(true);
    expect(shrunk?.record.failure?.invariant).toBe(breaks);
    expect(shrunk?.plan.items.length).toBeLessThanOrEqual(itemsMax);
    const sound = await execute(definition, shrunk!.plan);
    expect(sound.failure, "the same plan without the bug").toBeNull();
  });
});

describe("the sound code", () => {
  it.each(catalogue)("$name: passes the seeds that bugs die on", async ({ definition }) => {
    for (let index = 0; index < 1_000; index++) {
      const { failure, plan } = await runSeed(definition, index);
      expect(failure, `seed ${plan.seed}`).toBeNull();
    }
  });
});
