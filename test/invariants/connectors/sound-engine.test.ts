/** Sources, sinks and views under faults: the sound engine breaks no rule, and every rule has something to judge. */
import { beforeAll, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { invariants } from "../../../src/invariants/registry.ts";
import type { InvariantDefinition } from "../../../src/runner/definition.ts";
import { generatePlan } from "../../../src/runner/plan/generate.ts";
import { nextSeed } from "../../../src/runner/plan/seed.ts";
import { execute } from "../../../src/runner/run/execute.ts";
import { connectorDefinition } from "../../support/connector-run.ts";

beforeAll(loadPgParser);

const seedsCount = 20;

const judged = [
  "S-CONN-2",
  "S-CONN-3",
  "S-CONN-4",
  "S-CONN-5",
  "S-ING-1",
  "S-ING-2",
  "S-ERR-1",
  "S-ERR-3",
  "S-SINK-1",
  "S-SINK-2",
  "S-SINK-3",
  "S-SINK-5",
  "S-SINK-6",
  "ORACLE-VIEW",
  "ORACLE-READ",
  "L-CONN-1",
  "L-CONN-2",
  "L-CONN-4",
  "L-SINK-1",
] as const;

/** The rule, and the kinds of observation that it was shown. */
function noting(rule: InvariantDefinition, seen: Set<string>): InvariantDefinition {
  const on = Object.entries(rule.on).map(([kind, see]) => {
    const noted: typeof see = (state, data, observation) => {
      seen.add(kind);
      return see(state, data, observation);
    };
    return [kind, noted] as const;
  });
  return { ...rule, on: Object.fromEntries(on) };
}

it(`${seedsCount} seeds break nothing`, { timeout: 120_000 }, async () => {
  const seen = new Map(judged.map((id) => [id, new Set<string>()]));
  const rules = judged.map((id) => noting(invariants[id] as InvariantDefinition, seen.get(id)!));
  const definition = connectorDefinition(rules);
  for (let seed = 0; seed < seedsCount; seed++) {
    const { failure } = await execute(definition, generatePlan(definition, nextSeed("0", seed)));
    expect(failure, `seed ${seed}`).toBeNull();
  }
  for (const [index, id] of judged.entries()) {
    const missing = Object.keys(rules[index]!.on).filter((kind) => !seen.get(id)!.has(kind));
    const unseen = missing.filter((kind) => kind !== "kafka.topic-deleted");
    expect(unseen, `kinds that ${id} never saw`).toEqual([]);
  }
});
