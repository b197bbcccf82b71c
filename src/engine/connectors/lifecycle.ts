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

/** Attempts of a part in a row that did not get through, and when the first one failed. */
interface Vain {
  readonly attempts: number;
  readonly since: number;
}

export interface Lifecycle {
  readonly status: HealthStatus | null;
  readonly trouble: Trouble | null;
  /** Failures in a row; the one that is still going on, as `degraded`, is one of them. */
  readonly occurrences: number;
  /** Parts that do not get through at present. */
  readonly vain: ReadonlyMap<string, Vain>;
}

const none: ReadonlyMap<string, Vain> = new Map();

export const newLifecycle: Lifecycle = { status: null, trouble: null, occurrences: 0, vain: none };

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
      return [{ status: "starting", trouble: null, occurrences: 0, vain: none }, true];
    case "succeeded":
      // What did not get through since says more.
      if (state.status === "running" || state.vain.size > 0) return [state, false];
      return [{ ...running, vain: none }, true];
    case "troubled":
      return troubled(state, event, policies);
    case "answered":
      return answered(state, event.part);
    case "stalled":
    case "failed":
      return [{ status: event.kind, trouble: event.trouble, occurrences: failures(state) + 1, vain: none }, true];
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
  const { attempts, since } = state.vain.get(part) ?? { attempts: 0, since: at };
  const vain = new Map([...state.vain, [part, { attempts: attempts + 1, since }]]);
  if (state.status !== "running" || !isOutage(attempts + 1, at - since)) return [{ ...state, vain }, false];
  return [{ status: "degraded", trouble, occurrences: failures(state) + 1, vain }, true];
}

function answered(state: Lifecycle, part: string): readonly [Lifecycle, isReported: boolean] {
  if (!state.vain.has(part)) return [state, false];
  const vain = new Map([...state.vain].filter(([other]) => other !== part));
  return state.status === "degraded" && vain.size === 0 ? [{ ...running, vain }, true] : [{ ...state, vain }, false];
}
