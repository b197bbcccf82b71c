/**
 * Planted bugs: each bug of each scenario, one at a time, must be caught by the invariant that it names; and the code
 * without it must pass the seeds that it took. Seeds are judged in their order, so that the figures are the same whatever
 * the number of workers. A bug that another invariant catches first goes on to further seeds: being noticed by accident
 * is not being caught.
 */
import type { Listing, Outcome, RunResult, ScenarioInfo, ScenarioUse, SeedRun, TaskRunner } from "../pool/messages.ts";
import type { SuiteOptions } from "./options.ts";
import { performanceNow } from "../../ambient/real.ts";
import { UsageError } from "../../base/errors.ts";
import { unknownName } from "../../base/nearest.ts";
import { lostResult } from "./fold.ts";
import { nextSeed, parseSeed } from "../plan/seed.ts";
import { checkOptions } from "./options.ts";
import { exitCodes, interruptedExitCode } from "./verdict.ts";
import { listScenarios, withPool } from "./suite.ts";

/** What became of one planted bug. */
export interface BugResult {
  readonly id: string;
  readonly title: string;
  readonly source: string;
  readonly scenario: string;
  /** The invariant that must catch it. */
  readonly invariant: string;
  /** By its own invariant. */
  readonly caught: boolean;
  /** The invariant that caught it: its own, else the first other one; null when nothing did. */
  readonly caughtBy: string | null;
  /** Seeds run until its own invariant caught it, that one included; null when it never did. */
  readonly seedsToCatch: number | null;
  /** Seeds run with the bug. */
  readonly seeds: number;
  /** Real time of these runs in their threads. */
  readonly cpuMicros: number;
  /** Items of the smallest shrunk plan; null when it was not caught or could not be shrunk. */
  readonly shrunkItems: number | null;
  /** The code without the bug passes the same seeds. */
  readonly soundIsClean: boolean;
}

export interface BugsResult {
  readonly bugs: readonly BugResult[];
  /** 0 when all are caught and the sound code is clean, 4 otherwise, 5 for faults of the harness, 130 interrupted. */
  readonly exitCode: number;
  readonly from: string;
  readonly seeds: number;
  readonly interrupted: boolean;
  readonly wallMicros: number;
  readonly harnessErrors: readonly string[];
}

export interface BugsOptions extends Pick<
  SuiteOptions,
  "source" | "worker" | "names" | "seeds" | "from" | "jobs" | "hangMillis" | "signal" | "runner"
> {
  /** Ids of the bugs to plant; all when empty. */
  readonly bugs?: readonly string[] | undefined;
  /** Called with the rows that are complete, in the order of bugs. */
  readonly onProgress?: ((rows: readonly BugResult[], total: number) => void) | undefined;
}

/** Seeds of one task. Fixed: a bug's seeds are run in order, and what is run too much is little. */
const chunkSeeds = 8;

/** A repro of so many items is a short story; for a longer one a few more deaths are looked at. */
const itemsWanted = 5;
const furtherDeaths = 3;

/** Plants bugs. Rejects with `UsageError` as `runSuite` does, and for a bug that no scenario has. */
export async function runBugs(options: BugsOptions): Promise<BugsResult> {
  checkOptions(options);
  return withPool(options, async (runner) => {
    const started = performanceNow();
    const cancel = (): void => runner.cancel();
    options.signal?.addEventListener("abort", cancel);
    try {
      const listing = await listScenarios(runner, options);
      const hunt = new Hunt(options, runner, listing);
      const bugs = await hunt.run();
      const interrupted = options.signal?.aborted === true;
      const { harnessErrors } = hunt;
      const isWhole = bugs.every((bug) => bug.caught && bug.soundIsClean);
      const verdict = harnessErrors.length > 0 ? "out-of-budget" : isWhole ? "passed" : "vacuous";
      return {
        bugs,
        exitCode: interrupted ? interruptedExitCode : exitCodes[verdict],
        from: parseSeed(options.from),
        seeds: options.seeds,
        interrupted,
        wallMicros: Math.round((performanceNow() - started) * 1_000),
        harnessErrors,
      };
    } finally {
      options.signal?.removeEventListener("abort", cancel);
    }
  });
}

/** How far the seeds of one bug were looked through. */
interface Search {
  seeds: number;
  cpuMicros: number;
  /** What broke first. */
  caughtBy: string | null;
  /** Results that were not looked at yet, in the order of seeds. */
  readonly waiting: RunResult[];
}

type Planted = { readonly scenario: ScenarioInfo; readonly bug: ScenarioInfo["bugs"][number] };

/** One go over all bugs. */
class Hunt {
  readonly harnessErrors: string[] = [];
  readonly #options: BugsOptions;
  readonly #runner: TaskRunner;
  readonly #listing: Listing;
  readonly #planted: readonly Planted[];
  /** Failing positions of the sound code by scenario, and how many seeds are known. */
  readonly #sound = new Map<string, Promise<readonly boolean[]>>();

  constructor(options: BugsOptions, runner: TaskRunner, listing: Listing) {
    this.#options = options;
    this.#runner = runner;
    this.#listing = listing;
    const all = listing.scenarios.flatMap((scenario) => scenario.bugs.map((bug) => ({ scenario, bug })));
    const known = [...new Set(all.map(({ bug }) => bug.id))];
    for (const id of options.bugs ?? []) {
      if (!known.includes(id)) throw new UsageError(unknownName("bug", id, known));
    }
    const wanted = options.bugs ?? [];
    this.#planted = wanted.length === 0 ? all : all.filter(({ bug }) => wanted.includes(bug.id));
  }

  /** The rows, in the order of scenarios and of their bugs; of an interrupted hunt those that are complete. */
  async run(): Promise<readonly BugResult[]> {
    const rows: (BugResult | null)[] = this.#planted.map(() => null);
    const complete = (): readonly BugResult[] => rows.filter((row) => row !== null);
    const hunts = this.#planted.map(async (planted, place) => {
      rows[place] = await this.#plant(planted);
      this.#options.onProgress?.(complete(), rows.length);
    });
    await Promise.all(hunts);
    return complete();
  }

  async #plant({ scenario, bug }: Planted): Promise<BugResult | null> {
    const use = this.#useOf(scenario, bug.id);
    const search: Search = { seeds: 0, cpuMicros: 0, caughtBy: null, waiting: [] };
    const caught = await this.#nextDeath(use, bug.breaks, search);
    if (caught === undefined) return null;
    const { seeds, cpuMicros } = search;
    const { id, title, source, breaks } = bug;
    return {
      id,
      title,
      source,
      scenario: scenario.name,
      invariant: breaks,
      caught: caught !== null,
      caughtBy: caught === null ? search.caughtBy : breaks,
      seedsToCatch: caught === null ? null : seeds,
      seeds,
      cpuMicros,
      shrunkItems: caught === null ? null : await this.#smallest(use, breaks, caught, search),
      soundIsClean: await this.#isSoundClean(scenario, search.seeds),
    };
  }

  /** Items of the smallest repro: of this death, and while that is a long story, of a few that follow. */
  async #smallest(use: ScenarioUse, breaks: string, caught: RunResult, search: Search): Promise<number | null> {
    let smallest = await this.#shrink(use, caught);
    for (let more = 0; more < furtherDeaths && (smallest ?? Infinity) > itemsWanted; more++) {
      const death = await this.#nextDeath(use, breaks, search);
      if (death === undefined || death === null) break;
      const items = await this.#shrink(use, death);
      if (items !== null) smallest = Math.min(items, smallest ?? items);
    }
    return smallest;
  }

  /** The next run that breaks an invariant; null when no seeds are left, undefined when interrupted. */
  async #nextDeath(use: ScenarioUse, breaks: string, search: Search): Promise<RunResult | null | undefined> {
    for (;;) {
      const result = search.waiting.shift();
      if (result === undefined) {
        const count = Math.min(chunkSeeds, this.#options.seeds - search.seeds);
        if (count === 0) return null;
        const results = await this.#runSeeds(use, search.seeds, count);
        if (results === null) return undefined;
        search.waiting.push(...results);
        continue;
      }
      search.seeds++;
      search.cpuMicros += result.cpuMicros;
      search.caughtBy ??= result.failure?.invariant ?? null;
      if (result.failure?.invariant === breaks) return result;
    }
  }

  /** Results in the order of seeds; null when interrupted. */
  async #runSeeds(use: ScenarioUse, first: number, count: number): Promise<readonly RunResult[] | null> {
    const runs = Array.from({ length: count }, (_, offset): SeedRun => {
      const index = first + offset;
      return { index, seed: nextSeed(this.#options.from, index), isChecked: false };
    });
    const results = new Map<number, RunResult>();
    while (results.size < count) {
      const left = runs.filter((run) => !results.has(run.index));
      const outcome = await this.#runner.run(
        { kind: "seeds", use, runs: left },
        {
          onNote: (note) => {
            if (note.kind === "results") for (const result of note.results) results.set(result.index, result);
          },
        },
      );
      if (outcome.kind === "cancelled") return null;
      if (outcome.kind === "lost") {
        const lost = left.find((run) => run.index === outcome.step && !results.has(run.index)) ?? left[0]!;
        results.set(lost.index, lostResult(lost, outcome.how, outcome.message));
      }
      if (!this.#isSettled(use, outcome)) return null;
    }
    return runs.map((run) => results.get(run.index)!);
  }

  /** Notes what the harness did wrong; false when there is no use in going on. */
  #isSettled(use: ScenarioUse, outcome: Outcome<unknown>): boolean {
    if (outcome.kind === "usage") throw new UsageError(outcome.message);
    if (outcome.kind === "done" || outcome.kind === "cancelled") return true;
    const what = outcome.kind === "lost" ? `worker ${outcome.how}: ${outcome.message}` : outcome.message;
    const planted = use.bug === null ? "without a bug" : `with ${use.bug}`;
    this.harnessErrors.push(`scenario ${use.name} ${planted}: ${what}`);
    return outcome.kind === "lost";
  }

  async #shrink(use: ScenarioUse, caught: RunResult): Promise<number | null> {
    const outcome = await this.#runner.run(
      {
        kind: "examine",
        use,
        run: { index: caught.index, seed: caught.seed, isChecked: false },
        signature: caught.failure!.signature,
        seeds: [caught.seed],
        isShrunk: true,
      },
      { isFresh: true },
    );
    this.#isSettled(use, outcome);
    if (outcome.kind !== "done" || !outcome.value.isConfirmed) return null;
    return outcome.value.finding.shrunk.plan.items.length;
  }

  /** Whether the code without bugs passes the first `seeds` seeds. Bugs of one scenario share these runs. */
  async #isSoundClean(scenario: ScenarioInfo, seeds: number): Promise<boolean> {
    const before = this.#sound.get(scenario.name) ?? Promise.resolve([]);
    const known = before.then(async (passed) => {
      const missing = seeds - passed.length;
      if (missing <= 0) return passed;
      const results = await this.#runSeeds(this.#useOf(scenario, null), passed.length, missing);
      return [...passed, ...(results ?? []).map((result) => result.failure === null)];
    });
    this.#sound.set(scenario.name, known);
    const passed = (await known).slice(0, seeds);
    return passed.length === seeds && passed.every((each) => each);
  }

  #useOf({ name, file }: ScenarioInfo, bug: string | null): ScenarioUse {
    return { name, file, steering: this.#listing.steering, bug };
  }
}
