/**
 * The protocol of one replica as a pure function: `next(state, event, context)` is the new state and what is to be done.
 * It is Raft with leader leases; for three replicas, though nothing here counts them.
 *
 *   follower ──no leader for a while──▶ candidate ──votes of a majority──▶ leader
 *       ▲                                  │                                  │
 *       └─────── a later term, or a leader of this one ───── no majority ─────┘
 *
 * What may fail, and why it does no harm:
 * - A vote is answered when it is durable, so no replica votes twice in a term, whenever it restarts: one leader a term.
 * - Votes go to logs that are at least as long, by term and length of the last entry. An entry is committed when a
 *   majority stores it durably in the leader's own term; every later leader got a vote out of that majority, and has it.
 *   An entry of an older term is committed by a later one behind it: counted alone it could still be outvoted.
 * - Messages get lost, come twice, come late: they name the term and the place in the log that they are about. Entries
 *   that are there already are never cut off, only those that differ from the leader's; so what an old message brings
 *   can only be a part of what is there.
 * - A leader that was cut off, or slept, notices nothing. It answers reads only under a lease (`lease.ts`), and commits
 *   nothing without a majority, which has moved on.
 * - A restart forgets promises: who restarts behaves as if it had just made one.
 */
import { standForElection, voteAnswered, voteAsked } from "./election.ts";
import { entriesAsked, heartbeatAsked } from "./follower.ts";
import { entriesAnswered, heardFrom, leaderTicked, proposed, requestLost, stepDown, stored } from "./leader.ts";
import { enterTerm, unchanged, type Context, type ReplicaEvent, type ReplicaState, type Step } from "./state.ts";

type Asked = Extract<ReplicaEvent, { kind: "asked" }>;
type Answered = Extract<ReplicaEvent, { kind: "answered" }>;

/** The transition function. Deterministic; the same arguments give equal results. */
export function next(state: ReplicaState, event: ReplicaEvent, context: Context): Step {
  switch (event.kind) {
    case "ticked":
      return state.role === "leader" ? leaderTicked(state, context) : standForElection(state, context);
    case "asked":
      return asked(state, event, context);
    case "answered":
      return answered(state, event, context);
    case "lost":
      return requestLost(state, event.to, event.message, context);
    case "stored":
      return stored(state, event.length, event.term, context);
    case "proposed":
      return proposed(state, event);
    case "disk-filled":
      return unchanged(stepDown(state, context));
  }
}

function asked(state: ReplicaState, { from, message }: Asked, context: Context): Step {
  switch (message.kind) {
    case "vote":
      return voteAsked(state, from, message, context);
    case "entries":
      return entriesAsked(state, from, message, context);
    case "heartbeat":
      return heartbeatAsked(state, from, message, context);
  }
}

function answered(state: ReplicaState, { from, message, sentAt, answer }: Answered, context: Context): Step {
  if (answer.term > state.term) return enterTerm(state, answer.term);
  if (message.term < state.term) return unchanged(state);
  if (message.kind === "vote") return voteAnswered(state, from, answer.ok, context);
  if (state.role !== "leader") return unchanged(state);
  const informed = heardFrom(state, from, sentAt);
  return message.kind === "heartbeat" ? unchanged(informed) : entriesAnswered(informed, from, answer, context);
}
