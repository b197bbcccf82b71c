/**
 * How far back each shard is readable, and who still needs it: the one place that chooses where dataflows begin to read,
 * and how far shards may be compacted. Both look at the same memory, so that what was promised is held.
 */
import type { Json } from "../../../base/json.ts";
import type { Frontier, Time } from "../../collection.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { PersistClient } from "../../persist/persist.ts";
import type { CoordinatorPolicies } from "../policies.ts";
import type { Item } from "./item.ts";
import type { Schema } from "./schema.ts";
import { compareTokens } from "../../catalog/token.ts";
import { inputsOf } from "./item.ts";

interface Bounds {
  /** In force, or asked for: no reader may begin below it. */
  since: Time;
  /** As last heard. */
  upper: Frontier;
}

interface PeekHold {
  readonly shards: readonly string[];
  readonly ts: Time;
}

export interface SincesOptions {
  readonly persist: PersistClient;
  readonly schema: Schema;
  readonly catalog: Catalog;
  readonly policies: CoordinatorPolicies;
}

/** Who holds where an object begins before any replica was told of it. */
const nobody = "";

/** A since is moved when that frees at least this much time, in milliseconds: each step costs a write. */
const stepMin = 10_000;

export class Sinces {
  readonly #options: SincesOptions;
  readonly #bounds = new Map<string, Bounds>();
  /** Where objects were told to begin, by who has not reported on them since then: a replica, or none by this name. */
  readonly #begun = new Map<string, Map<string, Time>>();
  readonly #peeks = new Map<string, PeekHold>();

  constructor(options: SincesOptions) {
    this.#options = options;
  }

  /** Takes a shard over and learns its bounds; `fenced` when it has seen a newer owner. */
  async learn(name: string): Promise<"ours" | "fenced"> {
    const shard = this.#options.persist.shard<Json>(name);
    const { token } = this.#options.catalog;
    const owner = await shard.acquire(token);
    const { since, upper } = await shard.bounds();
    this.#bounds.set(name, { since: since ?? Number.MAX_SAFE_INTEGER, upper });
    return compareTokens(owner, token) > 0 ? "fenced" : "ours";
  }

  /** What is known of a shard's bounds; a since may still be on its way. */
  boundsOf(shard: string): { readonly since: Time; readonly upper: Frontier } | undefined {
    return this.#bounds.get(shard);
  }

  /** The upper of a shard was seen to be at least this. */
  moved(shard: string, upper: Frontier): void {
    const bounds = this.#bounds.get(shard);
    if (bounds === undefined || bounds.upper === null) return;
    if (upper === null || upper > bounds.upper) bounds.upper = upper;
  }

  /** The earliest time at which all of these can be read. */
  sinceOf(ids: readonly string[]): Time {
    return Math.max(0, ...ids.map((id) => this.#bounds.get(this.#shardOf(id))?.since ?? 0));
  }

  /**
   * Where an object is to begin reading now, in this replica, or in the first that takes it. Held until `reported`: nobody
   * compacts its inputs beyond it before that replica has them.
   */
  begin(item: Item, replica = nobody): Time {
    const inputs = inputsOf(item);
    const own = item.shard === null ? undefined : this.#bounds.get(item.shard.shard);
    // One that was only begun has nothing below its since: it is not resumed there.
    const first = own === undefined || own.upper === null ? [] : [own.since];
    const sinces = [...inputs.map((id) => this.sinceOf([id])), ...first];
    const asOf = this.#options.policies.asOf(sinces, own?.upper ?? null);
    if (inputs.length === 0) return asOf;
    const begun = this.#begun.get(item.id) ?? new Map<string, Time>();
    this.#begun.set(item.id, begun.set(replica, Math.min(asOf, begun.get(replica) ?? asOf)));
    return asOf;
  }

  /** A replica reported the frontier of an object: it has read its inputs. */
  reported(item: Item, replica: string): void {
    const begun = this.#begun.get(item.id);
    begun?.delete(replica);
    begun?.delete(nobody);
  }

  /** A replica was dropped: it reads nothing any more. One that is merely away comes back for what it was promised. */
  replicaGone(replica: string): void {
    for (const begun of this.#begun.values()) begun.delete(replica);
  }

  /** The object is gone. */
  forget(item: Item): void {
    this.#begun.delete(item.id);
    if (item.shard !== null && item.shard.table === null) this.#bounds.delete(item.shard.shard);
  }

  /** Keeps inputs readable at `ts` until the returned function is called. */
  holdPeek(uuid: string, ids: readonly string[], ts: Time): () => void {
    this.#peeks.set(uuid, { shards: ids.map((id) => this.#shardOf(id)), ts });
    return () => void this.#peeks.delete(uuid);
  }

  /** Lets go of what nobody needs; `applied` is the oracle's. */
  async compact(applied: Time): Promise<void> {
    const { persist, catalog } = this.#options;
    for (const [name, target] of this.#decide(applied)) {
      // A process that slept since it decided may have been replaced, and its successor has made promises of its own.
      await persist.shard<Json>(name).downgradeSince(target, catalog.token);
    }
  }

  /** Which sinces move, and where to. All is decided at once, and counts from now on: who begins later begins there. */
  #decide(applied: Time): readonly (readonly [shard: string, since: Time])[] {
    const { persist, catalog, policies } = this.#options;
    const needs = this.#needs();
    const moves: [string, Time][] = [];
    for (const [name, bounds] of this.#bounds) {
      const needed = [...(needs.get(name) ?? []), ...(bounds.upper === null ? [] : [bounds.upper - 1])];
      const target = policies.sinceTarget(applied, needed);
      if (target - bounds.since < stepMin) continue;
      bounds.since = target;
      moves.push([name, target]);
    }
    const target = policies.sinceTarget(applied, [catalog.upper - 1]);
    const { since } = persist.shard<Json>(catalogShard).known;
    if (target - (since ?? 0) >= stepMin) moves.push([catalogShard, target]);
    return moves;
  }

  /** The times that readers need, by shard. */
  #needs(): ReadonlyMap<string, readonly Time[]> {
    const needs = new Map<string, Time[]>();
    const need = (shard: string, time: Time): void => {
      const times = needs.get(shard);
      if (times === undefined) needs.set(shard, [time]);
      else times.push(time);
    };
    for (const item of this.#options.schema.all()) {
      const upper = item.shard === null ? null : (this.#bounds.get(item.shard.shard)?.upper ?? null);
      const begun = [...(this.#begun.get(item.id)?.values() ?? [])];
      for (const input of inputsOf(item)) {
        for (const time of begun) need(this.#shardOf(input), time);
        if (upper !== null) need(this.#shardOf(input), Math.max(0, upper - 1));
      }
    }
    for (const { shards, ts } of this.#peeks.values()) for (const shard of shards) need(shard, ts);
    return needs;
  }

  #shardOf(id: string): string {
    return this.#options.schema.get(id)?.shard?.shard ?? id;
  }
}

/** Name of the catalog's own shard. */
export const catalogShard = "catalog";
