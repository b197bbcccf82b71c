/**
 * The protocol with answers, and one decision the other way round: a connection counts as soon as it was dialed. A proxy
 * in front of a process that is not there accepts it just as well.
 */
import type { FormingCore, FormingEvent, FormingState, FormingStep } from "../../../engine/mesh/forming.ts";
import { stockForming } from "../../../engine/mesh/forming-stock.ts";
import { answeredForming } from "./answered-forming.ts";

function next(state: FormingState, event: FormingEvent): FormingStep {
  return event.kind === "dialed" ? stockForming.next(state, event) : answeredForming.next(state, event);
}

/** See the head of the file. */
export const unansweredForming: FormingCore = { initial: answeredForming.initial, next };
