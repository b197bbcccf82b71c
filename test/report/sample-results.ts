/** Results as the runner makes them, small and complete: what reports are tested on. */
import type { JsonObject } from "../../src/base/json.ts";
import type { Finding, ScenarioResult, SuiteProgress, SuiteResult } from "../../src/runner/finding/finding.ts";
import type { Plan } from "../../src/runner/plan/plan.ts";
import type { Failure, RunRecord, TraceRecord } from "../../src/runner/run/record.ts";
import type { BugsResult } from "../../src/runner/suite/bugs.ts";
import type { Paint, TextStyle } from "../../src/report/text/paint.ts";
import { micros } from "../../src/base/time.ts";
import { plainPaint } from "../../src/report/text/paint.ts";

/** No colours, and so many columns. */
export function plain(width: number, paint: Paint = plainPaint): TextStyle {
  return { paint, width };
}

export const samplePlan: Plan = {
  scenario: "key-value",
  seed: "7k3q9zt4n01b8",
  knobs: { replicas: 2 },
  items: [
    { kind: "op", at: micros(2_100_000), op: "put", session: 0, value: { key: "a", amount: 7 } },
    { kind: "op", at: micros(4_120_000), op: "read", session: 2, value: null },
    {
      kind: "fault",
      at: micros(6_031_250),
      until: micros(6_540_000),
      fault: "process.crash",
      params: { host: "server" },
    },
  ],
};

export const sampleFailure: Failure = {
  verdict: "violated",
  signature: "KV-1:a",
  invariant: "KV-1",
  subject: "a",
  message: "An acknowledged put is lost.",
  expected: { value: 7 },
  observed: null,
  at: micros(6_546_000),
  process: "server#2",
  place: "scenarios/server.ts:64:7",
  event: 1_208,
};

export const sampleTrace: readonly TraceRecord[] = [
  line(1, 0, "server#1", "process.start", ""),
  line(1, 0, "", "process.started", '{"host":"server","process":"server#1"}'),
  line(800, 2_100_000, "driver#1", "op.started", '{"op":"put"}'),
  line(801, 2_100_500, "server#1", "net.message", "driver → server put"),
  line(802, 2_100_500, "server#1", "timer", ""),
  line(900, 6_031_250, "faults#1", "fault process.crash", 'inject {"host":"server"} until 0:06.540'),
  line(900, 6_031_250, "", "process.crashed", '{"host":"server","process":"server#1"}'),
  ...Array.from({ length: 3 }, (_, index) => line(901 + index, 6_100_000 + index, "driver#1", "net.message", "retry")),
  line(1_000, 6_540_000, "", "process.started", '{"host":"server","process":"server#2"}'),
  line(1_208, 6_546_000, "driver#1", "kv.read", '{"key":"a","value":null}'),
  line(1_300, 7_000_000, "driver#1", "kv.read", "after the failure"),
];

export const sampleRecord: RunRecord = {
  plan: samplePlan,
  bug: null,
  verdict: "violated",
  failure: sampleFailure,
  hash: "00112233445566ff",
  events: 1_300,
  endedAt: micros(6_546_000),
  faults: [{ fault: "process.crash", item: 2, injected: true, bit: true }],
  reached: ["retried"],
  console: [
    { at: micros(6_540_100), process: "server#2", level: "warn", text: "recovered 0 records" },
    { at: micros(7_000_000), process: "server#2", level: "log", text: "too late" },
  ],
  checkpoints: [],
  trace: sampleTrace,
};

export const sampleFinding: Finding = {
  signature: "KV-1:a",
  scenario: "key-value",
  verdict: "violated",
  seeds: ["7k3q9zt4n01b8", "7k3q9zt4n01b9"],
  record: sampleRecord,
  shrunk: {
    plan: samplePlan,
    itemsBefore: 143,
    runs: 41,
    verified: true,
    minimal: true,
    passesWithoutItems: true,
    explanation: [
      { item: 0, values: "any", valuesTried: 8, earliest: micros(2_100_000), latest: micros(2_100_000), timesTried: 0 },
      {
        item: 1,
        values: "none",
        valuesTried: 0,
        earliest: micros(4_120_000),
        latest: micros(4_120_000),
        timesTried: 0,
      },
      {
        item: 2,
        values: "only",
        valuesTried: 2,
        earliest: micros(6_013_000),
        latest: micros(8_900_000),
        timesTried: 9,
      },
    ],
  },
  repro: "wt1.nVLBbsQwQ8A",
};

export const sampleScenario: ScenarioResult = {
  name: "key-value",
  doc: "A server keeps what it has acknowledged.",
  seedsPlanned: 200,
  seeds: 200,
  failedSeeds: 2,
  found: 1,
  virtualMicros: 24_000_000_000,
  cpuMicros: 20_000_000,
  events: 2_000_000,
  faults: [
    { fault: "process.crash", runs: 120, injected: 300, bit: 280 },
    { fault: "disk.full", runs: 3, injected: 3, bit: 0 },
  ],
  inertFaults: ["disk.full"],
  reached: ["retried"],
  unreached: ["tail-cut"],
  hash: "0123456789abcdef",
};

export const cleanScenario: ScenarioResult = {
  ...sampleScenario,
  name: "replicated-log",
  failedSeeds: 0,
  found: 0,
  faults: [{ fault: "process.crash", runs: 120, injected: 300, bit: 280 }],
  inertFaults: [],
  reached: ["elected", "deposed"],
  unreached: [],
};

export const sampleSuite: SuiteResult = {
  verdict: "violated",
  exitCode: 1,
  hash: "9c41e0ffffffffff",
  from: "7k3q9zt4mvx2c",
  jobs: 2,
  interrupted: false,
  seedsPlanned: 400,
  seeds: 400,
  wallMicros: 52_000_000,
  findings: [sampleFinding],
  scenarios: [sampleScenario, cleanScenario],
  harnessErrors: [],
};

export const cleanSuite: SuiteResult = {
  ...sampleSuite,
  verdict: "passed",
  exitCode: 0,
  seedsPlanned: 200,
  seeds: 200,
  findings: [],
  scenarios: [cleanScenario],
};

export const vacuousSuite: SuiteResult = {
  ...sampleSuite,
  verdict: "vacuous",
  exitCode: 4,
  findings: [],
  scenarios: [{ ...sampleScenario, failedSeeds: 0, found: 0 }],
};

export const sampleProgress: SuiteProgress = {
  scenarios: [
    cleanScenario,
    {
      ...cleanScenario,
      name: "sink",
      seeds: 61,
      seedsPlanned: 200,
      virtualMicros: 7_320_000_000,
      unreached: ["fenced"],
    },
  ],
  seeds: 261,
  seedsPlanned: 400,
  wallMicros: 21_000_000,
  shrinking: { signature: "S-SINK-3", itemsBefore: 143, items: 6 },
};

export const sampleBugs: BugsResult = {
  exitCode: 4,
  from: "0000000000000",
  seeds: 2_000,
  interrupted: false,
  wallMicros: 5_000_000,
  harnessErrors: [],
  bugs: [
    bug("KV-RETRY", "A request that is sent again is performed again.", "KV-2", 44),
    bug("KV-TORN", "Recovery believes the last line without its checksum.", "KV-4", null),
  ],
};

function bug(id: string, title: string, invariant: string, seedsToCatch: number | null): BugsResult["bugs"][number] {
  return {
    id,
    title,
    source: "made up",
    scenario: "key-value",
    invariant,
    caught: seedsToCatch !== null,
    caughtBy: seedsToCatch === null ? null : invariant,
    seedsToCatch,
    seeds: seedsToCatch ?? 2_000,
    cpuMicros: 4_100_000,
    shrunkItems: seedsToCatch === null ? null : 3,
    soundIsClean: true,
  };
}

/** The sample's failure with some of it replaced. */
export function failureWith(change: Partial<Failure>): Failure {
  return { ...sampleFailure, ...change };
}

/** The sample's first op with another value, as a plan of its own. */
export function planOf(value: JsonObject): Plan {
  return { ...samplePlan, items: [{ kind: "op", at: micros(0), op: "put", session: 0, value }] };
}

function line(event: number, at: number, process: string, kind: string, text: string): TraceRecord {
  return { event, at: micros(at), process, kind, text, hash: "0000000000000000" };
}
