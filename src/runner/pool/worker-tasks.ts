/**
 * What a worker does for each kind of task. What only findings need is imported when there is one: it brings the checker
 * of schemas along, and most of the time that a worker takes to start is the loading of modules.
 */
import type { SimDefinition } from "../definition.ts";
import type { Finding } from "../finding/finding.ts";
import type {
  Examined,
  ExamineTask,
  GiveUpTask,
  Listing,
  ListTask,
  Note,
  RunResult,
  ScenarioInfo,
  ScenarioUse,
  SeedsTask,
  Task,
} from "./messages.ts";
import type { Failure, RunRecord } from "../run/record.ts";
import type { ScenarioSource } from "./scenario-source.ts";
import { performanceNow } from "../../ambient/real.ts";
import { UsageError } from "../../base/errors.ts";
import { unknownName } from "../../base/nearest.ts";
import { version } from "../../base/version.ts";
import { execute } from "../run/execute.ts";
import { generatePlan } from "../plan/generate.ts";
import { steered, steeringFor } from "./suite-steering.ts";
import { differing, runSeed } from "./seed-run.ts";

/** What a task works with. */
export interface Desk {
  readonly loadAll: (source: ScenarioSource, onFile: (index: number) => void) => Promise<readonly SimDefinition[]>;
  /** The scenario, loaded and steered. */
  readonly definition: (use: ScenarioUse) => Promise<SimDefinition>;
  readonly beat: (step: number) => void;
  readonly note: (note: Note) => void;
}

export interface Performed {
  readonly value: unknown;
  /** What was run may have left this thread unfit for more. */
  readonly isSpent: boolean;
}

/** Results are sent in parcels of this much real time: a message costs as much as a small run. */
const parcelMillis = 25;

/** The last lines that a finding takes along; `replay --trace` shows them all. */
const traceLinesMax = 20_000;
const consoleLinesMax = 2_000;

export async function perform(task: Task, desk: Desk): Promise<Performed> {
  switch (task.kind) {
    case "list":
      return { value: await list(task, desk), isSpent: false };
    case "seeds":
      return { value: null, isSpent: await runSeeds(task, desk) };
    case "examine":
      return { value: await examine(task, desk), isSpent: true };
    case "give-up":
      return { value: await giveUp(task, desk), isSpent: false };
  }
}

async function list(task: ListTask, desk: Desk): Promise<Listing> {
  const all = await desk.loadAll(task.source, desk.beat);
  const known = all.map(({ name }) => name);
  for (const name of task.names) {
    if (!known.includes(name)) throw new UsageError(unknownName("scenario", name, known));
  }
  const chosen = task.names.length === 0 ? all : all.filter(({ name }) => task.names.includes(name));
  const steering = steeringFor(task.steering, chosen);
  return { scenarios: chosen.map((definition) => infoOf(steered(definition, steering))), steering };
}

function infoOf(definition: SimDefinition): ScenarioInfo {
  const { name, doc, file, faults, sometimes, bugs } = definition;
  return {
    name,
    doc,
    file: file!,
    faults: faults.map((use) => use.fault.id),
    sometimes: Object.keys(sometimes),
    bugs: bugs.map(({ id, title, source, breaks }) => ({ id, title, source, breaks })),
  };
}

async function runSeeds(task: SeedsTask, desk: Desk): Promise<boolean> {
  const definition = await desk.definition(task.use);
  let parcel: RunResult[] = [];
  let sent = performanceNow();
  const send = (): void => {
    if (parcel.length > 0) desk.note({ kind: "results", results: parcel });
    parcel = [];
    sent = performanceNow();
  };
  for (const run of task.runs) {
    desk.beat(run.index);
    const { result } = await runSeed(definition, run, task.use.bug);
    parcel.push(result);
    // A loop that was torn out of a dispatch leaves the modules of the code under test as it found them in the middle.
    const isSpoilt = result.failure?.invariant === "hung";
    if (isSpoilt || performanceNow() - sent >= parcelMillis) send();
    if (isSpoilt) return true;
  }
  send();
  return false;
}

async function examine(task: ExamineTask, desk: Desk): Promise<Examined> {
  const definition = await desk.definition(task.use);
  const { bug } = task.use;
  const beat = (): void => desk.beat(task.run.index);
  beat();
  const { result, record } = await runSeed(definition, task.run, bug);
  if (result.failure?.signature !== task.signature) return { isConfirmed: false, record: trimmed(record) };
  const isHung = result.failure.invariant === "hung";
  // Some failures only show in checking mode, or between two runs: these have nothing that a plan could be shrunk by.
  const isOwn = !isHung && record.failure?.signature === task.signature;
  beat();
  const shown = isHung ? record : await execute(definition, record.plan, { bug, record: true, checking: !isOwn });
  if (isOwn && shown.hash !== record.hash) {
    const failure = await differing(definition, record.plan, bug, record);
    return { isConfirmed: true, finding: await unshrunk(shown, failure, task.seeds) };
  }
  if (!isOwn || !task.isShrunk) {
    return { isConfirmed: true, finding: await unshrunk(shown, result.failure, task.seeds) };
  }
  const { investigate } = await import("../shrink/investigate.ts");
  const finding = await investigate(definition, record, {
    bug,
    seeds: task.seeds,
    versions: versions(),
    onProgress: ({ items, itemsBefore }) => {
      beat();
      desk.note({ kind: "shrinking", items, itemsBefore });
    },
  });
  return { isConfirmed: true, finding: { ...finding, record: trimmed(finding.record) } };
}

async function giveUp(task: GiveUpTask, desk: Desk): Promise<Finding> {
  const definition = await desk.definition(task.use);
  const record: RunRecord = {
    plan: generatePlan(definition, task.seeds[0]!),
    bug: task.use.bug,
    verdict: task.failure.verdict,
    failure: task.failure,
    hash: "0".repeat(16),
    events: 0,
    endedAt: task.failure.at,
    faults: [],
    reached: [],
    console: [],
    checkpoints: [],
    trace: [],
  };
  return unshrunk(record, task.failure, task.seeds);
}

/** A finding that nothing can be shrunk of. */
async function unshrunk(record: RunRecord, failure: Failure, seeds: readonly string[]): Promise<Finding> {
  const { unshrunkFinding } = await import("../shrink/investigate.ts");
  return unshrunkFinding(trimmed(record), failure, { seeds, versions: versions() });
}

function trimmed(record: RunRecord): RunRecord {
  return { ...record, trace: record.trace.slice(-traceLinesMax), console: record.console.slice(-consoleLinesMax) };
}

function versions(): { readonly node: string; readonly wavetank: string } {
  return { node: process.version, wavetank: version };
}
