/** Every scenario gets where it wants to get, passes, and is a pure function of its plan. */
import { describe, expect, it } from "vitest";
import { hasTickDrain } from "../../src/kernel/drain.ts";
import type { ExecuteOptions } from "../../src/runner/run/record.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { generatePlan } from "../../src/runner/plan/generate.ts";
import { catalogue } from "./scenarios.ts";
import { runSeed, seedAt } from "./seeds.ts";

const seedsCount = 200;
const sampleCount = 5;

const ways: readonly ExecuteOptions[] = [
  { drain: "tick" },
  { drain: "immediate" },
  { drain: "tick", checking: true },
  { drain: "immediate", checking: true },
  { record: true },
];

describe("scenarios", () => {
  it.each(catalogue)("$name: passes, and every sometimes property is reached", async ({ definition }) => {
    const missing = new Set(Object.keys(definition.sometimes));
    for (let index = 0; index < seedsCount; index++) {
      const { failure, reached, plan } = await runSeed(definition, index);
      expect(failure, `seed ${plan.seed}`).toBeNull();
      for (const property of reached) missing.delete(property);
    }
    expect([...missing]).toEqual([]);
  });

  it.each(catalogue)("$name: a plan has one hash, however it is run", async ({ definition }) => {
    expect(hasTickDrain).toBe(true);
    for (let index = 0; index < sampleCount; index++) {
      const plan = generatePlan(definition, seedAt(index));
      const first = await execute(definition, plan);
      expect(first.events).toBeGreaterThan(0);
      for (const way of ways) {
        const { hash, failure } = await execute(definition, plan, way);
        expect({ way, hash, failure }).toEqual({ way, hash: first.hash, failure: null });
      }
    }
  });

  it.each(catalogue)("$name: other seeds have other hashes", async ({ definition }) => {
    const hashes = new Set<string>();
    for (let index = 0; index < sampleCount; index++) hashes.add((await runSeed(definition, index)).hash);
    expect(hashes.size).toBe(sampleCount);
  });
});
