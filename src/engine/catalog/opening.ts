/**
 * Opening the catalog for writing, as a pure function: `nextOpen(state, event, context)`; the state says what is to be
 * done next.
 *
 *   read ──▶ append ──written──▶ opened
 *    ▲  │       │
 *    │  └───────┼── a higher generation, or contents too new ──▶ refused
 *    └─mismatch─┘
 *
 * Retracting the durable token and inserting ours is one compare-and-append, the first write of every opening: whoever
 * reads sees generation and epoch change at once, and nobody who read before can append after. A mismatch means that
 * somebody else wrote in between (a transaction of the present leader, a rival's token): everything is read and computed
 * afresh, and nothing of the attempt is remembered. A higher epoch is no reason to stop here, since we hold none yet.
 */
import type { Time } from "../collection.ts";
import type { CatalogPolicies, FenceWrite } from "./policies.ts";
import { largestToken, type Fence, type Token } from "./token.ts";

export interface CatalogView {
  readonly upper: Time;
  readonly tokens: readonly Token[];
  readonly contentVersion: number;
}

export type Refusal =
  | { readonly kind: "fenced"; readonly fence: Fence }
  /** Contents were written by a newer binary than this one. */
  | { readonly kind: "incompatible-version"; readonly durable: number }
  /** A catalog that gives up when it meets traffic: no sound policy does. */
  | { readonly kind: "raced" };

export type OpenState =
  | { readonly step: "read"; readonly attempted: Token | null }
  | {
      readonly step: "append";
      readonly upper: Time;
      readonly mine: Token;
      readonly previous: Token | null;
      /** What is still to be written, each by a compare-and-append of its own. Never empty. */
      readonly writes: readonly FenceWrite[];
    }
  | { readonly step: "opened"; readonly token: Token; readonly previous: Token | null; readonly upper: Time }
  | { readonly step: "refused"; readonly refusal: Refusal };

export type OpenEvent =
  | { readonly kind: "read"; readonly view: CatalogView }
  /** The first of `writes` is durable; the upper is one above what it was. */
  | { readonly kind: "written" }
  | { readonly kind: "mismatch" };

export interface OpenContext {
  readonly generation: number;
  /** Newest content version that this binary understands. */
  readonly version: number;
  readonly policies: CatalogPolicies;
}

export const openStart: OpenState = { step: "read", attempted: null };

/** The transition function. An event that does not belong to the state changes nothing. */
export function nextOpen(state: OpenState, event: OpenEvent, context: OpenContext): OpenState {
  if (state.step === "read" && event.kind === "read") return afterRead(state.attempted, event.view, context);
  if (state.step !== "append") return state;
  if (event.kind === "written") {
    const [, ...writes] = state.writes;
    const upper = state.upper + 1;
    if (writes.length > 0) return { ...state, writes, upper };
    return { step: "opened", token: state.mine, previous: state.previous, upper };
  }
  if (event.kind === "mismatch") {
    if (context.policies.afterOpenMismatch() === "give-up") return { step: "refused", refusal: { kind: "raced" } };
    return { step: "read", attempted: state.mine };
  }
  return state;
}

function afterRead(
  attempted: Token | null,
  view: CatalogView,
  { generation, version, policies }: OpenContext,
): OpenState {
  const tokens = policies.believedTokens(view.tokens, attempted);
  const durable = largestToken(tokens);
  const own = { generation, epoch: 0 };
  const fence: Refusal | null =
    durable !== null && durable.generation > generation
      ? { kind: "fenced", fence: { own, seen: durable, by: "generation" } }
      : null;
  const tooNew: Refusal | null =
    view.contentVersion > version ? { kind: "incompatible-version", durable: view.contentVersion } : null;
  const refusal = policies.firstComplaint(fence, tooNew);
  if (refusal !== null) return { step: "refused", refusal };
  const mine = { generation, epoch: (durable?.epoch ?? 0) + 1 };
  return { step: "append", upper: view.upper, mine, previous: durable, writes: policies.fenceWrites(tokens, mine) };
}
