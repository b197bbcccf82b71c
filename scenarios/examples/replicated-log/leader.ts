/** What a leader does: it has its log copied by the others, and commits what a majority has. */
import type { Entry, EntriesRequest, PeerAnswer, PeerRequest } from "./messages.ts";
import {
  commitTo,
  reachedByMajority,
  termAt,
  unchanged,
  type Context,
  type Effect,
  type Progress,
  type ReplicaState,
  type Step,
} from "./state.ts";
import { timing } from "./timing.ts";

/** A candidate has won. Its first entry is its own: with it, all that its predecessors left gets committed. */
export function beginLeading(state: ReplicaState, { now }: Context): Step {
  const sent = state.log.length;
  const progress: Progress = { match: 0, sent, isBusy: false, heardAt: -Infinity };
  const leader: ReplicaState = {
    ...state,
    role: "leader",
    leader: state.me,
    votes: [],
    ledSince: now,
    progress: Object.fromEntries(state.peers.map((peer) => [peer, progress])),
  };
  const appended = append(leader, { term: state.term, request: "", value: 0 });
  const told = ["leader.elected", ...(sent > 0 ? ["leader.changed"] : [])];
  return {
    state: appended.state,
    effects: [...told.map((what): Effect => ({ kind: "tell", what, term: state.term })), ...appended.effects],
  };
}

/** Every follower hears from its leader at every tick: entries, none perhaps, or if some are under way a heartbeat. */
export function leaderTicked(state: ReplicaState, context: Context): Step {
  const reachedAt = Math.max(
    state.ledSince,
    reachedByMajority(state, context.now, ({ heardAt }) => heardAt),
  );
  if (context.now - reachedAt > timing.patience) return unchanged(stepDown(state, context));
  const { term, peers, progress } = state;
  const heartbeats = peers
    .filter((peer) => progress[peer]!.isBusy)
    .map((to): Effect => ({ kind: "send", to, message: { kind: "heartbeat", term }, after: "nothing" }));
  const sent = sendEntries(state, peers, context);
  return { state: sent.state, effects: [...heartbeats, ...sent.effects] };
}

/** A client's entry goes into the own log; the next tick takes it to the followers, and all that came with it. */
export function proposed(state: ReplicaState, entry: Pick<Entry, "request" | "value">): Step {
  if (state.role !== "leader") return unchanged(state);
  return append(state, { term: state.term, request: entry.request, value: entry.value });
}

/** Notes that a follower has answered what was sent to it at that moment. */
export function heardFrom(state: ReplicaState, peer: string, sentAt: number): ReplicaState {
  return withProgress(state, peer, (progress) => ({ ...progress, heardAt: Math.max(progress.heardAt, sentAt) }));
}

/** A follower has stored entries, or says up to where its log may be the same. */
export function entriesAnswered(state: ReplicaState, peer: string, { ok, length }: PeerAnswer, context: Context): Step {
  const known = withProgress(state, peer, (progress) => {
    const match = ok ? Math.max(progress.match, length) : progress.match;
    return { ...progress, match, sent: Math.max(match, length), isBusy: false };
  });
  const committed = commitWhatMay(known, context);
  if (ok && known.progress[peer]!.sent === known.log.length) return committed;
  const sent = sendEntries(committed.state, [peer], context);
  return { state: sent.state, effects: [...committed.effects, ...sent.effects] };
}

/** Entries that got lost are sent again at the next tick. */
export function requestLost(state: ReplicaState, peer: string, message: PeerRequest, { policies }: Context): Step {
  if (state.role !== "leader" || message.kind !== "entries" || message.term < state.term) return unchanged(state);
  return unchanged(withProgress(state, peer, policies.afterLoss));
}

/** The own log is durable up to an entry; unless that entry has been replaced meanwhile. */
export function stored(state: ReplicaState, length: number, term: number, context: Context): Step {
  if (termAt(state.log, length) !== term) return unchanged(state);
  return commitWhatMay({ ...state, stored: Math.max(state.stored, length) }, context);
}

/** A leader that can no longer do its work makes room for another. */
export function stepDown(state: ReplicaState, { now, jitter }: Context): ReplicaState {
  if (state.role !== "leader") return state;
  return { ...state, role: "follower", leader: null, progress: {}, electionAt: now + jitter };
}

function commitWhatMay(state: ReplicaState, { policies }: Context): Step {
  if (state.role !== "leader") return unchanged(state);
  const index = reachedByMajority(state, state.stored, ({ match }) => match);
  if (index <= state.committed || !policies.mayCommit(termAt(state.log, index), state.term)) return unchanged(state);
  return commitTo(state, index);
}

function append(state: ReplicaState, entry: Entry): Step {
  return {
    state: { ...state, log: [...state.log, entry] },
    effects: [{ kind: "store", keep: state.log.length, entries: [entry] }],
  };
}

/** Sends the next entries to those of `peers` that have answered the last. */
function sendEntries(state: ReplicaState, peers: readonly string[], { batch }: Context): Step {
  const { term, log, committed } = state;
  const idle = peers.filter((peer) => !state.progress[peer]!.isBusy);
  const effects = idle.map((to): Effect => {
    const after = state.progress[to]!.sent;
    const entries = log.slice(after, after + batch);
    const message: EntriesRequest = { kind: "entries", term, after, afterTerm: termAt(log, after), entries, committed };
    return { kind: "send", to, message, after: "nothing" };
  });
  const busy = Object.fromEntries(idle.map((peer) => [peer, { ...state.progress[peer]!, isBusy: true }]));
  return { state: { ...state, progress: { ...state.progress, ...busy } }, effects };
}

function withProgress(state: ReplicaState, peer: string, change: (progress: Progress) => Progress): ReplicaState {
  return { ...state, progress: { ...state.progress, [peer]: change(state.progress[peer]!) } };
}
