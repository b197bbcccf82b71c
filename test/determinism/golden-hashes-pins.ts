/**
 * What is pinned, and how it is worked out. `golden-hashes.json` holds, by scenario and seed, a hash of the plan that is
 * generated and the hash of its run; so a change shows whether it moved plans or runs. After a change that is meant to,
 * write it anew: `UPDATE_GOLDEN=1 npx vitest run test/determinism/golden-hashes.test.ts`.
 */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { hashText, hex64 } from "../../src/base/hash.ts";
import { canonicalJson } from "../../src/base/json.ts";
import type { SimDefinition } from "../../src/runner/definition.ts";
import { execute } from "../../src/runner/run/execute.ts";
import { generatePlan } from "../../src/runner/plan/generate.ts";
import { nextSeed, parseSeed } from "../../src/runner/plan/seed.ts";
import { engineRows } from "../catalogue/engine-rows.ts";
import { catalogue } from "../catalogue/scenarios.ts";
import { machineRoom } from "./golden-hashes-world.ts";

const schema = z.record(z.string(), z.record(z.string(), z.object({ plan: z.string(), run: z.string() })));

/** Hashes by scenario and seed. */
export type Pins = z.infer<typeof schema>;

export const pinsFile: string = fileURLToPath(new URL("./golden-hashes.json", import.meta.url));

/** The world beside this file, and every scenario that comes with Wavetank. */
export const definitions: readonly SimDefinition[] = [
  machineRoom.definition,
  ...catalogue.map(({ definition }) => definition),
  ...engineRows.map(({ definition }) => definition),
];

export const seeds: readonly string[] = Array.from({ length: 5 }, (_, index) => nextSeed(parseSeed("1"), index));

export function pinned(): Pins {
  return schema.parse(JSON.parse(readFileSync(pinsFile, "utf8")));
}

/** Generates and executes the seeds of one scenario. Throws when a run does not pass. */
export async function pinsOf(definition: SimDefinition): Promise<Pins[string]> {
  const pins: Pins[string] = {};
  for (const seed of seeds) {
    const plan = generatePlan(definition, seed);
    const record = await execute(definition, plan);
    if (record.failure !== null) throw new Error(`${definition.name}, seed ${seed}: ${record.failure.message}`);
    const text = canonicalJson(plan);
    pins[seed] = { plan: hex64(hashText(text), hashText(text, 1)), run: record.hash };
  }
  return pins;
}
