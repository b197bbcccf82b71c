/** Elections: standing for one, voting in one, winning one. */
import type { VoteRequest } from "./messages.ts";
import { isBound } from "./lease.ts";
import { beginLeading } from "./leader.ts";
import {
  enterTerm,
  majority,
  termAt,
  unchanged,
  type Context,
  type Effect,
  type ReplicaState,
  type Step,
} from "./state.ts";
import { timing } from "./timing.ts";

/** A replica that does not lead looks at the clock: it stands in a new term, asks again in this one, or waits. */
export function standForElection(state: ReplicaState, context: Context): Step {
  const { now, jitter } = context;
  if (now < state.electionAt || isBound(state, context)) {
    return { state, effects: state.role === "candidate" ? requests(state) : [] };
  }
  const term = state.term + 1;
  const candidate: ReplicaState = {
    ...state,
    term,
    votedFor: state.me,
    role: "candidate",
    leader: null,
    votes: [state.me],
    electionAt: now + timing.retry + jitter,
  };
  // Its own vote counts, so it must be durable before anyone else's can.
  return { state: candidate, effects: [{ kind: "save", term, votedFor: state.me }, ...requests(candidate)] };
}

/** Whoever is bound by a promise does not even take note of the term: the candidate has merely lost sight of the leader. */
export function voteAsked(state: ReplicaState, from: string, message: VoteRequest, context: Context): Step {
  if (message.term < state.term) return { state, effects: [vote(state, false)] };
  if (isBound(state, context)) {
    const told: Effect = { kind: "tell", what: "vote.refused-by-lease", term: message.term };
    return { state, effects: message.term > state.term ? [told, vote(state, false)] : [vote(state, false)] };
  }
  const entered = message.term > state.term ? enterTerm(state, message.term) : unchanged(state);
  const { votedFor } = entered.state;
  if (!isUpToDate(entered.state, message) || (votedFor !== null && votedFor !== from)) {
    return { state: entered.state, effects: [...entered.effects, vote(entered.state, false)] };
  }
  const { now, jitter } = context;
  const voter = { ...entered.state, votedFor: from, electionAt: now + timing.retry + jitter };
  return { state: voter, effects: [{ kind: "save", term: voter.term, votedFor: from }, vote(voter, true)] };
}

/** An answer to this candidate in its present term. */
export function voteAnswered(state: ReplicaState, from: string, isGranted: boolean, context: Context): Step {
  if (state.role !== "candidate" || !isGranted || state.votes.includes(from)) return unchanged(state);
  const voted = { ...state, votes: [...state.votes, from] };
  return voted.votes.length < majority(voted) ? unchanged(voted) : beginLeading(voted, context);
}

function isUpToDate({ log }: ReplicaState, { length, lastTerm }: VoteRequest): boolean {
  const ownTerm = termAt(log, log.length);
  return lastTerm > ownTerm || (lastTerm === ownTerm && length >= log.length);
}

function requests({ term, log, peers, votes }: ReplicaState): Effect[] {
  const message: VoteRequest = { kind: "vote", term, length: log.length, lastTerm: termAt(log, log.length) };
  return peers
    .filter((peer) => !votes.includes(peer))
    .map((to): Effect => ({ kind: "send", to, message, after: "save" }));
}

function vote({ term }: ReplicaState, ok: boolean): Effect {
  return { kind: "answer", answer: { term, ok, length: 0 }, after: "save" };
}
