/** The mesh alone, on many seeds: a run of it costs a hundredth of one of the database. */
import { describe, expect, it } from "vitest";
import meshForming from "../../scenarios/mesh-forming.ts";
import { runSeed } from "./seeds.ts";

const { definition } = meshForming;
const seedsCount = 600;
const minutes = 60_000;

describe("mesh-forming", () => {
  it(
    "holds every invariant on many seeds, in which every family bites and every property is reached",
    async () => {
      const inert = new Set(definition.faults.map(({ fault }) => fault.id));
      const missing = new Set(Object.keys(definition.sometimes));
      const sizes = new Set<unknown>();
      for (let index = 0; index < seedsCount; index++) {
        const { failure, faults, reached, plan } = await runSeed(definition, index);
        expect(failure, `seed ${plan.seed}`).toBeNull();
        for (const { fault, bit } of faults) if (bit) inert.delete(fault);
        for (const property of reached) missing.delete(property);
        sizes.add(plan.knobs["processes"]);
      }
      expect([...inert]).toEqual([]);
      expect([...missing]).toEqual([]);
      expect(sizes).toEqual(new Set([2, 3, 4, 5, 8, 16]));
    },
    3 * minutes,
  );
});
