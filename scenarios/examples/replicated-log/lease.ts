/**
 * Leases. Whoever accepts a message of a leader promises to vote for nobody for a while; a majority of promises is a
 * lease: as long as it lasts nobody else can be elected, so what the leader has committed is all there is, and it may
 * answer reads alone. Both sides measure by their own monotonic clock: the follower from when it promises, the leader
 * from before, when it asked, and for a shorter time (`timing.ts`).
 */
import { type Context, reachedByMajority, termAt, type ReplicaState } from "./state.ts";

/** Until when a leader's lease lasts, by its own clock. */
export function leaseUntil(state: ReplicaState, { now, policies }: Context): number {
  return reachedByMajority(state, now, ({ heardAt }) => heardAt) + policies.leaseLength();
}

/** Whether a leader holds its lease right now. */
export function holdsLease(state: ReplicaState, context: Context): boolean {
  return state.role === "leader" && context.now < leaseUntil(state, context);
}

/** Whether this replica's vote is promised away, or would end its own lease. */
export function isBound(state: ReplicaState, context: Context): boolean {
  return context.now < state.promisedUntil || holdsLease(state, context);
}

/**
 * Whether this replica may answer a read from what it has applied. An entry of its own term must be committed first:
 * before, it cannot know how much of its log its predecessors had committed.
 */
export function mayRead(state: ReplicaState, context: Context): boolean {
  const hasCommitted = state.committed > 0 && termAt(state.log, state.committed) === state.term;
  return state.role === "leader" && hasCommitted && context.policies.mayAnswerRead(holdsLease(state, context));
}
