/** Following a shard: its updates from one time on, step by step, as they become durable. */
import type { Json } from "../../base/json.ts";
import type { Frontier, Time, Update } from "../collection.ts";
import type { BatchStore } from "./batch-store.ts";
import type { Listener } from "./persist.ts";
import type { ShardView } from "./shard-view.ts";
import type { ShardState } from "./shard-state.ts";
import { assert } from "../../base/assert.ts";
import { isBefore } from "../collection.ts";
import { PersistError } from "./persist-error.ts";
import { batchesFrom, isBlurred } from "./shard-state.ts";

export class ShardListener<D extends Json> implements Listener<D> {
  readonly #view: ShardView;
  readonly #batches: BatchStore;
  /** All updates before it were handed out. */
  #frontier: Frontier;
  #isFirst = true;
  #isStopped = false;

  constructor(view: ShardView, batches: BatchStore, asOf: Time) {
    this.#view = view;
    this.#batches = batches;
    this.#frontier = asOf + 1;
  }

  async next(): Promise<{ readonly updates: readonly Update<D>[]; readonly upper: Frontier }> {
    const frontier = this.#frontier;
    if (frontier === null) throw new PersistError("shard-finished", this.#view.name, "its upper is empty");
    for (;;) {
      const state = await this.#view.until(
        ({ since, upper }) => isBefore(frontier, upper) || (this.#isFirst && isBefore(frontier, since)),
      );
      const updates = await this.#updatesFrom(state, frontier);
      if (this.#isStopped) return new Promise(() => undefined);
      if (updates !== undefined) {
        this.#isFirst = false;
        this.#frontier = state.upper;
        return { updates, upper: state.upper };
      }
      const { sequence } = await this.#view.read();
      assert(sequence > state.sequence, "a blob that a shard refers to exists", { shard: this.#view.name });
    }
  }

  stop(): void {
    this.#isStopped = true;
  }

  /** Undefined when blobs of that state are gone. */
  async #updatesFrom(state: ShardState, frontier: Time): Promise<readonly Update<D>[] | undefined> {
    const wanted = batchesFrom(state, frontier);
    // One that is under way may go on as long as nothing that it needs was moved together.
    if ((this.#isFirst && isBefore(frontier, state.since)) || wanted.some((batch) => isBlurred(batch, frontier))) {
      throw new PersistError("since-violation", this.#view.name, `updates from ${frontier} on cannot be told apart`);
    }
    const parts = await Promise.all(wanted.map(({ key }) => this.#batches.read(key)));
    const updates: Update<D>[] = [];
    for (const part of parts) {
      if (part === undefined) return undefined;
      for (const update of part) if (update[1] >= frontier) updates.push(update as Update<D>);
    }
    return updates;
  }
}
