/**
 * The lifecycle of a connector on a replica, as a pure core: what happened in, what the status becomes out. `failed` is
 * left only by being rendered anew; everything else comes back by itself. Equal states are reported once, repeated
 * failures with their count. Calls that go on in vain are counted by part (a partition, a producer): what runs is
 * `degraded` once that has lasted, nothing is torn down, and it runs again as soon as each part got through.
 */
import type { HealthStatus, HealthUpdate } from "../compute/protocol.ts";
import { connectorPolicies, type ConnectorPolicies } from "./policies.ts";

export type Trouble = Pick<HealthUpdate, "class" | "code" | "namespace" | "hint"> & { readonly error: string };

export type LifecycleEvent =
  | { readonly kind: "rendered" }
  /** All that has to be done before it runs is done. */
  | { readonly kind: "succeeded" }
  /** A call of a part goes on; one more attempt of it did not get through, at a time in µs. */
  | { readonly kind: "troubled"; readonly part: string; readonly at: number; readonly trouble: Trouble }
  /** A call of a part has succeeded. */
  | { readonly kind: "answered"; readonly part: string }
  /** Will be tried again. */
  | { readonly kind: "stalled"; readonly trouble: Trouble }
  /** Will not be tried again. */
  | { readonly kind: "failed"; readonly trouble: Trouble };

/** Attempts of a part in a row that did not get through, and when the first one failed, µs. */
interface Vain {
  readonly part: string;
  readonly attempts: number;
  readonly since: number;
}

export interface Lifecycle {
  readonly status: HealthStatus | null;
  readonly trouble: Trouble | null;
  /** Failures in a row; the one that is still going on, as `degraded`, is one of them. */
  readonly occurrences: number;
  /** Parts that do not get through at present. */
  readonly vain: readonly Vain[];
}

export const newLifecycle: Lifecycle = { status: null, trouble: null, occurrences: 0, vain: [] };

const running = { status: "running", trouble: null, occurrences: 0 } as const;

/** The state after an event, and whether it is to be reported. */
export function nextLifecycle(
  state: Lifecycle,
  event: LifecycleEvent,
  policies: Pick<ConnectorPolicies, "isOutage"> = connectorPolicies,
): readonly [Lifecycle, isReported: boolean] {
  if (state.status === "failed" && event.kind !== "rendered") return [state, false];
  switch (event.kind) {
    case "rendered":
      return [{ status: "starting", trouble: null, occurrences: 0, vain: [] }, true];
    case "succeeded":
      // What did not get through since says more.
      if (state.status === "running" || state.vain.length > 0) return [state, false];
      return [{ ...running, vain: [] }, true];
    case "troubled":
      return troubled(state, event, policies);
    case "answered":
      return answered(state, event.part);
    case "stalled":
    case "failed":
      return [{ status: event.kind, trouble: event.trouble, occurrences: failures(state) + 1, vain: [] }, true];
  }
}

/** Attempts in a row that have ended in failure. */
export function failures({ status, occurrences }: Lifecycle): number {
  return status === "degraded" ? occurrences - 1 : occurrences;
}

function troubled(
  state: Lifecycle,
  { part, at, trouble }: Extract<LifecycleEvent, { kind: "troubled" }>,
  { isOutage }: Pick<ConnectorPolicies, "isOutage">,
): readonly [Lifecycle, isReported: boolean] {
  const before = state.vain.find((each) => each.part === part) ?? { attempts: 0, since: at };
  const [attempts, since] = [before.attempts + 1, before.since];
  const vain = [...without(state, part), { part, attempts, since }];
  if (state.status !== "running" || !isOutage(attempts, at - since)) return [{ ...state, vain }, false];
  return [{ status: "degraded", trouble, occurrences: failures(state) + 1, vain }, true];
}

function answered(state: Lifecycle, part: string): readonly [Lifecycle, isReported: boolean] {
  const vain = without(state, part);
  if (vain.length === state.vain.length) return [state, false];
  return state.status === "degraded" && vain.length === 0 ? [{ ...running, vain }, true] : [{ ...state, vain }, false];
}

function without({ vain }: Lifecycle, part: string): readonly Vain[] {
  return vain.filter((each) => each.part !== part);
}
