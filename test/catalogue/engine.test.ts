/**
 * The engine in its scenarios, on few seeds: a run of it costs hundreds of times one of the examples. `wavetank run` and
 * `wavetank bugs` go on where these tests end.
 */
import { describe, expect, it } from "vitest";
import type { Plan } from "../../src/runner/plan/plan.ts";
import { bugs } from "../../src/bugs/registry.ts";
import { invariantDefinitions } from "../../src/invariants/registry.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { shrink } from "../../src/runner/shrink/shrink.ts";
import { engineBugRows, engineRows } from "./engine-rows.ts";
import { runSeed } from "./seeds.ts";

const minutes = 60_000;
const soundSeeds = 8;
const itemsMax = 5;

/**
 * Where to begin to look for the death of a bug, among the seeds of the catalogue, so that rare ones are found without
 * hours of searching. When an edit moves a death, `wavetank bugs ID` tells how many seeds it takes now.
 */
const lookFrom: { readonly [bug: string]: number } = {
  B4: 10,
  B15: 55,
  B36: 100,
  B37: 84,
  B38: 8,
  B39: 90,
  B40: 115,
  B46: 20,
  B51: 8,
  "MESH-V1": 110,
  "MESH-V2": 500,
};
const lookFor = 150;

describe("the engine's scenarios", () => {
  it.each(engineRows)(
    "$name: holds every invariant, and is a pure function of its plan",
    async ({ definition }) => {
      for (let index = 0; index < soundSeeds; index++) {
        const record = await runSeed(definition, index);
        expect(record.failure, `seed ${record.plan.seed}`).toBeNull();
        if (index > 0) continue;
        const again = await execute(definition, record.plan, { checking: true, drain: "immediate" });
        expect([again.hash, again.failure]).toEqual([record.hash, null]);
      }
    },
    5 * minutes,
  );

  it("use every invariant of the engine and plant every bug", () => {
    const used = new Set(engineRows.flatMap(({ definition }) => definition.invariants.map(({ id }) => id)));
    expect([...used].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(
      invariantDefinitions.map(({ id }) => id).toSorted((a, b) => (a < b ? -1 : 1)),
    );
    expect(new Set(engineBugRows.map(({ id }) => id))).toEqual(new Set(Object.values(bugs).map(({ id }) => id)));
  });
});

describe("planted bugs of the engine", () => {
  it.each(engineBugRows)(
    "$id in $name: dies by $breaks, in a story of few items",
    async (row) => {
      const { definition, bug, breaks } = row;
      const from = lookFrom[bug.id] ?? 0;
      let smallest = Infinity;
      for (let index = from; index < from + lookFor && smallest > itemsMax; index++) {
        const record = await runSeed(definition, index, bug.id);
        if (record.failure?.invariant !== breaks) continue;
        const tryPlan = (plan: Plan) => execute(definition, plan, { bug: bug.id });
        const shrunk = await shrink(definition, record, tryPlan, { maxRuns: 300, explain: false });
        expect(shrunk.record.failure?.invariant).toBe(breaks);
        const sound = await execute(definition, shrunk.plan);
        expect(sound.failure, "the same plan without the bug").toBeNull();
        smallest = Math.min(smallest, shrunk.plan.items.length);
      }
      expect(smallest).toBeLessThanOrEqual(itemsMax);
    },
    10 * minutes,
  );
});
