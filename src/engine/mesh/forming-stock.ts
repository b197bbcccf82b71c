/**
 * How stock timely forms a mesh (v0): connect to every lower index one after the other, say one's own index, accept from
 * every higher one. No answer to the greeting, no epochs; a second connection of an index silently takes the place of the
 * first; established sockets are not watched while others are waited for. Kept to be planted: it loops for ever once
 * members restart at different times.
 */
import type { FormingCore, FormingEffect, FormingEvent, FormingState, FormingStep } from "./forming.ts";

function initial(index: number, size: number): FormingState {
  return { index, size, epoch: null, links: Array<null>(size).fill(null), handshakes: new Map(), phase: "idle" };
}

function next(state: FormingState, event: FormingEvent): FormingStep {
  if (event.kind === "start") {
    const started: FormingState = { ...initial(state.index, state.size), phase: "forming" };
    return completed(started, dialNext(started));
  }
  if (state.phase !== "forming") return [state, []];
  switch (event.kind) {
    case "dialed":
      return dialed(state, event.peer, event.link);
    case "dial-failed":
      return [state, [{ kind: "dial", peer: event.peer, isRetry: true }]];
    case "message":
      if (event.message.kind !== "hello") return [state, []];
      return completed(withLink(state, event.message.index, event.link), []);
    case "accepted":
    case "closed":
    case "handshake-expired":
      return [state, []];
  }
}

function dialed(state: FormingState, peer: number, link: number): FormingStep {
  const after = withLink(state, peer, link);
  const hello = { kind: "send", link, message: { kind: "hello", index: state.index } } as const;
  return completed(after, [hello, ...dialNext(after)]);
}

function dialNext(state: FormingState): readonly FormingEffect[] {
  const peer = state.links.findIndex((link, index) => link === null && index < state.index);
  return peer < 0 ? [] : [{ kind: "dial", peer, isRetry: false }];
}

function withLink(state: FormingState, peer: number, link: number): FormingState {
  return { ...state, links: state.links.map((old, index) => (index === peer ? link : old)) };
}

function completed(state: FormingState, effects: readonly FormingEffect[]): FormingStep {
  if (!state.links.every((link, peer) => link !== null || peer === state.index)) return [state, effects];
  return [{ ...state, phase: "formed" }, [...effects, { kind: "formed", links: state.links }]];
}

/** See the head of the file. */
export const stockForming: FormingCore = { initial, next };
