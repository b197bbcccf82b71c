/** Every planted bug is found by the invariant that it names, and shrinks to a story that can be told. */
import { describe, expect, it } from "vitest";
import type { SimDefinition } from "../../src/runner/definition.ts";
import type { RunRecord } from "../../src/runner/record.ts";
import { execute } from "../../src/runner/execute.ts";
import { shrink } from "../../src/runner/shrink.ts";
import { bugRows } from "./scenarios.ts";
import { runSeed } from "./seeds.ts";

const seedBudget = 2_000;
const runBudget = 1_500;
const itemsMax = 5;

/** The first run with the bug that breaks what it should, and its place among the seeds. */
async function findDeath(definition: SimDefinition, bug: string, breaks: string): Promise<[RunRecord, number]> {
  for (let index = 0; index < seedBudget; index++) {
    const record = await runSeed(definition, index, bug);
    if (record.failure?.invariant === breaks) return [record, index];
  }
  throw new Error(`${bug}: no run of ${seedBudget} seeds broke ${breaks}`);
}

describe("planted bugs", () => {
  it("there are some", () => {
    expect(bugRows.length).toBeGreaterThanOrEqual(8);
  });

  it.each(bugRows)("$name, $id: dies by $breaks and shrinks to a few items", async ({ definition, bug, breaks }) => {
    const [record, index] = await findDeath(definition, bug.id, breaks);
    const tryPlan = (plan: RunRecord["plan"]) => execute(definition, plan, { bug: bug.id });
    const shrunk = await shrink(definition, record, tryPlan, { maxRuns: runBudget, explain: false });
    expect(shrunk.verified).toBe(true);
    expect(shrunk.record.failure?.invariant).toBe(breaks);
    expect(shrunk.plan.items.length).toBeLessThanOrEqual(itemsMax);
    const sound = await execute(definition, shrunk.plan);
    expect(sound.failure, `seed ${index}, shrunk, without the bug`).toBeNull();
  });
});

describe("the sound code", () => {
  it.each([...new Set(bugRows.map(({ definition }) => definition))].map((definition) => ({ definition })))(
    "$definition.name: passes the seeds that the bugs die on",
    async ({ definition }) => {
      for (let index = 0; index < 500; index++) {
        const { failure, plan } = await runSeed(definition, index);
        expect(failure, `seed ${plan.seed}`).toBeNull();
      }
    },
  );
});
