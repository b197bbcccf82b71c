/**
 * `simulate`: a simulation inside any program or test runner. Runs seeds one after the other in this thread; what fails
 * is executed again, shrunk and explained before it is returned. The `wavetank` command does the same over worker
 * threads, where each failing seed is also run again alone in a fresh one.
 */
import type { Finding } from "../runner/finding.ts";
import type { RunRecord, Verdict } from "../runner/record.ts";
import type { SimDefinition } from "../runner/definition.ts";
import { UsageError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import { coverage } from "../runner/coverage.ts";
import { execute } from "../runner/execute.ts";
import { groupFailures } from "../runner/findings.ts";
import { generatePlan } from "../runner/generate.ts";

import { nextSeed, parseSeed, seedFromText } from "../runner/seed.ts";
import { toDefinition, type Body, type SimulationOptions } from "./define-scenario.ts";

export interface SimulateOptions<Policies extends object = object> extends SimulationOptions<Policies> {
  readonly name?: string;
  /** Number of seeds; default 100. */
  readonly seeds?: number;
  /** First seed; derived from the name unless given, so that a test is the same every time. */
  readonly from?: string;
  /** Plants a bug by its id. */
  readonly plant?: string;
  /** Stops after so many distinct findings; default 1. */
  readonly maxFailures?: number;
}

export interface SimulateResult {
  readonly ok: boolean;
  readonly verdict: Verdict;
  readonly seeds: number;
  readonly from: string;
  /** Hash of the last run. */
  readonly hash: string;
  readonly findings: readonly Finding[];
  /** `sometimes` properties that no run reached. */
  readonly unreached: readonly string[];
  /** Fault families that never took effect. */
  readonly inertFaults: readonly string[];
}

/** From this number of seeds on, an inert fault or an unreached property makes the verdict `vacuous`. */
const vacuousFrom = 50;
/** Every so many seeds one is executed twice, the second time in checking mode. */
const checkEvery = 16;

/** Runs a simulation. Rejects with `UsageError` for options that are wrong; a failing run is data, not a rejection. */
export async function simulate<Policies extends object = object>(
  options: SimulateOptions<Policies>,
  body: Body<Policies>,
): Promise<SimulateResult> {
  const { name = "simulation", seeds = 100, from, plant, maxFailures = 1, ...rest } = options;
  const definition = toDefinition(name, rest, body);
  if (!Number.isSafeInteger(seeds) || seeds < 1) {
    throw new UsageError(`${name}: seeds is ${String(seeds)}, which is no whole number from 1`);
  }
  const start = from === undefined ? seedFromText(name) : parseSeed(from);
  const records: RunRecord[] = [];
  const failed = new Set<string>();
  for (let index = 0; index < seeds && failed.size < maxFailures; index++) {
    const record = await runSeed(definition, nextSeed(start, index), plant ?? null, index % checkEvery === 0);
    records.push(record);
    if (record.failure !== null) failed.add(record.failure.signature);
  }
  const versions = { node: globalThis.process.version, wavetank: version };
  const findings: Finding[] = [];
  const { investigate } = await import("../runner/investigate.ts"); // the rare path, and the one that loads zod
  for (const group of groupFailures(records, (record) => records.indexOf(record))) {
    findings.push(await investigate(definition, group.record, { bug: plant ?? null, seeds: group.seeds, versions }));
  }
  const { unreached, inertFaults } = coverage(definition, records);
  const isVacuous = records.length >= vacuousFrom && unreached.length + inertFaults.length > 0;
  const verdict = findings[0]?.verdict ?? (isVacuous ? "vacuous" : "passed");
  const hash = records.at(-1)!.hash;
  return {
    ok: verdict === "passed",
    verdict,
    seeds: records.length,
    from: start,
    hash,
    findings,
    unreached,
    inertFaults,
  };
}

/** One seed; a failing or sampled one is executed again and must do the same. */
async function runSeed(
  definition: SimDefinition,
  seed: string,
  bug: string | null,
  isSampled: boolean,
): Promise<RunRecord> {
  const plan = generatePlan(definition, seed);
  const record = await execute(definition, plan, { bug });
  if (record.failure === null && !isSampled) return record;
  const again = await execute(definition, plan, { bug, checking: isSampled });
  if (again.hash === record.hash || record.failure?.verdict === "out-of-budget") return record;
  return again.failure?.verdict === "diverged" ? again : diverged(record);
}

function diverged(record: RunRecord): RunRecord {
  return {
    ...record,
    verdict: "diverged",
    failure: {
      verdict: "diverged",
      signature: "nondeterminism:two executions differ",
      invariant: "nondeterminism",
      subject: "two executions differ",
      message:
        "one plan was executed twice and did not do the same: something outside the run enters it, such as state that the module keeps between runs",
      at: record.endedAt,
      process: null,
      event: record.events,
    },
  };
}
