/**
 * How a mesh was formed when a controller numbered its attempts (v3): every process is told the epoch of an attempt, and
 * peers exchange theirs. A smaller one at the other side is ignored, a larger one ends the attempt, for the controller
 * will tell the larger one here too; equals bond. Right as long as no two attempts have one number: nobody looks whether
 * a bonded peer still lives, and who comes again under the same number is taken for an echo.
 *
 * The number is not the mesh's name: it is told to nobody.
 */
import type { FormingCore, FormingEvent, FormingState, FormingStep } from "../../../engine/mesh/forming.ts";
import { epochForming } from "../../../engine/mesh/forming.ts";

function next(state: FormingState, event: FormingEvent): FormingStep {
  // A mesh that has formed is used again, whatever number it is asked for by.
  if (event.kind === "start") return state.phase === "formed" ? [state, []] : started(state, event);
  if (event.kind === "closed" && state.links.includes(event.link)) return [state, []];
  const [after, effects] = epochForming.next(state, event);
  const isSecond = effects.some((effect) => effect.kind === "failed" && effect.reason === "second-connection");
  if (isSecond && event.kind === "message") return dropped(state, event.link);
  return [after, effects.filter(({ kind }) => kind !== "joined")];
}

/** Every process has the epoch from the start. Links of the attempt before are closed. */
function started(state: FormingState, event: FormingEvent & { readonly kind: "start" }): FormingStep {
  const [after, effects] = epochForming.next(epochForming.initial(state.index, state.size), event);
  const old = [...state.links.filter((link) => link !== null), ...state.handshakes.keys()];
  return [
    { ...after, epoch: event.mint },
    [...old.map((link) => ({ kind: "close", link }) as const), ...effects.filter(({ kind }) => kind !== "joined")],
  ];
}

/** The handshake on a link ends; the attempt goes on. */
export function dropped(state: FormingState, link: number): FormingStep {
  return epochForming.next(state, { kind: "handshake-expired", link });
}

/** See the head of the file. */
export const numberedForming: FormingCore = { initial: epochForming.initial, next };
