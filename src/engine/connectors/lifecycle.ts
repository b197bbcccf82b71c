/**
 * The lifecycle of a connector on a replica, as a pure core: what happened in, what the status becomes out. `failed` is
 * left only by being rendered anew; everything else comes back by itself. Equal states are reported once, repeated
 * failures with their count.
 */
import type { HealthStatus, HealthUpdate } from "../compute/protocol.ts";

export type Trouble = Pick<HealthUpdate, "class" | "code" | "namespace" | "hint"> & { readonly error: string };

export type LifecycleEvent =
  | { readonly kind: "rendered" }
  | { readonly kind: "succeeded" }
  /** Will be tried again. */
  | { readonly kind: "stalled"; readonly trouble: Trouble }
  /** Will not be tried again. */
  | { readonly kind: "failed"; readonly trouble: Trouble };

export interface Lifecycle {
  readonly status: HealthStatus | null;
  readonly trouble: Trouble | null;
  /** Failures in a row. */
  readonly occurrences: number;
}

export const newLifecycle: Lifecycle = { status: null, trouble: null, occurrences: 0 };

/** The state after an event, and whether it is to be reported. */
export function nextLifecycle(state: Lifecycle, event: LifecycleEvent): readonly [Lifecycle, isReported: boolean] {
  if (state.status === "failed" && event.kind !== "rendered") return [state, false];
  switch (event.kind) {
    case "rendered":
      return [{ status: "starting", trouble: null, occurrences: 0 }, true];
    case "succeeded":
      return [{ status: "running", trouble: null, occurrences: 0 }, state.status !== "running"];
    case "stalled":
      return [{ status: "stalled", trouble: event.trouble, occurrences: state.occurrences + 1 }, true];
    case "failed":
      return [{ status: "failed", trouble: event.trouble, occurrences: state.occurrences + 1 }, true];
  }
}
