/** What replicas and clients say to each other, and where. A request is answered, refused, or its outcome is unknown. */

export const port = 7000;

/** One entry of the log. A leader begins its term with one whose `request` is "". */
export type Entry = {
  readonly term: number;
  /** The client's own name for what it asks; the same in every attempt. */
  readonly request: string;
  readonly value: number;
};

export type VoteRequest = {
  readonly kind: "vote";
  readonly term: number;
  /** Length of the candidate's log and term of its last entry. */
  readonly length: number;
  readonly lastTerm: number;
};

export type EntriesRequest = {
  readonly kind: "entries";
  readonly term: number;
  /** The entries follow on this many, the last of them of this term. */
  readonly after: number;
  readonly afterTerm: number;
  readonly entries: readonly Entry[];
  readonly committed: number;
};

/** Sent while entries are under way: it asks for nothing but a new promise. */
export type HeartbeatRequest = {
  readonly kind: "heartbeat";
  readonly term: number;
};

export type PeerRequest = VoteRequest | EntriesRequest | HeartbeatRequest;

export type PeerAnswer = {
  readonly term: number;
  /** The vote is granted; the entries are stored; the promise is made. */
  readonly ok: boolean;
  /** Of an answer to entries: so many are the leader's own or, when it is refused, may be. */
  readonly length: number;
};

export type ClientRequest =
  | { readonly kind: "append"; readonly request: string; readonly value: number }
  | { readonly kind: "read" };

export type ClientAnswer =
  | { readonly ok: true; readonly term: number; readonly position: number }
  | { readonly ok: true; readonly term: number; readonly values: readonly number[] }
  /** `leads` when the replica takes itself for the leader and may not answer all the same. */
  | { readonly ok: false; readonly term: number; readonly leader: string | null; readonly leads: boolean };
