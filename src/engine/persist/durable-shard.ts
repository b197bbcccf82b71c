/**
 * One shard as a process works on it: the shell around `shard-state.ts`. Every change is a compare-and-set of the whole
 * state, decided anew on what is there until it is settled; a process makes one change of a shard at a time.
 */
import type { Json } from "../../base/json.ts";
import type { Frontier, Time, Update } from "../collection.ts";
import type { BatchStore, StoredBatch } from "./batch-store.ts";
import type { Consensus } from "./consensus/consensus.ts";
import type { Listener, Owner, Shard, ShardBounds } from "./persist.ts";
import type { PersistPolicies } from "./policies.ts";
import type { ShardView } from "./shard-view.ts";
import { assert } from "../../base/assert.ts";
import { isBefore, isBeyond } from "../collection.ts";
import { consolidate, contentsAt } from "../consolidation.ts";
import { Compactor } from "./compactor.ts";
import { PersistError } from "./persist-error.ts";
import { encodeShardState } from "./shard-codec.ts";
import { ShardListener } from "./shard-listener.ts";
import {
  batchesUpTo,
  decideAppend,
  decideOwner,
  decideSince,
  emptyShard,
  type AppendOutcome,
  type Decision,
  type ShardState,
} from "./shard-state.ts";

/** What the shards of one client share. */
export interface ShardContext {
  readonly consensus: Consensus;
  readonly batches: BatchStore;
  readonly policies: PersistPolicies;
  /** Tells this client's appends from all others'. */
  readonly writer: string;
}

export class DurableShard<D extends Json> implements Shard<D> {
  readonly name: string;
  readonly #view: ShardView;
  readonly #context: ShardContext;
  readonly #compactor: Compactor;
  /** Resolves when the last change that was asked for has ended. */
  #tail: Promise<unknown> = Promise.resolve();
  #appends = 0;

  constructor(view: ShardView, context: ShardContext) {
    this.name = view.name;
    this.#view = view;
    this.#context = context;
    this.#compactor = new Compactor(this, context.batches, context.policies);
  }

  get state(): ShardState {
    return this.#view.state;
  }

  get known(): ShardBounds {
    const { since, upper } = this.#view.state;
    return { since, upper };
  }

  async bounds(): Promise<ShardBounds> {
    const { since, upper } = await this.#view.read();
    return { since, upper };
  }

  async compareAndAppend(
    updates: readonly Update<D>[],
    expectedUpper: Time,
    newUpper: Frontier,
  ): Promise<AppendOutcome> {
    const isInside = ([, time]: Update<D>): boolean => time >= expectedUpper && isBeyond(newUpper, time);
    assert(isBeyond(newUpper, expectedUpper), "an append moves the upper on", { shard: this.name, newUpper });
    assert(updates.every(isInside), "updates of an append lie in its times", { shard: this.name, newUpper });
    const { batches, policies, writer } = this.#context;
    if (this.state.upper !== expectedUpper) {
      const { upper } = await this.#view.read();
      if (!policies.mayAppend(upper, expectedUpper)) return { ok: false, upper };
    }
    const batch = consolidate(updates);
    const stored = batch.length === 0 ? undefined : await batches.write(this.name, batch);
    const blob = stored === undefined ? null : { key: stored.key, count: batch.length };
    const outcome = await this.#inTurn(() => {
      const append = { mark: { writer, number: ++this.#appends }, expectedUpper, newUpper, blob };
      return this.#settle((state) => decideAppend(state, append, policies), { blob: stored });
    });
    if (outcome.ok) void this.#compactor.consider();
    else if (blob !== null) this.#dispose(blob.key);
    return outcome;
  }

  async downgradeSince(since: Frontier, as?: Owner): Promise<Frontier> {
    const inForce = await this.#inTurn(() => {
      // It only rises: where the one last seen is enough, there is nothing to ask. Where the upper last seen keeps it from
      // rising, others may have written since.
      const isFresh = !isBefore(this.state.upper, since);
      return this.#settle((state) => decideSince(state, since, this.#context.policies, as), { isFresh });
    });
    if (inForce === null) void this.#compactor.consider();
    return inForce;
  }

  async acquire(owner: Owner): Promise<Owner> {
    await this.#view.read();
    return this.#inTurn(() =>
      this.#settle((state) => decideOwner(state, owner, this.#context.policies), { isFresh: true }),
    );
  }

  async snapshot(asOf: Time): Promise<readonly (readonly [data: D, diff: number])[]> {
    const { batches, policies } = this.#context;
    for (;;) {
      const state = await this.#view.until(
        ({ since, upper }) => isBeyond(upper, asOf) || !policies.mayRead(since, asOf),
      );
      if (!policies.mayRead(state.since, asOf)) {
        throw new PersistError("since-violation", this.name, `its since ${state.since} is beyond ${asOf}`);
      }
      const parts = await Promise.all(batchesUpTo(state, asOf).map(({ key }) => batches.read(key)));
      if (parts.every((part) => part !== undefined)) return contentsAt(parts.flat() as unknown as Update<D>[], asOf);
      const { sequence } = await this.#view.read();
      assert(sequence > state.sequence, "a blob that a shard refers to exists", { shard: this.name });
    }
  }

  listen(asOf: Time): Listener<D> {
    return new ShardListener(this.#view, this.#context.batches, asOf);
  }

  /** Makes a change in its turn: decides on the state last seen, and again on newer ones until it is settled. */
  change<Outcome>(decide: (state: ShardState) => Decision<Outcome>): Promise<Outcome> {
    return this.#inTurn(() => this.#settle(decide));
  }

  /** With `isFresh` the state last seen is new enough to settle on; `blob` is announced with the change. */
  async #settle<Outcome>(
    decide: (state: ShardState) => Decision<Outcome>,
    { isFresh = false, blob }: { readonly isFresh?: boolean; readonly blob?: StoredBatch | undefined } = {},
  ): Promise<Outcome> {
    let isSettling = isFresh;
    const { consensus, policies } = this.#context;
    if (this.#view.sequence < 0) await this.#begin();
    for (;;) {
      const { state } = this.#view;
      const decision = decide(state);
      if (decision.kind === "settled" && isSettling) return decision.outcome;
      if (decision.kind === "propose") {
        const next = { sequence: decision.state.sequence, data: encodeShardState(decision.state) };
        const result = await consensus.compareAndSet(this.name, state.sequence, next, blob);
        const isDone = result === "unknown" && policies.afterLostAnswer(this.name) === "assume-done";
        if (result === "done") this.#view.wrote(decision.state);
        if (result === "done" || isDone) return decision.outcome;
      }
      await this.#view.read();
      isSettling = true;
    }
  }

  /** Reads the shard for the first time, and makes its row if it has none. */
  async #begin(): Promise<void> {
    await this.#view.read();
    if (this.#view.sequence >= 0) return;
    await this.#context.consensus.create(this.name, { sequence: 0, data: encodeShardState(emptyShard) });
    await this.#view.read();
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#tail.then(work, work);
    this.#tail = turn;
    return turn;
  }

  /** Deletes the blob of an append that was refused; if the state does refer to it, it stays. */
  #dispose(key: string): void {
    const { batches, policies } = this.#context;
    if (this.state.batches.some((batch) => batch.key === key)) return;
    void batches.deleteLater([key], policies.blobGrace());
  }
}
