/**
 * Runs a failing seed of `simulate` again, alone in a fresh worker thread that loads the file of the call anew, so that
 * no module has seen another run. What fails there in the same way is shrunk and reported there; what does not was
 * decided by something that stays between runs. The thread is ended whatever becomes of it; what it prints is dropped,
 * since the program has printed it once.
 */
import type { SimDefinition } from "../runner/definition.ts";
import type { FailureGroup } from "../runner/finding/failure-groups.ts";
import type { Finding } from "../runner/finding/finding.ts";
import type { Outcome, RunResult, ScenarioUse, SeedRun } from "../runner/pool/messages.ts";
import type { WorkerPool } from "../runner/pool/pool.ts";
import type { Failure } from "../runner/run/record.ts";
import { requestOf, type CallPlace } from "./fresh-call.ts";
import { freshMark } from "./fresh-load.ts";
import { shortPath } from "./load-typescript.ts";

/** What failed, and where it can be found again. */
export interface FreshCase {
  readonly definition: SimDefinition;
  readonly bug: string | null;
  /** Null where it is not known. */
  readonly place: CallPlace | null;
  /** The runs of this thread, in their order. */
  readonly runs: readonly SeedRun[];
}

export type FreshLook =
  /** It failed in the same way. */
  | { readonly kind: "confirmed"; readonly finding: Finding }
  /** It did not: the failure says what that means. */
  | { readonly kind: "unlike"; readonly failure: Failure }
  /** It could not be looked at; `reason` is a clause. */
  | { readonly kind: "unable"; readonly reason: string };

const entry = new URL("./fresh-worker.js", import.meta.url);
const noSteering = { only: [], without: [], set: [], knownFaults: [], knownKnobs: [] };

/** Looks at the run that stands for a group of failures, alone. Never rejects for what the thread does. */
export async function lookAlone(subject: FreshCase, group: FailureGroup): Promise<FreshLook> {
  const { place, definition, bug } = subject;
  if (place === null) return { kind: "unable", reason: "the file of its call is not known (the option file names it)" };
  if (process.env[freshMark] !== undefined) {
    return { kind: "unable", reason: "this is part of a program that was itself loaded anew for another failure" };
  }
  const { seed } = group.record.plan;
  const file = JSON.stringify(requestOf(place, definition, seed));
  const use: ScenarioUse = { name: definition.name, file, steering: noSteering, bug };
  const { WorkerPool: Pool } = await import("../runner/pool/pool.ts"); // only failures need threads
  const pool = new Pool({ entry, jobs: 1, onOutput: () => undefined });
  try {
    return await look(pool, subject, { use, path: place.file, group });
  } finally {
    await pool.close();
  }
}

interface Look {
  readonly use: ScenarioUse;
  readonly path: string;
  readonly group: FailureGroup;
}

async function look(pool: WorkerPool, subject: FreshCase, { use, path, group }: Look): Promise<FreshLook> {
  const { signature, record } = group;
  const at = subject.runs.findIndex((candidate) => candidate.seed === record.plan.seed);
  const run = subject.runs[at]!;
  const seeds = [run.seed, ...group.seeds.filter((seed) => seed !== run.seed)];
  const outcome = await pool.run({ kind: "examine", use, run, signature, seeds, isShrunk: true });
  if (outcome.kind !== "done") return { kind: "unable", reason: reasonOf(outcome) };
  if (outcome.value.isConfirmed) return { kind: "confirmed", finding: outcome.value.finding };
  // Nondeterminism need not show every time; that it showed once is enough.
  if (group.verdict === "diverged") return { kind: "unlike", failure: record.failure! };
  const alone = outcome.value.record.failure;
  const before = subject.runs.slice(0, at + 1);
  const company = at === 0 ? [] : await runResults(pool, use, before);
  const isBroughtAbout = company.find(({ index }) => index === run.index)?.failure?.signature === signature;
  return { kind: "unlike", failure: moduleState(record.failure!, alone, { runs: before, path, isBroughtAbout }) };
}

/** The same seeds in the same order in one more fresh thread: those of its results that it came to. */
async function runResults(pool: WorkerPool, use: ScenarioUse, runs: readonly SeedRun[]): Promise<readonly RunResult[]> {
  const results: RunResult[] = [];
  const options = {
    isFresh: true,
    onNote: (note: { readonly kind: string; readonly results?: readonly RunResult[] }) => {
      results.push(...(note.results ?? []));
    },
  };
  await pool.run({ kind: "seeds", use, runs }, options);
  return results;
}

/** The failure that the command reports, too, for a seed that fails in company and not alone. */
function moduleState(
  failure: Failure,
  alone: Failure | null,
  { runs, path, isBroughtAbout }: { runs: readonly SeedRun[]; path: string; isBroughtAbout: boolean },
): Failure {
  const { seed } = runs.at(-1)!;
  const outcome = alone === null ? "passes" : `fails with ${alone.signature}`;
  const elsewhere =
    "look for what earlier tests or simulations leave behind in modules, and for what the test runner sets up";
  const series = `the ${runs.length} seeds from ${runs[0]!.seed} up to it`;
  const cause = isBroughtAbout
    ? `${series} bring it about there, too: look for a variable, cache or counter outside of the body that a run changes`
    : runs.length > 1
      ? `not even ${series} bring it about there: ${elsewhere}`
      : `no seed came before it: ${elsewhere}`;
  return {
    ...failure,
    verdict: "diverged",
    signature: "module-state",
    invariant: "module-state",
    subject: "",
    message: `seed ${seed} failed with ${failure.signature} after other runs in the same thread and ${outcome} alone in a fresh one, where ${shortPath(path)} was loaded anew; ${cause}`,
  };
}

function reasonOf(outcome: Exclude<Outcome<unknown>, { readonly kind: "done" }>): string {
  if (outcome.kind === "cancelled") return "the fresh thread was ended";
  const message = outcome.message.split("\n")[0]!;
  if (outcome.kind === "usage") return message;
  return outcome.kind === "failed"
    ? `the fresh thread failed with ${message}`
    : `the fresh thread ${outcome.how}: ${message}`;
}
