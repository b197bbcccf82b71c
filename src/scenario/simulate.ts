/**
 * `simulate`: a simulation inside any program or test runner. Runs seeds one after the other in this thread; what fails
 * is executed again, shrunk and explained before it is returned. The `wavetank` command does the same over worker
 * threads, where each failing seed is also run again alone in a fresh one.
 */
import type { Finding } from "../runner/finding/finding.ts";
import type { Failure, RunRecord, Verdict } from "../runner/run/record.ts";
import type { SimDefinition } from "../runner/definition.ts";
import { UsageError } from "../base/errors.ts";
import { version } from "../base/version.ts";
import { coverage } from "../runner/finding/coverage.ts";
import { groupFailures } from "../runner/finding/failure-groups.ts";

import { runSeed as execSeed, type SeedOutcome } from "../runner/pool/seed-run.ts";
import { vacuityFromSeeds } from "../runner/suite/verdict.ts";
import { nextSeed, parseSeed, seedFromText } from "../runner/plan/seed.ts";
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
  const bug = plant ?? null;
  const records: RunRecord[] = [];
  const failed = new Set<string>();
  for (let index = 0; index < seeds && failed.size < maxFailures; index++) {
    const record = await runSeed(definition, nextSeed(start, index), bug, index % checkEvery === 0);
    records.push(record);
    if (record.failure !== null) failed.add(record.failure.signature);
  }
  const findings = await findingsOf(definition, records, bug);
  const { unreached, inertFaults } = coverage(definition, records);
  const isVacuous = records.length >= vacuityFromSeeds && unreached.length + inertFaults.length > 0;
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
  const run = (isChecked: boolean): Promise<SeedOutcome> => execSeed(definition, { index: 0, seed, isChecked }, bug);
  const first = await run(isSampled);
  const last = isSampled || first.result.failure === null ? first : await run(true);
  const { record } = first;
  return last.result.failure === record.failure ? record : diverged(record, last.result.failure);
}

/** A record whose failure is that of a later execution of the same plan. */
function diverged(record: RunRecord, failure: Failure | null): RunRecord {
  if (failure?.signature === record.failure?.signature) return record;
  const shown = failure ?? leftBehind(record);
  return { ...record, verdict: shown.verdict, failure: shown };
}

/** What failed once and then passed. */
function leftBehind(record: RunRecord): Failure {
  return {
    ...record.failure!,
    verdict: "diverged",
    signature: "module-state",
    invariant: "module-state",
    subject: "",
    message: `failed once (${record.failure!.message}) and passed when run again: a module keeps state between runs`,
  };
}

async function findingsOf(
  definition: SimDefinition,
  records: readonly RunRecord[],
  bug: string | null,
): Promise<Finding[]> {
  const groups = groupFailures(records, (record) => records.indexOf(record));
  if (groups.length === 0) return [];
  const { investigate, unshrunkFinding } = await import("../runner/shrink/investigate.ts"); // it loads zod
  const versions = { node: globalThis.process.version, wavetank: version };
  const findings: Finding[] = [];
  for (const { record, seeds } of groups) {
    const { failure } = record;
    if (failure!.verdict === "diverged") findings.push(unshrunkFinding(record, failure!, { seeds, versions }));
    else findings.push(await investigate(definition, record, { bug, seeds, versions }));
  }
  return findings;
}
