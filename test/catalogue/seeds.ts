/** The seeds that the tests of the catalogue use: the same ones in every test, so that their runs can be compared. */
import type { SimDefinition } from "../../src/runner/definition.ts";
import type { RunRecord } from "../../src/runner/run/record.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { generatePlan } from "../../src/runner/plan/generate.ts";
import { nextSeed, seedFromBits } from "../../src/runner/plan/seed.ts";

const first = seedFromBits(1n);

export function seedAt(index: number): string {
  return nextSeed(first, index);
}

/** Runs the sound code on a seed, or the code with a bug. */
export function runSeed(definition: SimDefinition, index: number, bug: string | null = null): Promise<RunRecord> {
  return execute(definition, generatePlan(definition, seedAt(index)), { bug });
}
