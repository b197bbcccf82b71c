/** What a suite can be told. */
import type { SuiteProgress } from "../finding/finding.ts";
import type { SteeringRequest, TaskRunner } from "../pool/messages.ts";
import type { ScenarioSource } from "../pool/scenario-source.ts";
import type { Shard } from "./schedule.ts";
import { UsageError } from "../../base/errors.ts";

export interface SuiteOptions {
  /** From `findScenarioFiles`. */
  readonly source: ScenarioSource;
  /** Module of the worker threads: `workerEntry` of `scenario/load.ts`. */
  readonly worker: URL;
  /** Scenarios to run; all when empty. */
  readonly names?: readonly string[] | undefined;
  /** Seeds of each scenario. */
  readonly seeds: number;
  /** The first seed. */
  readonly from: string;
  /** Worker threads; default the cores of the machine. */
  readonly jobs?: number | undefined;
  /** Distinct failures after which a scenario is stopped; default 5. */
  readonly maxFailures?: number | undefined;
  /** Plants a bug; only scenarios that have it are run. */
  readonly bug?: string | null | undefined;
  readonly steering?: SteeringRequest | undefined;
  /** Real time after which no further seeds are begun. */
  readonly budgetMillis?: number | undefined;
  /** Runs only one part of the seeds. */
  readonly shard?: Shard | undefined;
  /** Every so many seeds of a scenario one is executed twice; default 16. */
  readonly determinismEvery?: number | undefined;
  /** Real milliseconds without progress after which a worker is given up; default 20,000. */
  readonly hangMillis?: number | undefined;
  readonly onProgress?: ((now: SuiteProgress) => void) | undefined;
  /** Ends the suite early, with what was found so far. */
  readonly signal?: AbortSignal | undefined;
  /** Who carries out the tasks instead of worker threads: for tests. */
  readonly runner?: TaskRunner | undefined;
}

/** Throws `UsageError` naming the option, its value and what is allowed. */
export function checkOptions(options: Pick<SuiteOptions, "seeds" | "jobs" | "maxFailures" | "shard">): void {
  const { seeds, jobs, maxFailures, shard } = options;
  checkCount("seeds", seeds, 1_000_000);
  if (jobs !== undefined) checkCount("jobs", jobs, 1_024);
  if (maxFailures !== undefined) checkCount("maxFailures", maxFailures, 1_000);
  if (shard === undefined) return;
  checkCount("the number of shards", shard.count, 1_000_000);
  checkCount("the shard", shard.index, shard.count);
}

function checkCount(name: string, value: number, max: number): void {
  if (Number.isSafeInteger(value) && value >= 1 && value <= max) return;
  throw new UsageError(`${name} is ${String(value)}, it must be a whole number from 1 to ${max}`);
}
