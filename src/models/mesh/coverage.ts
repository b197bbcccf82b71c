/**
 * The core's transitions by name: in which phase, what happens, on what kind of link, and what comes of it. The list is
 * every one that can happen among members that follow the protocol; what only a broken peer could cause (an index that is
 * none, a word that is not the one waited for, a confirmation of an epoch that it was not told) is not in it.
 */
import type { FormingEffect, FormingEvent, FormingState } from "../../engine/mesh/forming.ts";

/** The name of one step of a core. */
export function transitionName(state: FormingState, event: FormingEvent, effects: readonly FormingEffect[]): string {
  return `${state.phase}: ${happening(state, event)} → ${outcome(effects)}`;
}

function happening(state: FormingState, event: FormingEvent): string {
  switch (event.kind) {
    case "start":
      return `start of ${state.index === 0 ? "process 0" : "another"}`;
    case "message":
      return `${event.message.kind} on ${linkKind(state, event.link)}`;
    case "closed":
    case "handshake-expired":
      return `${event.kind} on ${linkKind(state, event.link)}`;
    case "accepted":
    case "dialed":
    case "dial-failed":
      return event.kind;
  }
}

function linkKind(state: FormingState, link: number): string {
  if (state.links.includes(link)) return "a bonded link";
  const handshake = state.handshakes.get(link);
  if (handshake === undefined) return "an unknown link";
  if (handshake.role === "dialer") return "a dialed link";
  return handshake.peer === null ? "an accepted link" : "a greeted link";
}

function outcome(effects: readonly FormingEffect[]): string {
  const words = new Set(effects.map(wordOf));
  return words.size === 0 ? "nothing" : [...words].join(", ");
}

function wordOf(effect: FormingEffect): string {
  switch (effect.kind) {
    case "send":
      return effect.message.kind;
    case "failed":
      return effect.reason;
    default:
      return effect.kind;
  }
}

/** The transitions of the protocol in force. */
export const epochTransitions: readonly string[] = [
  "formed: accepted → close",
  "forming: accepted → nothing",
  "forming: closed on a bonded link → link-lost",
  "forming: closed on a dialed link → dial",
  "forming: closed on a greeted link → nothing",
  "forming: closed on an accepted link → nothing",
  "forming: confirm on a greeted link → close, formed",
  "forming: confirm on a greeted link → formed",
  "forming: confirm on a greeted link → nothing",
  "forming: confirm on a greeted link → second-connection",
  "forming: dial-failed → dial",
  "forming: dialed → hello",
  "forming: epoch on a dialed link → close, dial",
  "forming: epoch on a dialed link → confirm",
  "forming: epoch on a dialed link → confirm, close, formed",
  "forming: epoch on a dialed link → confirm, formed",
  "forming: epoch on a dialed link → joined, confirm",
  "forming: epoch on a dialed link → joined, confirm, formed",
  "forming: epoch on a dialed link → joined, epoch, confirm",
  "forming: epoch on a dialed link → larger-epoch",
  "forming: handshake-expired on a dialed link → close, dial",
  "forming: handshake-expired on a greeted link → close",
  "forming: handshake-expired on an accepted link → close",
  "forming: hello on an accepted link → epoch",
  "forming: hello on an accepted link → nothing",
  "forming: hello on an accepted link → second-connection",
  "idle: accepted → close",
  "idle: start of another → dial",
  "idle: start of process 0 → joined",
];
