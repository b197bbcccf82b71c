/**
 * Reads the sources of one dataflow from their shards: contents at a time, then what changes. Sources in one shard are
 * read together. Bindings of offsets, which sources' shards hold as well, are passed over.
 */
import type { Json } from "../../../../base/json.ts";
import type { Entry, Frontier, Row, Time, Update } from "../../../collection.ts";
import type { Listener, PersistClient, Shard } from "../../../persist/persist.ts";
import type { CollectionSource } from "../../protocol.ts";

export interface ReaderOptions {
  readonly persist: PersistClient;
  readonly sources: readonly CollectionSource[];
  readonly asOf: Time;
  /** Only the contents at `asOf`: no changes after it. */
  readonly isSnapshot: boolean;
  /** Called for each source, in order of time. */
  readonly feed: (source: string, updates: readonly Update<Entry>[], frontier: Frontier) => void;
  /** What is to be read was compacted; nothing more comes. May be called once for each shard. */
  readonly compacted: () => void;
}

/** One shard's data as readers see it: an element of the collection, or nothing. */
type Decode = (data: Json) => Entry | undefined;

export class SourceReader {
  readonly #options: ReaderOptions;
  readonly #listeners: Listener<Json>[] = [];
  #isStopped = false;

  /** Begins to read at once. */
  constructor(options: ReaderOptions) {
    this.#options = options;
    const byShard = new Map<string, CollectionSource[]>();
    for (const source of options.sources) {
      byShard.set(source.shard, [...(byShard.get(source.shard) ?? []), source]);
    }
    for (const [name, sources] of byShard) void this.#read(options.persist.shard(name), sources);
  }

  /** Nothing is fed any more. */
  stop(): void {
    this.#isStopped = true;
    for (const listener of this.#listeners) listener.stop();
  }

  async #read(shard: Shard<Json>, sources: readonly CollectionSource[]): Promise<void> {
    try {
      await this.#follow(shard, sources);
    } catch (error) {
      if ((error as { code?: unknown }).code !== "since-violation") throw error;
      if (!this.#isStopped) this.#options.compacted();
    }
  }

  async #follow(shard: Shard<Json>, sources: readonly CollectionSource[]): Promise<void> {
    const { asOf, isSnapshot } = this.#options;
    const contents = await shard.snapshot(asOf);
    if (this.#isStopped) return;
    const updates = contents.map(([data, diff]): Update<Json> => [data, asOf, diff]);
    this.#feed(sources, updates, isSnapshot ? null : asOf + 1);
    if (isSnapshot) return;
    const listener = shard.listen(asOf);
    this.#listeners.push(listener);
    for (;;) {
      const step = await listener.next();
      if (this.#isStopped) return;
      this.#feed(sources, step.updates, step.upper);
      if (step.upper === null) return;
    }
  }

  #feed(sources: readonly CollectionSource[], updates: readonly Update<Json>[], frontier: Frontier): void {
    for (const { id, table } of sources) {
      const decode: Decode = table === undefined ? entryOf : (data) => rowOf(data, table);
      const entries: Update<Entry>[] = [];
      for (const [data, time, diff] of updates) {
        const entry = decode(data);
        if (entry !== undefined) entries.push([entry, time, diff]);
      }
      this.#options.feed(id, entries, frontier);
    }
  }
}

/** A row or an error of a source's or view's shard; undefined for a binding. */
function entryOf(data: Json): Entry | undefined {
  return Array.isArray(data) || "identity" in (data as object) ? (data as unknown as Entry) : undefined;
}

/** The row of one table in the shard of all tables. */
function rowOf(data: Json, table: string): Row | undefined {
  const held = data as { readonly table: string; readonly row: Row };
  return held.table === table ? held.row : undefined;
}
