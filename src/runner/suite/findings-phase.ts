/**
 * The second phase of a suite: every cause of failure is looked at again, alone in a worker that has run nothing else, and
 * only then shrunk, explained and reported. A seed that does not fail there as it did before shows another fault: its
 * outcome depends on what ran earlier in the same thread.
 */
import type { FailedGroup, FailedSeed } from "./fold.ts";
import type { Finding, SuiteProgress } from "../finding/finding.ts";
import type { Examined, Outcome, TaskRunner } from "../pool/messages.ts";
import type { Failure } from "../run/record.ts";
import { UsageError } from "../../base/errors.ts";
import { isLost } from "./fold.ts";
import type { ScenarioWork } from "./schedule.ts";

export interface FindingsPhase {
  readonly runner: TaskRunner;
  readonly signal: AbortSignal | undefined;
  readonly harnessErrors: string[];
  readonly onShrinking: (shrinking: SuiteProgress["shrinking"]) => void;
}

/** Seeds of a group that are tried before all of them are put down to the modules' state. */
const attemptsMax = 3;

/** The findings of all scenarios, in the order of scenarios and of the first seeds within one. */
export async function runFindingsPhase(
  phase: FindingsPhase,
  works: readonly ScenarioWork[],
): Promise<readonly Finding[]> {
  const cancel = (): void => phase.runner.cancel();
  phase.signal?.addEventListener("abort", cancel);
  try {
    return (await Promise.all(works.map((work) => findingsOf(phase, work)))).flat();
  } finally {
    phase.signal?.removeEventListener("abort", cancel);
    phase.onShrinking(null);
  }
}

async function findingsOf(phase: FindingsPhase, work: ScenarioWork): Promise<readonly Finding[]> {
  const strays: Stray[] = [];
  const looked = await Promise.all(work.fold.groups().map((group) => lookAt(phase, work, group, strays)));
  const first = strays.toSorted((a, b) => a.failed.index - b.failed.index)[0];
  if (first !== undefined) {
    const seeds = strays.map(({ failed }) => failed);
    looked.push(await giveUp(phase, work, inOrder(seeds), moduleState(first)));
  }
  const places = new Map(work.fold.groups().flatMap(({ seeds }) => seeds.map(({ seed, index }) => [seed, index])));
  const placeOf = (finding: Finding): number => Math.min(...finding.seeds.map((seed) => places.get(seed) ?? 0));
  return looked.filter((finding) => finding !== null).toSorted((a, b) => placeOf(a) - placeOf(b));
}

interface Stray {
  readonly failed: FailedSeed;
  /** What it did alone. */
  readonly alone: Failure | null;
}

/** Tries seeds of the group, those with the smallest plans first, until one fails alone as it did in company. */
async function lookAt(
  phase: FindingsPhase,
  work: ScenarioWork,
  group: FailedGroup,
  strays: Stray[],
): Promise<Finding | null> {
  const candidates = group.seeds.toSorted((a, b) => a.items - b.items || a.index - b.index).slice(0, attemptsMax);
  const unlike: Stray[] = [];
  for (const candidate of candidates) {
    if (isLost(candidate.failure) && candidate.failure.subject === "") break;
    const rest = inOrder(group.seeds.filter((other) => unlike.every(({ failed }) => failed !== other)));
    const outcome = await examine(phase, work, candidate, rest);
    if (outcome.kind === "done" && !outcome.value.isConfirmed) {
      // Nondeterminism need not show every time; that it showed once is enough.
      if (candidate.failure.verdict === "diverged") break;
      unlike.push({ failed: candidate, alone: outcome.value.record.failure });
      continue;
    }
    strays.push(...unlike);
    if (outcome.kind === "done" && outcome.value.isConfirmed) return outcome.value.finding;
    return giveUp(phase, work, rest, candidate.failure);
  }
  if (unlike.length === 0) return giveUp(phase, work, group.seeds, group.seeds[0]!.failure);
  const alone = unlike[0]!.alone;
  const known = new Set(unlike.map(({ failed }) => failed));
  strays.push(...unlike, ...group.seeds.filter((seed) => !known.has(seed)).map((failed) => ({ failed, alone })));
  return null;
}

async function examine(
  phase: FindingsPhase,
  work: ScenarioWork,
  candidate: FailedSeed,
  seeds: readonly FailedSeed[],
): Promise<Outcome<Examined>> {
  const { signature } = candidate.failure;
  const look = (isShrunk: boolean): Promise<Outcome<Examined>> =>
    phase.runner.run(
      {
        kind: "examine",
        use: work.use,
        run: work.runOf(candidate.index),
        signature,
        seeds: [candidate, ...seeds.filter((other) => other !== candidate)].map(({ seed }) => seed),
        isShrunk,
      },
      {
        isFresh: true,
        onNote: (note) => {
          if (note.kind === "shrinking") phase.onShrinking({ signature, ...note });
        },
      },
    );
  const isAborted = (): boolean => phase.signal?.aborted === true;
  let outcome = await look(!isAborted());
  // Interrupted while it was shrunk: report it as it is.
  if (outcome.kind === "cancelled" && isAborted()) outcome = await look(false);
  noteFault(phase, work, `seed ${candidate.seed}, looking at its failure`, outcome);
  return outcome;
}

/** A finding of which no more is to be learnt: its plan, whole, and what is known of the failure. */
async function giveUp(
  phase: FindingsPhase,
  work: ScenarioWork,
  seeds: readonly FailedSeed[],
  failure: Failure,
): Promise<Finding | null> {
  const task = { kind: "give-up" as const, use: work.use, failure, seeds: seeds.map(({ seed }) => seed) };
  const outcome = await phase.runner.run(task);
  if (outcome.kind === "done") return outcome.value;
  noteFault(phase, work, `seed ${task.seeds[0]}, drawing its plan again`, outcome);
  return null;
}

function noteFault(phase: FindingsPhase, work: ScenarioWork, what: string, outcome: Outcome<unknown>): void {
  if (outcome.kind === "usage") throw new UsageError(outcome.message);
  if (outcome.kind === "done") return;
  const problem =
    outcome.kind === "lost"
      ? `worker ${outcome.how}: ${outcome.message}`
      : outcome.kind === "failed"
        ? outcome.message
        : "interrupted";
  phase.harnessErrors.push(`scenario ${work.use.name} with ${what}: ${problem}`);
}

function moduleState({ failed, alone }: Stray): Failure {
  const { failure } = failed;
  const outcome = alone === null ? "passes" : `fails with ${alone.signature}`;
  return {
    ...failure,
    verdict: "diverged",
    signature: "module-state",
    invariant: "module-state",
    subject: "",
    message: `seed ${failed.seed} failed with ${failure.signature} after other runs in the same thread and ${outcome} alone in a fresh one: something that the modules of the code under test keep between runs decides it`,
  };
}

function inOrder(seeds: readonly FailedSeed[]): readonly FailedSeed[] {
  return seeds.toSorted((a, b) => a.index - b.index);
}
