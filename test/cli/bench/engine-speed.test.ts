import { describe, expect, it } from "vitest";
import { runPlaces } from "../../../src/cli/bench/engine/speed.ts";
import { loadSoak } from "../../../src/cli/bench/engine/soak.ts";
import { generatePlan } from "../../../src/runner/plan/generate.ts";
import { nextSeed, parseSeed } from "../../../src/runner/plan/seed.ts";
import { execute } from "../../../src/runner/run/execute.ts";
import { toDefinition } from "../../../src/scenario/define-scenario.ts";

describe("the benchmark of the engine", () => {
  it("counts the same events and the same virtual time whenever it runs", async () => {
    const definition = await loadSoak();
    const { cpuMicros, ...sums } = await runPlaces(definition, 108, 110);
    expect(cpuMicros).toBeGreaterThan(0);
    expect(await runPlaces(definition, 108, 110)).toMatchObject(sums);
    expect(sums.virtualMicros).toBeGreaterThan(2 * 40_000_000);
    expect(sums.events).toBeGreaterThan(1_000);
  });

  it("adds up exactly the places it is given", async () => {
    const definition = await loadSoak();
    const both = await runPlaces(definition, 110, 112);
    const [first, second] = [await runPlaces(definition, 110, 111), await runPlaces(definition, 111, 112)];
    expect(both.events).toBe(first.events + second.events);
    expect(both.virtualMicros).toBe(first.virtualMicros + second.virtualMicros);
  });

  it("has every part of the database at work, under faults that bite", async () => {
    const definition = await loadSoak();
    const kinds = new Set<string>();
    let bites = 0;
    for (let place = 108; place < 112; place++) {
      const plan = generatePlan(definition, nextSeed(parseSeed("1"), place));
      const { faults, trace } = await execute(definition, plan, { record: true });
      bites += faults.filter(({ bit }) => bit).length;
      for (const { kind } of trace) kinds.add(kind);
    }
    expect(bites).toBeGreaterThan(4);
    expect([...kinds]).toEqual(expect.arrayContaining(["table.written", "peek.answered", "sink.committed"]));
  });

  it("refuses to measure runs that do not pass", async () => {
    const broken = toDefinition("broken", {}, async () => {
      throw new RangeError("no such row");
    });
    await expect(runPlaces(broken, 0, 1)).rejects.toThrow("fails at seed 0000000000001: ");
  });
});
