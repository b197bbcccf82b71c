/** One replica as the core sees it: what it knows, what can happen to it, and what it then wants done. */
import type { Entry, PeerAnswer, PeerRequest } from "./messages.ts";
import type { Policies } from "./policies.ts";

/** What a leader knows of one follower. */
export interface Progress {
  /** So many entries are certainly in its log, durably. */
  readonly match: number;
  /** So many it probably has. */
  readonly sent: number;
  /** Entries are under way: the next ones wait for the answer. */
  readonly isBusy: boolean;
  /** When the latest message that it answered was sent, by the leader's clock. */
  readonly heardAt: number;
}

export interface ReplicaState {
  readonly me: string;
  readonly peers: readonly string[];
  /** Durable before anyone hears of them: */
  readonly term: number;
  readonly votedFor: string | null;
  readonly log: readonly Entry[];
  /** So many entries of the log are known to be durable here. */
  readonly stored: number;
  readonly committed: number;
  readonly role: "follower" | "candidate" | "leader";
  readonly leader: string | null;
  /** Until then no vote is given, for a leader counts on it. */
  readonly promisedUntil: number;
  /** From then on this replica may stand for election. */
  readonly electionAt: number;
  /** Who voted for this candidate. */
  readonly votes: readonly string[];
  /** Of a leader: since when, and what it knows of its followers. */
  readonly ledSince: number;
  readonly progress: { readonly [peer: string]: Progress };
}

export type ReplicaEvent =
  | { readonly kind: "ticked" }
  | { readonly kind: "asked"; readonly from: string; readonly message: PeerRequest }
  | {
      readonly kind: "answered";
      readonly from: string;
      readonly message: PeerRequest;
      /** When the message left, by this replica's clock. */
      readonly sentAt: number;
      readonly answer: PeerAnswer;
    }
  /** A request will not be answered; it may have been handled, or may still be. */
  | { readonly kind: "lost"; readonly to: string; readonly message: PeerRequest }
  /** So many entries are durable, the last of them of this term. */
  | { readonly kind: "stored"; readonly length: number; readonly term: number }
  | { readonly kind: "proposed"; readonly request: string; readonly value: number }
  | { readonly kind: "disk-filled" };

/** What is wanted, in this order. Writes are begun at once; `after` says which of them something must wait for. */
export type Effect =
  | { readonly kind: "save"; readonly term: number; readonly votedFor: string | null }
  /** Keeps so many entries of the stored log and puts these behind them. */
  | { readonly kind: "store"; readonly keep: number; readonly entries: readonly Entry[] }
  | { readonly kind: "send"; readonly to: string; readonly message: PeerRequest; readonly after: "nothing" | "save" }
  | { readonly kind: "answer"; readonly answer: PeerAnswer; readonly after: "save" | "store" }
  | { readonly kind: "apply"; readonly index: number; readonly entry: Entry }
  /** An observation for whoever watches. */
  | { readonly kind: "tell"; readonly what: string; readonly term: number };

export interface Step {
  readonly state: ReplicaState;
  readonly effects: readonly Effect[];
}

/** What a transition may know besides state and event. */
export interface Context {
  /** The replica's own monotonic clock. */
  readonly now: number;
  /** A random part of `timing.spread`. */
  readonly jitter: number;
  /** So many entries at most go into one message. */
  readonly batch: number;
  readonly policies: Policies;
}

/** Terms of entries, 1 being the first; 0 before it. */
export function termAt(log: readonly Entry[], index: number): number {
  return log[index - 1]?.term ?? 0;
}

/** How many are more than half. */
export function majority(state: ReplicaState): number {
  return Math.floor((state.peers.length + 1) / 2) + 1;
}

/** The highest number that a majority reaches, this replica's own among them. */
export function reachedByMajority(state: ReplicaState, own: number, of: (progress: Progress) => number): number {
  const all = [own, ...state.peers.map((peer) => of(state.progress[peer]!))];
  return all.toSorted((a, b) => b - a)[majority(state) - 1]!;
}

/** A replica that has just read its disk. */
export function startedState(
  me: string,
  peers: readonly string[],
  durable: Pick<ReplicaState, "term" | "votedFor" | "log">,
  { now, jitter, policies }: Context,
): ReplicaState {
  // Before the first term nobody can have counted on a promise: the term is saved before one is answered for.
  const promisedUntil = durable.term === 0 ? now : policies.promisedAtStart(now);
  return {
    me,
    peers,
    ...durable,
    stored: durable.log.length,
    committed: 0,
    role: "follower",
    leader: null,
    promisedUntil,
    electionAt: promisedUntil + jitter,
    votes: [],
    ledSince: 0,
    progress: {},
  };
}

export function unchanged(state: ReplicaState): Step {
  return { state, effects: [] };
}

/** Commits the log up to an index, and applies what is new. */
export function commitTo(state: ReplicaState, index: number): Step {
  const fresh = state.log.slice(state.committed, index);
  return {
    state: { ...state, committed: Math.max(state.committed, index) },
    effects: fresh.map((entry, place) => ({ kind: "apply", index: state.committed + place + 1, entry })),
  };
}

/** Moves to a later term, in which this replica has neither voted nor a leader. */
export function enterTerm(state: ReplicaState, term: number): Step {
  return {
    state: { ...state, term, votedFor: null, role: "follower", leader: null, votes: [], progress: {} },
    effects: [{ kind: "save", term, votedFor: null }],
  };
}
