/**
 * A write to an open catalog, as a pure function: `nextCommit(state, event, policies)`.
 *
 *   append ──written──▶ done            sync: reads up to the current upper, all of it, before anything is said
 *     ▲  └──mismatch──▶ sync ──▶ refused (fenced, or out of sync)
 *     └── only empty progress ──┘ └──▶ late (the upper has passed the time: another one is needed)
 *
 * Only the holder of the token writes, so a mismatch means a new token in all likelihood. Content without a new token is
 * the work of nobody we know: then our memory is not what is durable, and the process must begin again.
 */
import type { Time } from "../collection.ts";
import type { CatalogPolicies } from "./policies.ts";
import type { Fence } from "./token.ts";

export type CommitRefusal = { readonly kind: "fenced"; readonly fence: Fence } | { readonly kind: "out-of-sync" };

export type CommitState =
  | { readonly step: "append"; readonly upper: Time; readonly ts: Time }
  | { readonly step: "sync"; readonly ts: Time }
  | { readonly step: "done"; readonly upper: Time }
  | { readonly step: "late"; readonly upper: Time }
  | { readonly step: "refused"; readonly refusal: CommitRefusal };

export type CommitEvent =
  | { readonly kind: "written"; readonly fence: Fence | null }
  | { readonly kind: "mismatch" }
  /** Read up to `upper`; `hasContent`: more than empty progress and tokens was in between. */
  | { readonly kind: "synced"; readonly upper: Time; readonly fence: Fence | null; readonly hasContent: boolean };

/** Begins a write of time `ts` on a catalog that was read up to `upper`. */
export function beginCommit(upper: Time, ts: Time, fence: Fence | null, policies: CatalogPolicies): CommitState {
  if (fence !== null && !policies.mayAppend(fence)) return fenced(fence);
  return upper > ts ? { step: "late", upper } : { step: "append", upper, ts };
}

/** The transition function. An event that does not belong to the state changes nothing. */
export function nextCommit(state: CommitState, event: CommitEvent, policies: CatalogPolicies): CommitState {
  if (state.step === "append" && event.kind === "written") {
    if (event.fence !== null && !policies.mayAppend(event.fence)) return fenced(event.fence);
    return { step: "done", upper: state.ts + 1 };
  }
  if (state.step === "append" && event.kind === "mismatch") return { step: "sync", ts: state.ts };
  if (state.step === "sync" && event.kind === "synced") {
    if (event.fence !== null && !policies.mayAppend(event.fence)) return fenced(event.fence);
    if (event.hasContent) return { step: "refused", refusal: { kind: "out-of-sync" } };
    return beginCommit(event.upper, state.ts, event.fence, policies);
  }
  return state;
}

function fenced(fence: Fence): CommitState {
  return { step: "refused", refusal: { kind: "fenced", fence } };
}
