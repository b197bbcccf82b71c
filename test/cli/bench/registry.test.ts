import { describe, expect, it } from "vitest";
import { measurementsOf, type Benchmark } from "../../../src/cli/bench/benchmark.ts";
import { benchmarks } from "../../../src/cli/bench/registry.ts";

const speed = { name: "area.speed", unit: "s/s", doc: "How fast." };
const events = { name: "area.events", unit: "events/s", doc: "How many." };
const twofold: Benchmark = { ...speed, besides: [events], run: () => Promise.resolve([7, 8]) };

describe("benchmarks", () => {
  it("measure quantities with names of their own, each with a unit that fits its column", () => {
    const quantities = benchmarks.flatMap((benchmark) => [benchmark, ...(benchmark.besides ?? [])]);
    const names = quantities.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(expect.arrayContaining(["engine.virtual-seconds", "engine.events"]));
    for (const { name, unit, doc } of quantities) {
      expect(name).toMatch(/^[a-z]+\.[a-z0-9-]+$/);
      expect(unit.length).toBeLessThanOrEqual(10);
      expect(doc).toMatch(/^[A-Z0-9].*\.$/);
    }
  });

  it("name first what is widest: what they measure besides keeps to the column", () => {
    const widest = Math.max(...benchmarks.map(({ name }) => name.length));
    for (const { name } of benchmarks.flatMap(({ besides = [] }) => besides)) {
      expect(name.length).toBeLessThanOrEqual(widest);
    }
  });

  it("give each value its own name, in order", () => {
    expect(measurementsOf(twofold, [7, 8])).toEqual([
      { ...speed, value: 7 },
      { ...events, value: 8 },
    ]);
    expect(measurementsOf({ ...speed, run: () => 7 }, 7)).toEqual([{ ...speed, value: 7 }]);
  });

  it("fail rather than leave a value without a name, or a name without a value", () => {
    expect(() => measurementsOf(twofold, 7)).toThrow("area.speed has 2 quantities and measured 1");
    expect(() => measurementsOf(twofold, [7, 8, 9])).toThrow("area.speed has 2 quantities and measured 3");
  });
});
