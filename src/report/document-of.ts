/** Results as the JSON documents of `documents.ts`. Only its types are taken: writing a document loads no schema. */
import type { Finding, ScenarioResult, SuiteResult } from "../runner/finding/finding.ts";
import type { RunRecord, TraceRecord, Verdict } from "../runner/run/record.ts";
import type { BugsResult } from "../runner/suite/bugs.ts";
import type {
  BenchDocument,
  BugsDocument,
  FindingDocument,
  ListDocument,
  ReplayDocument,
  RunDocument,
  ScenarioDocument,
  ShrinkDocument,
} from "./documents.ts";
import type { Listing } from "./listing.ts";
import { formatMoment } from "../base/time.ts";

/** The document of a suite. */
export function runDocument(result: SuiteResult): RunDocument {
  return {
    schemaVersion: 1,
    verdict: result.verdict,
    ok: result.exitCode === 0,
    exitCode: result.exitCode,
    hash: result.hash,
    from: result.from,
    jobs: result.jobs,
    interrupted: result.interrupted,
    seeds: result.seeds,
    seedsPlanned: result.seedsPlanned,
    wallSeconds: seconds(result.wallMicros),
    findings: result.findings.map(findingDocument),
    scenarios: result.scenarios.map(scenarioDocument),
    harnessErrors: [...result.harnessErrors],
  };
}

/** What a replay found, besides the run itself. */
export interface ReplayOutcome {
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly cpuMicros: number;
  readonly repro: string;
  readonly isSame: boolean | null;
  /** `sometimes` properties of the scenario. */
  readonly properties: readonly string[];
  readonly trace: readonly TraceRecord[];
}

/** The document of a replay: that of a suite of one seed. */
export function replayDocument(record: RunRecord, outcome: ReplayOutcome): ReplayDocument {
  const { plan, failure } = record;
  const findings = failure === null ? [] : [failureDocument(record, [plan.seed], outcome.repro)];
  return {
    schemaVersion: 1,
    verdict: outcome.verdict,
    ok: outcome.exitCode === 0,
    exitCode: outcome.exitCode,
    hash: record.hash,
    seed: plan.seed,
    bug: record.bug,
    events: record.events,
    isSame: outcome.isSame,
    findings,
    scenarios: [replayedScenario(record, outcome)],
    trace: outcome.trace.map(({ event, at, process, kind, text }) => ({
      event,
      virtualMicros: at,
      process,
      kind,
      text,
    })),
  };
}

/** The document of a shrinking; `file` is the path of the repro file. */
export function shrinkDocument(finding: Finding, file: string): ShrinkDocument {
  return { schemaVersion: 1, finding: findingDocument(finding), file };
}

/** The document of planted bugs. */
export function bugsDocument(result: BugsResult): BugsDocument {
  return {
    schemaVersion: 1,
    ok: result.exitCode === 0,
    exitCode: result.exitCode,
    from: result.from,
    seeds: result.seeds,
    interrupted: result.interrupted,
    harnessErrors: [...result.harnessErrors],
    bugs: result.bugs.map(({ cpuMicros, ...row }) => ({ ...row, cpuSeconds: seconds(cpuMicros) })),
  };
}

/** The document of measurements. */
export function benchDocument(benchmarks: BenchDocument["benchmarks"]): BenchDocument {
  return { schemaVersion: 1, benchmarks };
}

/** The document of a listing. */
export function listDocument(listing: Listing): ListDocument {
  return { schemaVersion: 1, ...structuredClone(listing) } as ListDocument;
}

/** The JSON text of a document, with a newline behind it. */
export function documentText(document: { readonly schemaVersion: 1 }): string {
  return `${JSON.stringify(document, null, 2)}\n`;
}

function findingDocument(finding: Finding): FindingDocument {
  const { record, shrunk } = finding;
  return {
    ...failureDocument(record, finding.seeds, finding.repro),
    signature: finding.signature,
    items: shrunk.plan.items.length,
    itemsBefore: shrunk.itemsBefore,
    runs: shrunk.runs,
    verified: shrunk.verified,
    minimal: shrunk.minimal,
  };
}

function failureDocument(record: RunRecord, seeds: readonly string[], repro: string): FindingDocument {
  const failure = record.failure!;
  const items = record.plan.items.length;
  return {
    signature: failure.signature,
    verdict: failure.verdict,
    invariant: failure.invariant,
    scenario: record.plan.scenario,
    seeds: [...seeds],
    message: failure.message,
    virtualTime: formatMoment(failure.at),
    virtualMicros: failure.at,
    process: failure.process,
    place: failure.place ?? null,
    expected: (failure.expected ?? null) as FindingDocument["expected"],
    observed: (failure.observed ?? null) as FindingDocument["observed"],
    items,
    itemsBefore: items,
    runs: 0,
    verified: false,
    minimal: false,
    repro,
    hash: record.hash,
  };
}

function scenarioDocument(scenario: ScenarioResult): ScenarioDocument {
  return {
    name: scenario.name,
    seeds: scenario.seeds,
    seedsPlanned: scenario.seedsPlanned,
    failedSeeds: scenario.failedSeeds,
    found: scenario.found,
    virtualSeconds: seconds(scenario.virtualMicros),
    cpuSeconds: seconds(scenario.cpuMicros),
    events: scenario.events,
    inertFaults: [...scenario.inertFaults],
    unreached: [...scenario.unreached],
    reached: [...scenario.reached],
    faults: scenario.faults.map((fault) => ({ ...fault })),
    hash: scenario.hash,
  };
}

function replayedScenario(record: RunRecord, outcome: ReplayOutcome): ScenarioDocument {
  const ids = [...new Set(record.faults.map((fate) => fate.fault))];
  const faults = ids.map((fault) => {
    const fates = record.faults.filter((fate) => fate.fault === fault);
    const count = (isCounted: (fate: (typeof fates)[number]) => boolean): number => fates.filter(isCounted).length;
    return { fault, runs: 1, injected: count((fate) => fate.injected), bit: count((fate) => fate.bit) };
  });
  const failed = record.failure === null ? 0 : 1;
  return {
    name: record.plan.scenario,
    seeds: 1,
    seedsPlanned: 1,
    failedSeeds: failed,
    found: failed,
    virtualSeconds: seconds(record.endedAt),
    cpuSeconds: seconds(outcome.cpuMicros),
    events: record.events,
    inertFaults: faults.filter((fault) => fault.bit === 0).map(({ fault }) => fault),
    unreached: outcome.properties.filter((property) => !record.reached.includes(property)),
    reached: [...record.reached],
    faults,
    hash: record.hash,
  };
}

function seconds(micros: number): number {
  return Math.round(micros) / 1_000_000;
}
