/**
 * `simulate`: a simulation inside any program or test runner. Runs seeds one after the other in this thread; a failing
 * one is run again alone in a fresh thread that loads the calling file anew, shrunk and explained before it is returned.
 * The `wavetank` command does the same over a pool of threads.
 */
import type { Finding } from "../runner/finding/finding.ts";
import type { SeedRun } from "../runner/pool/messages.ts";
import type { RunRecord, Verdict } from "../runner/run/record.ts";
import { UsageError } from "../base/errors.ts";
import { coverage } from "../runner/finding/coverage.ts";
import { runSeed } from "../runner/pool/seed-run.ts";
import { vacuityFromSeeds } from "../runner/suite/verdict.ts";
import { nextSeed, parseSeed, seedFromText } from "../runner/plan/seed.ts";
import { toDefinition, type Body, type SimulationOptions } from "./define-scenario.ts";
import { placeOfCall, type CallPlace } from "./fresh-call.ts";
import { collectorOfThread } from "./fresh-collector.ts";
import { findingsOf, withFailure } from "./simulate-findings.ts";

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
  /**
   * The file that a fresh thread loads to find this call again: `import.meta.url`, or an absolute path. By default the
   * file of the test under vitest, else the one that calls.
   */
  readonly file?: string;
  /**
   * Whether a failing seed is run again in a fresh thread; default true. Loading the file anew runs what stands at its
   * top level, and in its test, up to the call: false where that must not happen twice.
   */
  readonly freshThread?: boolean;
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
  const findPlace = (name: string): CallPlace | null => placeOfCall(simulate, name, options.file);
  return simulateAt(findPlace, options, body);
}

/** `simulate` for callers that know where they stand; `findPlace` is asked at most once, at once. */
export async function simulateAt<Policies extends object>(
  findPlace: (name: string) => CallPlace | null,
  options: SimulateOptions<Policies>,
  body: Body<Policies>,
): Promise<SimulateResult> {
  const {
    name = "simulation",
    seeds = 100,
    from,
    plant,
    maxFailures = 1,
    file: _,
    freshThread = true,
    ...rest
  } = options;
  const definition = toDefinition(name, rest, body);
  if (!Number.isSafeInteger(seeds) || seeds < 1) {
    throw new UsageError(`${name}: seeds is ${String(seeds)}, which is no whole number from 1`);
  }
  const start = from === undefined ? seedFromText(name) : parseSeed(from);
  const collector = collectorOfThread();
  if (collector !== undefined) return collector.offer(definition) ? forever : nothingRun(start);
  const place = freshThread ? findPlace(name) : null;
  const bug = plant ?? null;
  const runs: SeedRun[] = [];
  const records: RunRecord[] = [];
  const failed = new Set<string>();
  for (let index = 0; index < seeds && failed.size < maxFailures; index++) {
    const run = { index, seed: nextSeed(start, index), isChecked: index % checkEvery === 0 };
    const { result, record } = await runSeed(definition, run, bug);
    runs.push(run);
    records.push(withFailure(record, result.failure));
    if (result.failure !== null) failed.add(result.failure.signature);
  }
  const findings = await findingsOf({ definition, bug, place, runs, records, isFreshThread: freshThread });
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

/** What a program awaits that is not to go on. */
const forever: Promise<never> = new Promise(() => undefined);

/** The result of a call that is passed over. */
function nothingRun(from: string): SimulateResult {
  const hash = "0".repeat(16);
  return { ok: true, verdict: "passed", seeds: 0, from, hash, findings: [], unreached: [], inertFaults: [] };
}
