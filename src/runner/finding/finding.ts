/** What a suite finds: failures grouped by cause, shrunk and explained; and what it saw of every scenario. */
import type { Micros } from "../../base/time.ts";
import type { Plan } from "../plan/plan.ts";
import type { RunRecord, Verdict } from "../run/record.ts";

/** What is known of one remaining item after other values and times of it were tried, one at a time. */
export interface ItemExplanation {
  /** Index in the shrunk plan's items. */
  readonly item: number;
  /** `any`: every other value that was tried fails too; `some`: some do; `only`: none does; `none`: there is nothing to vary. */
  readonly values: "any" | "some" | "only" | "none";
  readonly valuesTried: number;
  /** Earliest and latest time tried at which the run still fails in the same way; equal to `at` when it is the only one. */
  readonly earliest: Micros;
  readonly latest: Micros;
  readonly timesTried: number;
}

export interface Shrunk {
  readonly plan: Plan;
  readonly itemsBefore: number;
  /** Executions that shrinking and explaining used. */
  readonly runs: number;
  /** The shrunk plan failed with the same signature and the same hash twice more. */
  readonly verified: boolean;
  /** No single item can go. */
  readonly minimal: boolean;
  /** The plan without any items passes. */
  readonly passesWithoutItems: boolean;
  readonly explanation: readonly ItemExplanation[];
}

export interface Finding {
  readonly signature: string;
  readonly scenario: string;
  readonly verdict: Exclude<Verdict, "passed" | "vacuous">;
  /** Every failing seed of the suite with this signature, in the suite's order; the first is the one that was shrunk. */
  readonly seeds: readonly string[];
  /** The shrunk plan's run, with trace and console. */
  readonly record: RunRecord;
  readonly shrunk: Shrunk;
  /** Pasteable token of the shrunk plan (`repro.ts`). */
  readonly repro: string;
}

export interface FaultCount {
  readonly fault: string;
  /** Runs whose plan held it. */
  readonly runs: number;
  readonly injected: number;
  readonly bit: number;
}

export interface ScenarioResult {
  readonly name: string;
  readonly doc: string;
  readonly seedsPlanned: number;
  /** Seeds done. */
  readonly seeds: number;
  readonly failedSeeds: number;
  /** Distinct signatures. */
  readonly found: number;
  readonly virtualMicros: number;
  readonly cpuMicros: number;
  readonly events: number;
  readonly faults: readonly FaultCount[];
  /** Families that were injected in no run, or never left their witness. */
  readonly inertFaults: readonly string[];
  readonly reached: readonly string[];
  readonly unreached: readonly string[];
  /** Folded from the hashes of its runs in the order of seeds: independent of workers. */
  readonly hash: string;
}

export interface SuiteResult {
  readonly verdict: Verdict;
  readonly exitCode: number;
  readonly hash: string;
  readonly from: string;
  readonly jobs: number;
  readonly interrupted: boolean;
  readonly seedsPlanned: number;
  readonly seeds: number;
  readonly wallMicros: number;
  readonly findings: readonly Finding[];
  readonly scenarios: readonly ScenarioResult[];
  /** Faults of the harness itself: a worker that died or hung, with what it was running. */
  readonly harnessErrors: readonly string[];
}

/** A picture of a suite under way, for live display. */
export interface SuiteProgress {
  readonly scenarios: readonly ScenarioResult[];
  readonly seeds: number;
  readonly seedsPlanned: number;
  readonly wallMicros: number;
  /** What is being shrunk right now: signature, items before and now. */
  readonly shrinking: {
    readonly signature: string;
    readonly itemsBefore: number;
    readonly items: number;
  } | null;
}
