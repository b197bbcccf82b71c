/**
 * A plan is what a seed expands to and all that a run depends on besides the code: plain JSON that is printed, shrunk,
 * stored and replayed. Every sub-plan of a plan is valid: faults name roles that are resolved when they are injected,
 * and set-up is no item.
 */
import type { Json, JsonObject } from "../../base/json.ts";
import type { Micros } from "../../base/time.ts";

/** One step of the workload: `op` with `value`, by the closed-loop session `session`, not before `at`. */
export interface OpItem {
  readonly kind: "op";
  readonly at: Micros;
  readonly op: string;
  readonly session: number;
  readonly value: Json;
}

/** One fault: injected at `at`, healed at `until`. */
export interface FaultItem {
  readonly kind: "fault";
  readonly at: Micros;
  readonly until: Micros;
  readonly fault: string;
  readonly params: JsonObject;
}

export type PlanItem = OpItem | FaultItem;

export interface Plan {
  readonly scenario: string;
  /** Canonical seed text (`seed.ts`); the source of every choice inside the run. */
  readonly seed: string;
  /** Values of the scenario's knobs, drawn once per seed. */
  readonly knobs: JsonObject;
  /** In order of `at`; ops before faults at the same moment, else in order of generation. */
  readonly items: readonly PlanItem[];
}
