/** What a replica does that is told something by a leader. */
import type { EntriesRequest, HeartbeatRequest } from "./messages.ts";
import {
  commitTo,
  enterTerm,
  termAt,
  unchanged,
  type Context,
  type Effect,
  type ReplicaState,
  type Step,
} from "./state.ts";
import { timing } from "./timing.ts";

export function heartbeatAsked(state: ReplicaState, from: string, { term }: HeartbeatRequest, context: Context): Step {
  if (term < state.term) return { state, effects: [answer(state, false, 0, "save")] };
  const followed = follow(state, from, term, context);
  return { state: followed.state, effects: [...followed.effects, answer(followed.state, true, 0, "save")] };
}

/** Takes what the leader has and this log has not, provided that both agree on what comes before. */
export function entriesAsked(state: ReplicaState, from: string, message: EntriesRequest, context: Context): Step {
  if (message.term < state.term) return { state, effects: [answer(state, false, 0, "save")] };
  const followed = follow(state, from, message.term, context);
  const { log } = followed.state;
  const { after, afterTerm, entries } = message;
  if (after > log.length || termAt(log, after) !== afterTerm) {
    const length = Math.min(log.length, after - 1);
    return { state: followed.state, effects: [...followed.effects, answer(followed.state, false, length, "save")] };
  }
  const keep = context.policies.keptOf(log, after, entries);
  const fresh = entries.slice(Math.max(0, keep - after));
  const written = write(followed.state, keep, fresh);
  const length = after + entries.length;
  const committed = commitTo(written.state, Math.min(message.committed, length));
  return {
    state: committed.state,
    effects: [
      ...followed.effects,
      ...written.effects,
      ...committed.effects,
      answer(committed.state, true, length, "store"),
    ],
  };
}

/** Accepts a leader, and promises to vote for nobody else for a while. */
function follow(state: ReplicaState, leader: string, term: number, { now, jitter }: Context): Step {
  const entered = term > state.term ? enterTerm(state, term) : unchanged(state);
  const promisedUntil = now + timing.promise;
  const electionAt = promisedUntil + jitter;
  return {
    state: { ...entered.state, role: "follower", leader, votes: [], promisedUntil, electionAt },
    effects: entered.effects,
  };
}

function write(state: ReplicaState, keep: number, entries: EntriesRequest["entries"]): Step {
  const isCut = keep < state.log.length;
  if (!isCut && entries.length === 0) return unchanged(state);
  const log = [...state.log.slice(0, keep), ...entries];
  const store: Effect = { kind: "store", keep, entries };
  const told: Effect = { kind: "tell", what: "log.truncated", term: state.term };
  return {
    state: { ...state, log, stored: Math.min(state.stored, keep) },
    effects: isCut ? [told, store] : [store],
  };
}

function answer({ term }: ReplicaState, ok: boolean, length: number, after: "save" | "store"): Effect {
  return { kind: "answer", answer: { term, ok, length }, after };
}
