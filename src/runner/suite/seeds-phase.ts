/** The first phase of a suite: all seeds over all workers, until they are done, time is up or somebody interrupts. */
import type { Outcome, SeedRun, TaskRunner } from "../pool/messages.ts";
import { performanceNow } from "../../ambient/real.ts";
import { UsageError } from "../../base/errors.ts";
import { lostResult } from "./fold.ts";
import { nextChunk, type Chunk, type ScenarioWork } from "./schedule.ts";

export interface SeedsPhase {
  readonly runner: TaskRunner;
  readonly jobs: number;
  readonly works: readonly ScenarioWork[];
  /** Real milliseconds after which no further seeds are begun; Infinity for no limit. */
  readonly budgetMillis: number;
  readonly signal: AbortSignal | undefined;
  /** Where faults of the harness are noted. */
  readonly harnessErrors: string[];
  readonly onResults: () => void;
}

/** Runs the seeds; the results are in the folds. Rejects with `UsageError` for what a scenario does wrong. */
export async function runSeedsPhase(phase: SeedsPhase): Promise<void> {
  const deadline = performanceNow() + phase.budgetMillis;
  const cancel = (): void => phase.runner.cancel();
  phase.signal?.addEventListener("abort", cancel);
  const isHalted = (): boolean => phase.signal?.aborted === true || performanceNow() >= deadline;
  const lane = async (): Promise<void> => {
    while (!isHalted()) {
      const chunk = nextChunk(phase.works, phase.jobs);
      if (chunk === null) return;
      await settle(phase, chunk, await runChunk(phase, chunk, chunk.runs));
    }
  };
  try {
    await Promise.all(Array.from({ length: phase.jobs }, lane));
  } finally {
    phase.signal?.removeEventListener("abort", cancel);
    for (const work of phase.works) work.fold.finish();
  }
}

function runChunk(
  phase: SeedsPhase,
  { work }: Chunk,
  runs: readonly SeedRun[],
  isFresh = false,
): Promise<Outcome<null>> {
  return phase.runner.run(
    { kind: "seeds", use: work.use, runs },
    {
      isFresh,
      onNote: (note) => {
        if (note.kind !== "results") return;
        for (const result of note.results) work.accept(result);
        phase.onResults();
      },
    },
  );
}

async function settle(phase: SeedsPhase, chunk: Chunk, outcome: Outcome<null>): Promise<void> {
  const { work } = chunk;
  const missing = chunk.runs.filter((run) => !work.has(run));
  switch (outcome.kind) {
    case "cancelled":
      return;
    case "usage":
      throw new UsageError(outcome.message);
    case "failed":
      phase.harnessErrors.push(`scenario ${work.use.name}: ${outcome.message}`);
      work.fold.finish();
      return;
    case "done":
      for (const run of missing) work.giveBack(run);
      return;
    case "lost": {
      const culprit = missing.find((run) => run.index === outcome.step) ?? missing[0];
      for (const run of missing) if (run !== culprit) work.giveBack(run);
      const seed = culprit === undefined ? "after its last seed" : `with seed ${culprit.seed}`;
      phase.harnessErrors.push(`scenario ${work.use.name} ${seed}: worker ${outcome.how}: ${outcome.message}`);
      if (culprit !== undefined) await runAgain(phase, chunk, culprit, outcome);
    }
  }
}

/** A worker may die of what earlier runs left behind: alone in a fresh one the seed gets a second chance. */
async function runAgain(
  phase: SeedsPhase,
  chunk: Chunk,
  culprit: SeedRun,
  lost: Extract<Outcome<null>, { readonly kind: "lost" }>,
): Promise<void> {
  if (lost.how === "died" && (await runChunk(phase, chunk, [culprit], true)).kind === "cancelled") return;
  if (chunk.work.has(culprit)) return;
  chunk.work.accept(lostResult(culprit, lost.how, lost.message));
  phase.onResults();
}
