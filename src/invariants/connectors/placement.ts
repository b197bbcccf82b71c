/**
 * Where sources and sinks run, by the durable catalog alone: in the oldest replica of their cluster. A catalog from before
 * there were clusters names none; then all run in the first replica that there is.
 */
import type { EngineEvents } from "../../ports/engine-events.ts";

interface Entry {
  readonly kind: string;
  readonly key: string;
  readonly value: { readonly cluster?: string | null };
}

const firstReplica = "r1";

export class Placement {
  /** Cluster by id of the item. */
  readonly #items = new Map<string, string>();
  /** Cluster by id of the replica. */
  readonly #replicas = new Map<string, string>();

  /** Takes in a change of a shard. Returns whether items may run elsewhere now. */
  changed({ shard, updates }: EngineEvents["shard.changed"]): boolean {
    if (shard !== "catalog") return false;
    // What is replaced is retracted and inserted at one time.
    const ordered = updates.toSorted((a, b) => a[1] - b[1] || a[2] - b[2]);
    const entries = ordered.map(([data, , diff]) => [data as unknown as Entry, diff] as const);
    const placing = entries.filter(([{ kind }]) => kind === "item" || kind === "replica");
    for (const [{ kind, key, value }, diff] of placing) {
      const known = kind === "item" ? this.#items : this.#replicas;
      if (diff > 0 && typeof value.cluster === "string") known.set(key, value.cluster);
      else known.delete(key);
    }
    return placing.length > 0;
  }

  /** The id of the replica that runs an item; undefined while its cluster has none. */
  replicaOf(id: string): string | undefined {
    const cluster = this.#items.get(id);
    if (cluster === undefined || this.#replicas.size === 0) return firstReplica;
    const replicas = [...this.#replicas].filter(([, its]) => its === cluster).map(([replica]) => replica);
    return replicas.toSorted((a, b) => Number(a.slice(1)) - Number(b.slice(1)))[0];
  }

  /** Items of clusters without a replica. */
  get paused(): ReadonlySet<string> {
    return new Set([...this.#items.keys()].filter((id) => this.replicaOf(id) === undefined));
  }
}
