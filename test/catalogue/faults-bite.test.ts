/** Every fault family of every scenario does something: a fault that is injected and changes nothing proves nothing. */
import { describe, expect, it } from "vitest";
import { catalogue } from "./scenarios.ts";
import { runSeed } from "./seeds.ts";

const seedsCount = 300;

describe("faults", () => {
  it.each(catalogue)("$name: every family leaves its witness in some run", async ({ definition }) => {
    const missing = new Set(definition.faults.map(({ fault }) => fault.id));
    for (let index = 0; index < seedsCount && missing.size > 0; index++) {
      const { faults } = await runSeed(definition, index);
      for (const { fault, bit } of faults) if (bit) missing.delete(fault);
    }
    expect([...missing]).toEqual([]);
  });
});
