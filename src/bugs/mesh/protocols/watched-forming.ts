/**
 * How a mesh was formed after the second repair (v2): with answers, and a link that is lost while others are waited for no
 * longer counts: it is dialed again, or awaited again. A link whose peer vanished without a word still counts, and one
 * that is lost after the last look does.
 */
import type { FormingCore, FormingEvent, FormingState, FormingStep } from "../../../engine/mesh/forming.ts";
import { answeredForming } from "./answered-forming.ts";

function next(state: FormingState, event: FormingEvent): FormingStep {
  if (state.phase !== "forming" || event.kind !== "closed") return answeredForming.next(state, event);
  const peer = state.links.indexOf(event.link);
  if (peer < 0) return answeredForming.next(state, event);
  const links = state.links.map((link) => (link === event.link ? null : link));
  return [{ ...state, links }, peer < state.index ? [{ kind: "dial", peer, isRetry: true }] : []];
}

/** See the head of the file. */
export const watchedForming: FormingCore = { initial: answeredForming.initial, next };
