/** What main thread and workers say to each other: data that structured cloning carries, no functions. */
import type { BugDefinition } from "../definition.ts";
import type { Finding } from "../finding/finding.ts";
import type { Failure, RunRecord } from "../run/record.ts";
import type { ScenarioSource } from "./scenario-source.ts";

/** Narrows every scenario of a suite: `--only`, `--without`, `--set` (`plan/steering.ts`). */
export interface Steering {
  readonly only: readonly string[];
  readonly without: readonly string[];
  /** `knob=value`. */
  readonly set: readonly string[];
  /** Fault ids and knobs of all scenarios: a name that one scenario lacks is no mistake when another has it. */
  readonly knownFaults: readonly string[];
  readonly knownKnobs: readonly string[];
}

/** A scenario without its functions. */
export interface ScenarioInfo {
  readonly name: string;
  readonly doc: string;
  readonly file: string;
  readonly faults: readonly string[];
  readonly sometimes: readonly string[];
  readonly bugs: readonly Omit<BugDefinition, "policies">[];
}

/** How to find a scenario again in another thread, and as what to run it. */
export interface ScenarioUse {
  readonly name: string;
  readonly file: string;
  readonly steering: Steering;
  readonly bug: string | null;
}

/** One seed to run: the `index`-th of the suite. */
export interface SeedRun {
  readonly index: number;
  readonly seed: string;
  /** Executes it twice, the second time in checking mode. */
  readonly isChecked: boolean;
}

/** What of the steering a user writes. */
export type SteeringRequest = Partial<Pick<Steering, "only" | "without" | "set">>;

/** Loads everything and says what there is of it to run. */
export interface ListTask {
  readonly kind: "list";
  readonly source: ScenarioSource;
  /** Names of the scenarios wanted; all when empty. */
  readonly names: readonly string[];
  readonly steering: SteeringRequest;
}

/** The scenarios of a suite, as they are after steering, in the order of their files. */
export interface Listing {
  readonly scenarios: readonly ScenarioInfo[];
  readonly steering: Steering;
}

/** Runs seeds; each result comes as a note. A run that spoils its worker ends the task early. */
export interface SeedsTask {
  readonly kind: "seeds";
  readonly use: ScenarioUse;
  readonly runs: readonly SeedRun[];
}

/** Runs one seed again; if it fails as said, makes a finding of it. */
export interface ExamineTask {
  readonly kind: "examine";
  readonly use: ScenarioUse;
  readonly run: SeedRun;
  readonly signature: string;
  /** Every failing seed with the signature. */
  readonly seeds: readonly string[];
  /** False keeps the plan as it is. */
  readonly isShrunk: boolean;
}

/** Makes a finding of a run that cost its worker: draws its plan and executes nothing. */
export interface GiveUpTask {
  readonly kind: "give-up";
  readonly use: ScenarioUse;
  readonly failure: Failure;
  /** Every seed that was lost so; the plan is that of the first. */
  readonly seeds: readonly string[];
}

export type Task = ListTask | SeedsTask | ExamineTask | GiveUpTask;

/** What a task comes to when it was done. */
export interface TaskValues {
  readonly list: Listing;
  readonly seeds: null;
  readonly examine: Examined;
  readonly "give-up": Finding;
}

/** What the second look at a failing seed, alone in its worker, found. `record` is that run when it did not fail as said. */
export type Examined =
  | { readonly isConfirmed: true; readonly finding: Finding }
  | { readonly isConfirmed: false; readonly record: RunRecord };

/** What a run leaves for the suite: enough to count, judge and fold it. Everything else follows from the seed again. */
export interface RunResult {
  readonly index: number;
  readonly seed: string;
  readonly hash: string;
  readonly events: number;
  readonly virtualMicros: number;
  /** Real time in its thread, generation of the plan included, second execution not. */
  readonly cpuMicros: number;
  /** Number of items of the plan. */
  readonly items: number;
  /** By family: faults of the run that were injected, and that bit. */
  readonly faults: readonly { readonly fault: string; readonly injected: number; readonly bit: number }[];
  readonly reached: readonly string[];
  readonly failure: Failure | null;
}

/** What a worker says while a task is under way. */
export type Note =
  | { readonly kind: "results"; readonly results: readonly RunResult[] }
  | { readonly kind: "shrinking"; readonly itemsBefore: number; readonly items: number };

/** What a worker says to the pool. `isSpent`: the worker must not be used again. */
export type WorkerMessage =
  | { readonly kind: "note"; readonly note: Note }
  | { readonly kind: "done"; readonly value: unknown; readonly isSpent: boolean }
  | { readonly kind: "usage"; readonly message: string }
  | { readonly kind: "failed"; readonly message: string };

/** How a task ended. */
export type Outcome<T> =
  | { readonly kind: "done"; readonly value: T }
  /** A mistake of the user: a `UsageError` in the worker. */
  | { readonly kind: "usage"; readonly message: string }
  /** A mistake of Wavetank's own. */
  | { readonly kind: "failed"; readonly message: string }
  /** The worker hung or died; `step` is what it was at, as in `Slot`. */
  | { readonly kind: "lost"; readonly how: "hung" | "died"; readonly message: string; readonly step: number }
  /** Ended by `cancel` or `close`. */
  | { readonly kind: "cancelled" };

export interface TaskOptions {
  /** Runs the task in a worker that has run nothing before. */
  readonly isFresh?: boolean;
  readonly onNote?: (note: Note) => void;
}

/** Who carries out tasks: the pool, or a test's stand-in. */
export interface TaskRunner {
  run<K extends Task["kind"]>(
    task: Extract<Task, { readonly kind: K }>,
    options?: TaskOptions,
  ): Promise<Outcome<TaskValues[K]>>;
  /** Ends every task that waits or is under way as `cancelled`. */
  cancel(): void;
}
