/**
 * Forming the worker mesh, as a pure core: (state, event) → (state, effects). Every pair of members shares one connection,
 * dialed by the higher index. Process 0 mints an epoch for each attempt; the others adopt it from the lower ones; only
 * equals bond. What ends an attempt: a larger epoch at the other side, a second connection of an index that has one, and
 * the loss of an established connection. A smaller epoch costs only the connection, which is dialed again.
 *
 * dialer                          acceptor
 *   hello {index}          ──▶    (waits until it has an epoch)
 *   (adopts or compares)   ◀──    epoch {epoch}
 *   confirm {epoch}        ──▶    (compares) established
 *   established
 *
 * Against the protocol that it descends from: handshakes run side by side and time out, so that one half-open peer blocks
 * nobody; an attempt that failed waits before the next; links are watched while others are still forming.
 */

/** Ordered by (millis, nonce). Two mints never equal: the nonce is drawn by the process that mints. */
export interface Epoch {
  readonly millis: number;
  readonly nonce: number;
}

export type FormingMessage =
  | { readonly kind: "hello"; readonly index: number }
  | { readonly kind: "epoch"; readonly epoch: Epoch }
  | { readonly kind: "confirm"; readonly epoch: Epoch };

export type FormingEvent =
  /** Begins an attempt. `mint` is a fresh epoch, used by process 0 alone. */
  | { readonly kind: "start"; readonly mint: Epoch }
  | { readonly kind: "dialed"; readonly peer: number; readonly link: number }
  | { readonly kind: "dial-failed"; readonly peer: number }
  | { readonly kind: "accepted"; readonly link: number }
  | { readonly kind: "message"; readonly link: number; readonly message: FormingMessage }
  | { readonly kind: "closed"; readonly link: number }
  /** The handshake on a link took too long. */
  | { readonly kind: "handshake-expired"; readonly link: number };

export type FormingEffect =
  | { readonly kind: "dial"; readonly peer: number; readonly isRetry: boolean }
  | { readonly kind: "send"; readonly link: number; readonly message: FormingMessage }
  | { readonly kind: "close"; readonly link: number }
  /** The epoch of this attempt is known. */
  | { readonly kind: "joined"; readonly epoch: Epoch }
  /** All links are closed by the shell; it starts the next attempt after its delay. */
  | { readonly kind: "failed"; readonly reason: "larger-epoch" | "second-connection" | "link-lost" }
  /** `links` by peer; null at the own index. */
  | { readonly kind: "formed"; readonly links: readonly (number | null)[] };

export interface Handshake {
  readonly role: "dialer" | "acceptor";
  /** Unknown at an acceptor before the hello. */
  readonly peer: number | null;
}

export interface FormingState {
  readonly index: number;
  readonly size: number;
  readonly epoch: Epoch | null;
  /** Established links by peer. */
  readonly links: readonly (number | null)[];
  /** Links whose handshake is under way. */
  readonly handshakes: ReadonlyMap<number, Handshake>;
  readonly phase: "idle" | "forming" | "formed";
}

export type FormingStep = readonly [FormingState, readonly FormingEffect[]];

/** A protocol of forming: a whole pure core, so that a historic one can be planted in its place. */
export interface FormingCore {
  readonly initial: (index: number, size: number) => FormingState;
  readonly next: (state: FormingState, event: FormingEvent) => FormingStep;
}

/** Negative, zero or positive as `a` is before, equal to or after `b`. */
export function compareEpochs(a: Epoch, b: Epoch): number {
  return a.millis === b.millis ? a.nonce - b.nonce : a.millis - b.millis;
}

function initial(index: number, size: number): FormingState {
  return { index, size, epoch: null, links: Array<null>(size).fill(null), handshakes: new Map(), phase: "idle" };
}

function next(state: FormingState, event: FormingEvent): FormingStep {
  if (event.kind === "start") return start(state, event.mint);
  if (state.phase !== "forming")
    return event.kind === "accepted" ? [state, [{ kind: "close", link: event.link }]] : [state, []];
  switch (event.kind) {
    case "dialed":
      return [
        withHandshake(state, event.link, { role: "dialer", peer: event.peer }),
        [{ kind: "send", link: event.link, message: { kind: "hello", index: state.index } }],
      ];
    case "dial-failed":
      return [state, [{ kind: "dial", peer: event.peer, isRetry: true }]];
    case "accepted":
      return [withHandshake(state, event.link, { role: "acceptor", peer: null }), []];
    case "message":
      return heard(state, event.link, event.message);
    case "closed":
      return state.links.includes(event.link) ? failed(state, "link-lost") : abandoned(state, event.link, false);
    case "handshake-expired":
      return abandoned(state, event.link, true);
  }
}

function start(state: FormingState, mint: Epoch): FormingStep {
  const epoch = state.index === 0 ? mint : null;
  const fresh: FormingState = { ...initial(state.index, state.size), epoch, phase: "forming" };
  const dials = Array.from({ length: state.index }, (_, peer) => ({ kind: "dial", peer, isRetry: false }) as const);
  const [after, effects] = completed(fresh);
  return [after, [...(epoch === null ? [] : [{ kind: "joined", epoch } as const]), ...dials, ...effects]];
}

function heard(state: FormingState, link: number, message: FormingMessage): FormingStep {
  const handshake = state.handshakes.get(link);
  // Behind a handshake come the words of a mesh that the other side thinks is formed: the shell keeps those.
  if (handshake === undefined) return [state, []];
  if (handshake.role === "acceptor") {
    if (message.kind === "hello") return greeted(state, link, message.index);
    if (message.kind === "confirm" && handshake.peer !== null)
      return confirmed(state, link, handshake.peer, message.epoch);
  } else if (message.kind === "epoch" && handshake.peer !== null) {
    return answered(state, link, handshake.peer, message.epoch);
  }
  return abandoned(state, link, true);
}

/** An acceptor learns who dials. It answers once it has an epoch. */
function greeted(state: FormingState, link: number, peer: number): FormingStep {
  if (peer <= state.index || peer >= state.size) return abandoned(state, link, true);
  // A second connection of an index: its first incarnation died, or gave its attempt up.
  if (state.links[peer] !== null) return failed(state, "second-connection");
  const after = withHandshake(state, link, { role: "acceptor", peer });
  if (state.epoch === null) return [after, []];
  return [after, [{ kind: "send", link, message: { kind: "epoch", epoch: state.epoch } }]];
}

/** A dialer hears the epoch of the lower peer: adopts it if it has none yet. */
function answered(state: FormingState, link: number, peer: number, epoch: Epoch): FormingStep {
  const own = state.epoch ?? epoch;
  const order = compareEpochs(epoch, own);
  if (order > 0) return failed(state, "larger-epoch");
  if (order < 0) return abandoned(state, link, true);
  const effects: FormingEffect[] = [];
  if (state.epoch === null) {
    effects.push({ kind: "joined", epoch });
    // Those that greeted this process before it had an epoch are answered now.
    for (const [other, { role, peer: dialer }] of state.handshakes) {
      if (role === "acceptor" && dialer !== null) {
        effects.push({ kind: "send", link: other, message: { kind: "epoch", epoch } });
      }
    }
  }
  effects.push({ kind: "send", link, message: { kind: "confirm", epoch } });
  const [after, more] = completed(established({ ...state, epoch }, link, peer));
  return [after, [...effects, ...more]];
}

/** An acceptor hears the dialer's epoch; it told its own before. */
function confirmed(state: FormingState, link: number, peer: number, epoch: Epoch): FormingStep {
  if (state.epoch === null) return abandoned(state, link, true);
  const order = compareEpochs(epoch, state.epoch);
  if (order > 0) return failed(state, "larger-epoch");
  if (order < 0) return abandoned(state, link, true);
  if (state.links[peer] !== null) return failed(state, "second-connection");
  return completed(established(state, link, peer));
}

function established(state: FormingState, link: number, peer: number): FormingState {
  const links = state.links.map((old, index) => (index === peer ? link : old));
  return { ...withoutHandshake(state, link), links };
}

function completed(state: FormingState): FormingStep {
  if (!state.links.every((link, peer) => link !== null || peer === state.index)) return [state, []];
  const leftover = [...state.handshakes.keys()].map((link) => ({ kind: "close", link }) as const);
  return [{ ...state, handshakes: new Map(), phase: "formed" }, [...leftover, { kind: "formed", links: state.links }]];
}

/** A handshake came to nothing; its dialer tries again. */
function abandoned(state: FormingState, link: number, isOpen: boolean): FormingStep {
  const handshake = state.handshakes.get(link);
  if (handshake === undefined) return [state, []];
  const effects: FormingEffect[] = isOpen ? [{ kind: "close", link }] : [];
  if (handshake.role === "dialer" && handshake.peer !== null) {
    effects.push({ kind: "dial", peer: handshake.peer, isRetry: true });
  }
  return [withoutHandshake(state, link), effects];
}

function failed(state: FormingState, reason: "larger-epoch" | "second-connection" | "link-lost"): FormingStep {
  return [initial(state.index, state.size), [{ kind: "failed", reason }]];
}

function withHandshake(state: FormingState, link: number, handshake: Handshake): FormingState {
  return { ...state, handshakes: new Map(state.handshakes).set(link, handshake) };
}

function withoutHandshake(state: FormingState, link: number): FormingState {
  const handshakes = new Map(state.handshakes);
  handshakes.delete(link);
  return { ...state, handshakes };
}

/** The protocol in force. */
export const epochForming: FormingCore = { initial, next };
