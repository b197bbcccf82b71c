/**
 * Persist in the engine's words: durable shards of updates, with a `since` (reads below it are refused) and an `upper`
 * (nothing can be written below it). State lives in consensus (Postgres), updates in blobs (S3).
 */
import type { Json } from "../../base/json.ts";
import type { Frontier, Time, Update } from "../collection.ts";

export interface ShardBounds {
  readonly since: Frontier;
  readonly upper: Frontier;
}

/** Rejections are errors with these codes; anything else (outages) is retried inside, for ever, with backoff. */
export type PersistCode = "since-violation" | "shard-finished";

export interface PersistClient {
  /** The shard of that name; made by its first write or since. One object per name. */
  shard<D extends Json>(name: string): Shard<D>;
}

export interface Shard<D extends Json> {
  readonly name: string;
  /** Since and upper as consensus has them now. A new shard has both at 0. */
  bounds(): Promise<ShardBounds>;
  /** Since and upper as last seen, without asking. */
  readonly known: ShardBounds;
  /**
   * Appends updates with times in [expectedUpper, newUpper), if the upper is exactly `expectedUpper`: all or nothing,
   * durable when it resolves. A lost answer is resolved by reading again: it takes effect at most once.
   */
  compareAndAppend(
    updates: readonly Update<D>[],
    expectedUpper: Time,
    newUpper: Frontier,
  ): Promise<{ readonly ok: true } | { readonly ok: false; readonly upper: Frontier }>;
  /**
   * Raises the since to this one, no further than the upper; never lowers it. Resolves with the since in force. With `as`,
   * an owner that acquired the shard, nothing changes once a newer one has.
   */
  downgradeSince(since: Frontier, as?: Owner): Promise<Frontier>;
  /**
   * The fence of the shard's owner: sets `owner` if it is not below the one in force, else changes nothing. Resolves with
   * the one in force. Owners are compared as (generation, epoch).
   */
  acquire(owner: Owner): Promise<Owner>;
  /** Contents at `asOf`, consolidated, once upper > asOf. Rejects with `since-violation` when asOf < since. */
  snapshot(asOf: Time): Promise<readonly (readonly [data: D, diff: number])[]>;
  /**
   * Changes after `asOf`, in order, as they come. `next` rejects with `since-violation` when the first one is asked for below
   * the since, later on when changes that it still needs were merged; with `shard-finished` after an empty upper.
   */
  listen(asOf: Time): Listener<D>;
}

export interface Owner {
  readonly generation: number;
  readonly epoch: number;
}

export interface Listener<D> {
  /** The next step: updates with times in [previous upper, upper), consolidated per time. Waits until upper moves. */
  next(): Promise<{ readonly updates: readonly Update<D>[]; readonly upper: Frontier }>;
  /** Ends it: a pending `next` never resolves. */
  stop(): void;
}
