/**
 * How a mesh was formed after the first repair (v1): stock, but an acceptor answers a greeting, always with the same word,
 * and a dialer counts a connection only once it has the answer. That settles proxies which accept for nobody. No answer
 * says which life of a process it comes from, so the dead still count beside the living.
 */
import type { FormingCore, FormingEvent, FormingState, FormingStep } from "../../../engine/mesh/forming.ts";
import { stockForming } from "../../../engine/mesh/forming-stock.ts";

/** What every acceptor answers, in the place of an epoch. */
const magic = { kind: "epoch", epoch: { millis: 0, nonce: 0 } } as const;

function next(state: FormingState, event: FormingEvent): FormingStep {
  if (state.phase !== "forming") return stockForming.next(state, event);
  switch (event.kind) {
    case "dialed": {
      const handshakes = new Map(state.handshakes).set(event.link, { role: "dialer", peer: event.peer });
      const message = { kind: "hello", index: state.index } as const;
      return [{ ...state, handshakes }, [{ kind: "send", link: event.link, message }]];
    }
    case "message":
      if (event.message.kind === "hello") return answered(state, event);
      return counted(state, event.link);
    case "closed":
    case "handshake-expired":
      return dialedAgain(state, event.link, event.kind === "handshake-expired");
    case "start":
    case "dial-failed":
    case "accepted":
      return stockForming.next(state, event);
  }
}

function answered(state: FormingState, event: FormingEvent & { readonly kind: "message" }): FormingStep {
  const [after, effects] = stockForming.next(state, event);
  return [after, [{ kind: "send", link: event.link, message: magic }, ...effects]];
}

/** The answer is there: the connection counts, as one did that was dialed at all. */
function counted(state: FormingState, link: number): FormingStep {
  const peer = state.handshakes.get(link)?.peer ?? null;
  if (peer === null) return [state, []];
  const [after, effects] = stockForming.next(without(state, link), { kind: "dialed", peer, link });
  return [after, effects.filter(({ kind }) => kind !== "send")];
}

function dialedAgain(state: FormingState, link: number, isOpen: boolean): FormingStep {
  const peer = state.handshakes.get(link)?.peer ?? null;
  if (peer === null) return [state, []];
  const dial = { kind: "dial", peer, isRetry: true } as const;
  return [without(state, link), isOpen ? [{ kind: "close", link }, dial] : [dial]];
}

function without(state: FormingState, link: number): FormingState {
  const handshakes = new Map(state.handshakes);
  handshakes.delete(link);
  return { ...state, handshakes };
}

/** See the head of the file. */
export const answeredForming: FormingCore = { initial: stockForming.initial, next };
