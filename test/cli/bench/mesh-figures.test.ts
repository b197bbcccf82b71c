import { describe, expect, it } from "vitest";
import { formingFigures } from "../../../src/cli/bench/mesh/figures.ts";
import { meshForming } from "../../../src/cli/bench/mesh/forming.ts";
import { formingBound } from "../../../src/engine/mesh/timing.ts";

describe("the benchmark of the mesh", () => {
  it("finds the same virtual times and events whenever it runs, all within the bound", async () => {
    const { cost, ...figures } = await formingFigures(3, 40);
    expect(cost).toBeGreaterThan(0);
    expect(await formingFigures(3, 40)).toMatchObject(figures);
    const { median, p99, longest, bound, recoveries } = figures;
    expect(recoveries).toBeGreaterThan(10);
    expect([median, p99, longest, bound].toSorted((a, b) => a - b)).toEqual([median, p99, longest, bound]);
    expect(bound).toBe(formingBound(3, "10s"));
  });

  it("costs more events the more processes there are", async () => {
    const few = await formingFigures(2, 10);
    const many = await formingFigures(6, 10);
    expect(many.events).toBeGreaterThan(few.events);
  });

  it("is measured for 2 to 16 processes", () => {
    expect(meshForming.map(({ name }) => name)).toEqual([
      "mesh.forming-2",
      "mesh.forming-4",
      "mesh.forming-8",
      "mesh.forming-16",
    ]);
  });
});
