/**
 * The proposal that followed (v4): the controller names each attempt with a nonce of its own. Only equals bond, no nonce
 * is more than another, and an attempt is never given up: whoever meets another nonce tries again. So two that wait for
 * each other with different ones wait for ever. A second connection under one nonce ends
 * the attempt, and by it the process.
 */
import type { FormingCore, FormingEvent, FormingState, FormingStep } from "../../../engine/mesh/forming.ts";
import { epochForming } from "../../../engine/mesh/forming.ts";
import { dropped, numberedForming } from "./numbered-forming.ts";

function next(state: FormingState, event: FormingEvent): FormingStep {
  if (event.kind === "start") return state.phase === "idle" ? numberedForming.next(state, event) : [state, []];
  if (event.kind !== "message") return numberedForming.next(state, event);
  const step = epochForming.next(state, event);
  const isLarger = step[1].some((effect) => effect.kind === "failed" && effect.reason === "larger-epoch");
  return isLarger ? dropped(state, event.link) : step;
}

/** See the head of the file. */
export const nonceForming: FormingCore = { initial: numberedForming.initial, next };
