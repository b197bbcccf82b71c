/**
 * The JSON documents of the command line, as schemas: a contract with whoever reads them. Fields may be added, those
 * here stay. Seeds are strings (64 bits do not fit a JSON number); times are named with their unit, moments in text are
 * `m:ss.mmm`. Readers should tolerate what they do not know, so unknown fields are dropped, not refused.
 */
import { z } from "zod";

const count = z.number().int().min(0);
const schemaVersion = z.literal(1);

/** How a run or a suite ended. */
export const verdictSchema = z.enum(["passed", "violated", "stuck", "crashed", "diverged", "vacuous", "out-of-budget"]);

/** One cause of failure. */
export const findingSchema = z.object({
  signature: z.string(),
  verdict: verdictSchema,
  invariant: z.string(),
  scenario: z.string(),
  /** Every failing seed; the first was shrunk. */
  seeds: z.array(z.string()),
  message: z.string(),
  /** Moment of the failure, `m:ss.mmm`. */
  virtualTime: z.string(),
  virtualMicros: count,
  process: z.string().nullable(),
  /** `file:line:column`, where it is known. */
  place: z.string().nullable(),
  /** Null where the failure compares nothing. */
  expected: z.json(),
  observed: z.json(),
  /** Number of items of the shrunk plan. */
  items: count,
  itemsBefore: count,
  /** Executions that shrinking used; 0 for a run that was not shrunk. */
  runs: count,
  verified: z.boolean(),
  minimal: z.boolean(),
  /** What `wavetank replay` takes. */
  repro: z.string(),
  hash: z.string(),
});

/** What a suite saw of one scenario. */
export const scenarioSchema = z.object({
  name: z.string(),
  /** Number of seeds done. */
  seeds: count,
  seedsPlanned: count,
  failedSeeds: count,
  /** Number of causes. */
  found: count,
  virtualSeconds: z.number().min(0),
  cpuSeconds: z.number().min(0),
  events: count,
  inertFaults: z.array(z.string()),
  unreached: z.array(z.string()),
  reached: z.array(z.string()),
  faults: z.array(z.object({ fault: z.string(), runs: count, injected: count, bit: count })),
  hash: z.string(),
});

const outcome = {
  schemaVersion,
  verdict: verdictSchema,
  ok: z.boolean(),
  exitCode: z.number().int(),
  hash: z.string(),
  findings: z.array(findingSchema),
  scenarios: z.array(scenarioSchema),
};

/** `wavetank run --json`. */
export const runDocumentSchema = z.object({
  ...outcome,
  from: z.string(),
  jobs: count,
  interrupted: z.boolean(),
  seeds: count,
  seedsPlanned: count,
  wallSeconds: z.number().min(0),
  harnessErrors: z.array(z.string()),
});

/** `wavetank replay --json`: a run of one seed. */
export const replayDocumentSchema = z.object({
  ...outcome,
  scenarios: z.array(scenarioSchema).length(1),
  seed: z.string(),
  bug: z.string().nullable(),
  /** Number of events of the run. */
  events: count,
  /** Whether the run was the one that the repro was made from; null without a repro. */
  isSame: z.boolean().nullable(),
  /** Filtered as asked for; empty without `--trace`. */
  trace: z.array(
    z.object({ event: count, virtualMicros: count, process: z.string(), kind: z.string(), text: z.string() }),
  ),
});

/** `wavetank shrink --json`. */
export const shrinkDocumentSchema = z.object({
  schemaVersion,
  finding: findingSchema,
  /** Path of the repro file. */
  file: z.string(),
});

/** `wavetank bugs --json`. */
export const bugsDocumentSchema = z.object({
  schemaVersion,
  ok: z.boolean(),
  exitCode: z.number().int(),
  from: z.string(),
  /** Seeds at most of every bug. */
  seeds: count,
  interrupted: z.boolean(),
  harnessErrors: z.array(z.string()),
  bugs: z.array(
    z.object({
      id: z.string(),
      title: z.string(),
      source: z.string(),
      caught: z.boolean(),
      caughtBy: z.string().nullable(),
      invariant: z.string(),
      scenario: z.string(),
      seedsToCatch: count.nullable(),
      /** Seeds run with the bug. */
      seeds: count,
      cpuSeconds: z.number().min(0),
      shrunkItems: count.nullable(),
      soundIsClean: z.boolean(),
    }),
  ),
});

/** `wavetank bench --json`. */
export const benchDocumentSchema = z.object({
  schemaVersion,
  benchmarks: z.array(z.object({ name: z.string(), value: z.number(), unit: z.string(), doc: z.string() })),
});

/** One world of an exploration. */
export const exploredWorldSchema = z.object({
  core: z.string(),
  title: z.string(),
  states: count,
  transitions: count,
  depth: count,
  wallSeconds: z.number().min(0),
  complete: z.boolean(),
  /** Most steps to the goal in any order, and by the shortest way, once faults stop; null where unknown. */
  worstSteps: count.nullable(),
  furthestSteps: count.nullable(),
});

/** `wavetank explore --json`. Sums over all worlds; `core` is `all` when none was named. */
export const exploreDocumentSchema = z.object({
  schemaVersion,
  ok: z.boolean(),
  exitCode: z.number().int(),
  core: z.string(),
  /** What was explored in the place of the core in force. */
  planted: z.string().nullable(),
  states: count,
  transitions: count,
  complete: z.boolean(),
  /** The first; `prefix` is the shortest story that leads to it, `cycle` what then goes round for ever, if anything. */
  violation: z
    .object({
      core: z.string(),
      world: z.string(),
      kind: z.enum(["safety", "liveness"]),
      property: z.string(),
      message: z.string(),
      prefix: z.array(z.string()),
      cycle: z.array(z.string()),
    })
    .nullable(),
  coreTransitions: z.object({ covered: count, never: z.array(z.string()) }),
  worlds: z.array(exploredWorldSchema),
});

const entry = { id: z.string(), doc: z.string() };
const names = z.array(z.string());

/** `wavetank list --json`. */
export const listDocumentSchema = z.object({
  schemaVersion,
  scenarios: z.array(
    z.object({
      ...entry,
      file: z.string().nullable(),
      ops: names,
      faults: names,
      invariants: names,
      bugs: names,
    }),
  ),
  faults: z.array(z.object({ ...entry, witness: z.string(), scenarios: names })),
  workloads: z.array(z.object(entry)),
  invariants: z.array(z.object({ ...entry, kind: z.enum(["safe", "end"]), provenBy: names, scenarios: names })),
  bugs: z.array(z.object({ ...entry, breaks: z.string(), source: z.string(), scenario: z.string() })),
  cores: z.array(z.object(entry)),
});

export type FindingDocument = z.output<typeof findingSchema>;
export type ScenarioDocument = z.output<typeof scenarioSchema>;
export type RunDocument = z.output<typeof runDocumentSchema>;
export type ReplayDocument = z.output<typeof replayDocumentSchema>;
export type ShrinkDocument = z.output<typeof shrinkDocumentSchema>;
export type BugsDocument = z.output<typeof bugsDocumentSchema>;
export type BenchDocument = z.output<typeof benchDocumentSchema>;
export type ExploreDocument = z.output<typeof exploreDocumentSchema>;
export type ListDocument = z.output<typeof listDocumentSchema>;
