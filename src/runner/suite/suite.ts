/**
 * A suite: seeds of scenarios over worker threads, what fails looked at again, shrunk and explained, everything counted
 * and judged. What a suite comes to depends on the code, the seeds and the options, not on workers or time; a time
 * budget and an interruption decide how many seeds there are.
 */
import type { ScenarioFold } from "./fold.ts";
import type { SuiteProgress, SuiteResult } from "../finding/finding.ts";
import type { Listing, TaskRunner } from "../pool/messages.ts";
import type { SuiteOptions } from "./options.ts";
import { performanceNow } from "../../ambient/real.ts";
import { UsageError } from "../../base/errors.ts";
import { unknownName } from "../../base/nearest.ts";
import { foldHashes, ScenarioFold as Fold } from "./fold.ts";
import { coresCount, WorkerPool } from "../pool/pool.ts";
import { parseSeed } from "../plan/seed.ts";
import { runFindingsPhase } from "./findings-phase.ts";
import { checkOptions } from "./options.ts";
import { ScenarioWork, shardSize, type Shard } from "./schedule.ts";
import { runSeedsPhase } from "./seeds-phase.ts";
import { isSteered } from "../pool/suite-steering.ts";
import { judgeSuite } from "./verdict.ts";

export type { SuiteOptions } from "./options.ts";

/** Distinct failures after which a scenario is stopped, unless said otherwise. */
export const failuresMaxDefault = 5;
/** Every so many seeds one is executed twice, unless said otherwise. */
export const determinismEveryDefault = 16;

/** At most one picture of progress in so much real time. */
const progressMillis = 50;

/**
 * Runs a suite. Rejects with `UsageError` for wrong options, scenarios that cannot be loaded and names that do not exist;
 * whatever else goes wrong is in the result.
 */
export async function runSuite(options: SuiteOptions): Promise<SuiteResult> {
  checkOptions(options);
  return withPool(options, (runner, jobs) => run(options, runner, jobs));
}

/** Calls `act` with the pool that the options ask for, and ends it afterwards. */
export async function withPool<T>(
  options: Pick<SuiteOptions, "worker" | "jobs" | "hangMillis" | "runner">,
  act: (runner: TaskRunner, jobs: number) => Promise<T>,
): Promise<T> {
  const jobs = options.jobs ?? coresCount();
  if (options.runner !== undefined) return act(options.runner, jobs);
  const pool = new WorkerPool({ entry: options.worker, jobs, hangMillis: options.hangMillis });
  pool.warm(jobs);
  try {
    return await act(pool, jobs);
  } finally {
    await pool.close();
  }
}

/** The scenarios asked for. Throws `UsageError` for what is wrong with them, however it shows. */
export async function listScenarios(
  runner: TaskRunner,
  options: Pick<SuiteOptions, "source" | "names" | "steering">,
): Promise<Listing> {
  const { source, names = [], steering = {} } = options;
  const outcome = await runner.run({ kind: "list", source, names, steering });
  switch (outcome.kind) {
    case "done":
      return outcome.value;
    case "usage":
      throw new UsageError(outcome.message);
    case "lost": {
      const file = source.files[outcome.step] ?? "a scenario file";
      throw new UsageError(`${file} could not be loaded: ${outcome.message}`);
    }
    case "failed":
      throw new Error(`loading failed: ${outcome.message}`);
    case "cancelled":
      return { scenarios: [], steering: { only: [], without: [], set: [], knownFaults: [], knownKnobs: [] } };
  }
}

async function run(options: SuiteOptions, runner: TaskRunner, jobs: number): Promise<SuiteResult> {
  const started = performanceNow();
  const { signal } = options;
  const harnessErrors: string[] = [];
  const listing = await listUntil(options, runner);
  const works = worksOf(options, listing);
  const folds = works.map((work) => work.fold);
  const progress = new ProgressMeter(options, folds, started);
  const budgetMillis = options.budgetMillis ?? Infinity;
  const onResults = (): void => progress.show(null);
  await runSeedsPhase({ runner, jobs, works, budgetMillis, signal, harnessErrors, onResults });
  const onShrinking = (shrinking: SuiteProgress["shrinking"]): void => progress.show(shrinking);
  const findings = await runFindingsPhase({ runner, signal, harnessErrors, onShrinking }, works);
  const scenarios = folds.map((fold) => fold.result());
  const isInterrupted = signal?.aborted === true;
  return {
    ...judgeSuite({ findings, harnessErrors, scenarios, isInterrupted, isSteered: isSteered(listing.steering) }),
    hash: foldHashes(scenarios.map(({ hash }) => hash)),
    from: parseSeed(options.from),
    jobs,
    interrupted: isInterrupted,
    seedsPlanned: scenarios.reduce((sum, scenario) => sum + scenario.seedsPlanned, 0),
    seeds: scenarios.reduce((sum, scenario) => sum + scenario.seeds, 0),
    wallMicros: Math.round((performanceNow() - started) * 1_000),
    findings,
    scenarios,
    harnessErrors,
  };
}

/** Lists, unless interrupted: loading can take long. */
async function listUntil(options: SuiteOptions, runner: TaskRunner): Promise<Listing> {
  const cancel = (): void => runner.cancel();
  options.signal?.addEventListener("abort", cancel);
  try {
    return await listScenarios(runner, options);
  } finally {
    options.signal?.removeEventListener("abort", cancel);
  }
}

function worksOf(options: SuiteOptions, { scenarios, steering }: Listing): readonly ScenarioWork[] {
  const bug = options.bug ?? null;
  const bugs = scenarios.flatMap((scenario) => scenario.bugs.map(({ id }) => id));
  if (bug !== null && scenarios.length > 0 && !bugs.includes(bug)) {
    throw new UsageError(unknownName("bug", bug, [...new Set(bugs)]));
  }
  const shard: Shard = options.shard ?? { index: 1, count: 1 };
  const from = parseSeed(options.from);
  return scenarios
    .filter((scenario) => bug === null || scenario.bugs.some(({ id }) => id === bug))
    .map((info) => {
      const { name, file } = info;
      return new ScenarioWork({
        use: { name, file, steering, bug },
        fold: new Fold(info, shardSize(options.seeds, shard), options.maxFailures ?? failuresMaxDefault),
        from,
        shard,
        determinismEvery: options.determinismEvery ?? determinismEveryDefault,
      });
    });
}

/** Shows pictures of the suite, no more often than a person can see. */
class ProgressMeter {
  readonly #options: SuiteOptions;
  readonly #folds: readonly ScenarioFold[];
  readonly #started: number;
  #shown = 0;

  constructor(options: SuiteOptions, folds: readonly ScenarioFold[], started: number) {
    this.#options = options;
    this.#folds = folds;
    this.#started = started;
  }

  show(shrinking: SuiteProgress["shrinking"]): void {
    const now = performanceNow();
    if (this.#options.onProgress === undefined || now - this.#shown < progressMillis) return;
    this.#shown = now;
    const scenarios = this.#folds.map((fold) => fold.result());
    this.#options.onProgress({
      scenarios,
      seeds: scenarios.reduce((sum, scenario) => sum + scenario.seeds, 0),
      seedsPlanned: scenarios.reduce((sum, scenario) => sum + scenario.seedsPlanned, 0),
      wallMicros: Math.round((now - this.#started) * 1_000),
      shrinking,
    });
  }
}
