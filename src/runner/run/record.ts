/** What one execution of a plan leaves behind: data only, made by `execute`, read by shrinking and reports. */
import type { Json } from "../../base/json.ts";
import type { Micros } from "../../base/time.ts";
import type { ConsoleLine } from "../../ports/console.ts";
import type { Plan } from "../plan/plan.ts";

export type { ConsoleLine } from "../../ports/console.ts";

export type Verdict = "passed" | "violated" | "stuck" | "crashed" | "diverged" | "vacuous" | "out-of-budget";
export type FailureVerdict = Exclude<Verdict, "passed" | "vacuous">;

/** The first thing that went wrong in a run. */
export interface Failure {
  readonly verdict: FailureVerdict;
  /** `invariant` or `invariant:subject`: equal signatures are one finding. Never holds values, times or V8's own messages. */
  readonly signature: string;
  /** Id of the invariant, or the rule of the tank that broke: `stuck`, `panic`, `nondeterminism`, `body`, `hung`. */
  readonly invariant: string;
  /** What the failure is about (a key, a process role, an API), or "". */
  readonly subject: string;
  /** One sentence. */
  readonly message: string;
  readonly expected?: Json | undefined;
  readonly observed?: Json | undefined;
  readonly at: Micros;
  /** `name#incarnation` of the process current at the failure, or null. */
  readonly process: string | null;
  /** `file:line:column` in the code under test, where it is known. */
  readonly place?: string | undefined;
  /** Number of events dispatched when it happened. */
  readonly event: number;
}

/** What became of one fault item of the plan. */
export interface FaultFate {
  readonly fault: string;
  /** Index in `plan.items`, or -1 for a scripted fault. */
  readonly item: number;
  readonly injected: boolean;
  /** It left its witness: something was dropped, delayed, refused or killed because of it. */
  readonly bit: boolean;
}

/** One line of the full trace; only recorded when asked for. */
export interface TraceRecord {
  /** Number of the event, from 1. */
  readonly event: number;
  readonly at: Micros;
  /** `name#incarnation`, or "" for the tank itself. */
  readonly process: string;
  /** Interned kind: `net.message`, `timer`, `process.crashed`, `kv.acked`, … */
  readonly kind: string;
  /** One line of fields, already formatted. */
  readonly text: string;
  /** Rolling hash after this event, 16 hex digits. */
  readonly hash: string;
}

export interface RunRecord {
  readonly plan: Plan;
  /** Planted bug, or null for the sound code. */
  readonly bug: string | null;
  readonly verdict: FailureVerdict | "passed";
  readonly failure: Failure | null;
  /** Rolling hash of the whole run, 16 hex digits. */
  readonly hash: string;
  readonly events: number;
  readonly endedAt: Micros;
  readonly faults: readonly FaultFate[];
  /** `sometimes` properties that this run reached. */
  readonly reached: readonly string[];
  readonly console: readonly ConsoleLine[];
  /** Rolling hash after every `checkpointEvents` events. */
  readonly checkpoints: readonly string[];
  readonly trace: readonly TraceRecord[];
}

export interface ExecuteOptions {
  /** Id of a planted bug. */
  readonly bug?: string | null;
  /** Checks the rule on promises, freezes messages, looks for V8's own error messages. Same hash, about half the speed. */
  readonly checking?: boolean;
  /** Keeps the full trace. */
  readonly record?: boolean;
  /** Stops before the first event after this moment. */
  readonly until?: Micros;
  /** How process code is run to exhaustion; both give the same hash. Default `tick` where the runtime has it. */
  readonly drain?: "tick" | "immediate";
  /** Real milliseconds after which one dispatch counts as an endless loop. Default 5,000. */
  readonly hangMillis?: number;
}
