/**
 * What clusters are to run, by the durable catalog alone: views, sources and sinks with what rules of control need of
 * them, and the clusters that have replicas. A catalog from before there were clusters names none.
 */
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { Token } from "../state/frontier.ts";

export interface LiveObject {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Id of its cluster; null where none is named. */
  readonly cluster: string | null;
  /** Time of the transaction that made it. */
  readonly createdAt: number;
}

interface Entry {
  readonly kind: string;
  readonly key: string;
  readonly value: unknown;
}

interface ItemEntry extends Omit<LiveObject, "id" | "cluster"> {
  readonly cluster?: string | null;
}

const kinds: readonly string[] = ["materialized-view", "source", "sink"];

export class LiveObjects {
  /** By id. */
  readonly objects = new Map<string, LiveObject>();
  /** Shard by id of the item, of all that have one. */
  readonly shards = new Map<string, string>();
  /** Ids that were removed, by the time of the transaction that did. */
  readonly removed = new Map<number, string[]>();
  /** Ids that were there when a token became durable: what its owner finds. */
  readonly found = new Map<string, readonly string[]>();
  /** Cluster by id of the replica. */
  readonly #replicas = new Map<string, string>();

  /** Takes in a change of a shard; only the catalog's counts. */
  changed({ shard, updates }: EngineEvents["shard.changed"]): void {
    if (shard !== "catalog" || updates.length === 0) return;
    // What is replaced is retracted and inserted at one time.
    const ordered = updates.toSorted((a, b) => a[1] - b[1] || a[2] - b[2]);
    const gone = new Map<string, number>();
    for (const [data, time, diff] of ordered) this.#apply(data as unknown as Entry, time, diff, gone);
    for (const [id, time] of gone) {
      if (!this.objects.has(id)) this.removed.set(time, [...(this.removed.get(time) ?? []), id]);
    }
  }

  /** Whether a cluster has a replica to run anything, as far as the catalog says. */
  isRun({ cluster }: LiveObject): boolean {
    return cluster === null || this.#replicas.size === 0 || [...this.#replicas.values()].includes(cluster);
  }

  /**
   * Whether an object is for a replica of this cluster. Sources and sinks are for its oldest alone. A replica that does
   * not say its cluster is judged only where there is but one.
   */
  isFor(object: LiveObject, cluster: string | null, isOldest: boolean): boolean {
    if (object.kind !== "materialized-view" && !isOldest) return false;
    if (cluster !== null && object.cluster !== null) return cluster === object.cluster;
    return new Set([...this.objects.values()].map((other) => other.cluster)).size <= 1;
  }

  #apply({ kind, key, value }: Entry, time: number, diff: number, gone: Map<string, number>): void {
    if (kind === "token" && diff > 0) this.found.set(tokenKey(value as Token), [...this.objects.keys()]);
    else if (kind === "shard") change(this.shards, key, (value as { readonly shard: string }).shard, diff);
    else if (kind === "replica") change(this.#replicas, key, (value as { readonly cluster: string }).cluster, diff);
    else if (kind === "item" && kinds.includes((value as ItemEntry).kind)) {
      const { name, kind: what, createdAt, cluster = null } = value as ItemEntry;
      change(this.objects, key, { id: key, name, kind: what, cluster, createdAt }, diff);
      if (diff < 0) gone.set(key, time);
    }
  }
}

/** A token as a key of a map. */
export function tokenKey({ generation, epoch }: Token): string {
  return `${generation}/${epoch}`;
}

function change<V>(map: Map<string, V>, key: string, value: V, diff: number): void {
  if (diff > 0) map.set(key, value);
  else map.delete(key);
}
