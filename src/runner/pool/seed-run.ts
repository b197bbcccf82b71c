/** One seed: its plan, its run, and for a sample of the seeds a second run in checking mode that must not differ. */
import type { SimDefinition } from "../definition.ts";
import type { RunResult, SeedRun } from "./messages.ts";
import type { Plan } from "../plan/plan.ts";
import type { Failure, RunRecord, TraceRecord } from "../run/record.ts";
import { performanceNow } from "../../ambient/real.ts";
import { formatMoment } from "../../base/time.ts";
import { findDivergence, type Divergence } from "../run/bisect.ts";
import { execute } from "../run/execute.ts";
import { generatePlan } from "../plan/generate.ts";

export interface SeedOutcome {
  readonly result: RunResult;
  /** The first run. Its failure is not the result's where only the second run showed one. */
  readonly record: RunRecord;
}

/** Runs a seed. Rejects with `UsageError` for what the scenario does wrong; a failing run is a result. */
export async function runSeed(definition: SimDefinition, run: SeedRun, bug: string | null): Promise<SeedOutcome> {
  const started = performanceNow();
  const plan = generatePlan(definition, run.seed);
  const record = await execute(definition, plan, { bug });
  const cpuMicros = Math.round((performanceNow() - started) * 1_000);
  const failure = run.isChecked ? await checked(definition, plan, bug, record) : record.failure;
  return { result: resultOf(run, record, cpuMicros, failure), record };
}

/**
 * What is wrong with two executions of one plan: the failure of a `diverged` run, with the first event that differs
 * where it can be found. `first` is an execution of it; others are made.
 */
export async function differing(
  definition: SimDefinition,
  plan: Plan,
  bug: string | null,
  first: RunRecord,
): Promise<Failure> {
  const run = ({ record }: { readonly record: boolean }): Promise<RunRecord> =>
    execute(definition, plan, { bug, record });
  const divergence = await findDivergence(run, run);
  const where = divergence === null ? "" : `; they part ${placeOf(divergence)}`;
  const record = divergence?.left ?? divergence?.right ?? null;
  return {
    verdict: "diverged",
    signature: "nondeterminism:two executions differ",
    invariant: "nondeterminism",
    subject: "two executions differ",
    message: `one plan was executed twice and did not do the same${where}: something outside the run enters it, such as state that a module keeps between runs`,
    at: record?.at ?? first.endedAt,
    process: record === null || record.process === "" ? null : record.process,
    event: divergence?.event ?? first.events,
  };
}

async function checked(
  definition: SimDefinition,
  plan: Plan,
  bug: string | null,
  record: RunRecord,
): Promise<Failure | null> {
  // An endless loop would only be waited for again; where it was interrupted is not the same twice.
  if (record.failure?.invariant === "hung") return record.failure;
  const again = await execute(definition, plan, { bug, checking: true });
  if (again.hash === record.hash && again.failure?.signature === record.failure?.signature) return record.failure;
  if (again.failure?.verdict === "diverged") return record.failure ?? again.failure;
  return differing(definition, plan, bug, record);
}

function placeOf({ event, eventLast, left, right }: Divergence): string {
  if (left === null && right === null) {
    return event === eventLast ? `at event ${event}` : `between events ${event} and ${eventLast}`;
  }
  return `at event ${event}: ${lineOf(left)} in one, ${lineOf(right)} in the other`;
}

function lineOf(record: TraceRecord | null): string {
  if (record === null) return "nothing more";
  const text = record.text.length > 120 ? `${record.text.slice(0, 120)}…` : record.text;
  return `${formatMoment(record.at)} ${record.process} ${record.kind} ${text}`.replace(/\s+/g, " ").trim();
}

function resultOf(run: SeedRun, record: RunRecord, cpuMicros: number, failure: Failure | null): RunResult {
  const faults = new Map<string, { fault: string; injected: number; bit: number }>();
  for (const fate of record.faults) {
    const count = faults.get(fate.fault) ?? { fault: fate.fault, injected: 0, bit: 0 };
    faults.set(fate.fault, count);
    if (fate.injected) count.injected++;
    if (fate.bit) count.bit++;
  }
  return {
    index: run.index,
    seed: run.seed,
    hash: record.hash,
    events: record.events,
    virtualMicros: record.endedAt,
    cpuMicros,
    items: record.plan.items.length,
    faults: [...faults.values()],
    reached: record.reached,
    failure,
  };
}
