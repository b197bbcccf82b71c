/**
 * Merging batches of a shard, so that neither its state nor what a reader fetches grows without end. Readers may still
 * hold the state from before: blobs that were merged are kept for a while.
 */
import type { Json } from "../../base/json.ts";
import type { Update } from "../collection.ts";
import type { BatchStore } from "./batch-store.ts";
import type { PersistPolicies } from "./policies.ts";
import type { Decision, Merge, ShardState } from "./shard-state.ts";
import { advance, consolidate } from "../consolidation.ts";
import { decideMerge, planMerge } from "./shard-state.ts";

/** What a compactor needs of its shard. */
export interface Compactable {
  readonly name: string;
  readonly state: ShardState;
  change<Outcome>(decide: (state: ShardState) => Decision<Outcome>): Promise<Outcome>;
}

export class Compactor {
  readonly #shard: Compactable;
  readonly #batches: BatchStore;
  readonly #policies: PersistPolicies;
  #isBusy = false;

  constructor(shard: Compactable, batches: BatchStore, policies: PersistPolicies) {
    this.#shard = shard;
    this.#batches = batches;
    this.#policies = policies;
  }

  /** Merges once if there is reason to, and not while it is at it already. */
  async consider(): Promise<void> {
    if (this.#isBusy) return;
    const merge = planMerge(this.#shard.state, this.#policies);
    if (merge === undefined) return;
    this.#isBusy = true;
    await this.#merge(merge);
    this.#isBusy = false;
  }

  async #merge(merge: Merge): Promise<void> {
    const updates = await this.#contents(merge);
    if (updates === undefined) return;
    const stored = updates.length === 0 ? null : await this.#batches.write(this.#shard.name, updates);
    const blob = stored === null ? null : { key: stored.key, count: updates.length };
    const isMerged = await this.#shard.change((state) => decideMerge(state, merge, blob));
    const unused = isMerged ? merge.keys : stored === null ? [] : [stored.key];
    void this.#batches.deleteLater(unused, this.#policies.blobGrace());
  }

  /** Undefined when somebody else has merged them long ago. */
  async #contents(merge: Merge): Promise<readonly Update<Json>[] | undefined> {
    // Nobody may read a shard without a since, at whatever time.
    if (this.#shard.state.since === null) return [];
    const parts = await Promise.all(merge.keys.map((key) => this.#batches.read(key)));
    const updates: Update<Json>[] = [];
    for (const part of parts) {
      if (part === undefined) return undefined;
      updates.push(...part);
    }
    return consolidate(advance(updates, merge.since));
  }
}
