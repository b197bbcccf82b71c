/**
 * Tables, sources and materialized views with all that ever changed in them, folded from the changes of their shards.
 * What was compacted is still here, so that contents at any time can be told.
 */
import type { Json } from "../../base/json.ts";
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { Frontier } from "./frontier.ts";
import { CatalogContents, type CatalogStep, type Item } from "./catalog-contents.ts";
import { isBindingElement, isErrorElement, Multiset } from "./multiset.ts";

export interface Change {
  /** A row or an error. */
  readonly data: Json;
  readonly time: number;
  readonly diff: number;
}

/** A relation with contents. */
export interface Collection {
  readonly item: Item;
  readonly shard: string;
  /** In order of time. */
  readonly changes: Change[];
  /** Errors in it now, with their multiplicities. */
  readonly errors: Multiset;
  /** Time of the last change of an error. */
  errorsChangedAt: number;
  /** It has contents from this time on: a first append without updates only says where it begins. */
  start: number;
  /** Complete below it. */
  upper: Frontier;
}

export interface CollectionStep extends CatalogStep {
  /** Collections that took an append, changed or not. */
  readonly touched: readonly Collection[];
}

const kinds: readonly string[] = ["table", "source", "materialized-view"];

export class Collections {
  readonly catalog = new CatalogContents();
  /** By id; those that were dropped stay. */
  readonly #byId = new Map<string, Collection>();
  readonly #byShard = new Map<string, Collection[]>();
  /** Uppers of shards, also of those that no collection has. */
  readonly #uppers = new Map<string, Frontier>();

  get(id: string): Collection | undefined {
    return this.#byId.get(id);
  }

  /** The collection that a live item of that name has. */
  named(name: string): Collection | undefined {
    const item = this.catalog.named(name);
    return item === undefined ? undefined : this.#byId.get(item.id);
  }

  /** Upper of a shard; 0 before its first append. */
  upperOf(shard: string): Frontier {
    return this.#uppers.has(shard) ? this.#uppers.get(shard)! : 0;
  }

  /** Takes in a change of a shard. */
  changed(event: EngineEvents["shard.changed"]): CollectionStep {
    const step = this.catalog.apply(event);
    for (const item of step.added) this.#add(item);
    if (event.change !== "append") return { ...step, touched: [] };
    this.#uppers.set(event.shard, event.upper);
    const touched = this.#byShard.get(event.shard) ?? [];
    for (const collection of touched) this.#append(collection, event);
    return { ...step, touched };
  }

  #add(item: Item): void {
    const shard = this.catalog.shards.get(item.id);
    if (shard === undefined || !kinds.includes(item.kind) || this.#byId.has(item.id)) return;
    const upper = this.upperOf(shard);
    const collection = { item, shard, changes: [], errors: new Multiset(), errorsChangedAt: 0, start: 0, upper };
    this.#byId.set(item.id, collection);
    this.#byShard.set(shard, [...(this.#byShard.get(shard) ?? []), collection]);
  }

  #append(collection: Collection, { lower, upper, updates }: EngineEvents["shard.changed"]): void {
    collection.upper = upper;
    if (lower === 0 && updates.length === 0) collection.start = upper ?? 0;
    const own = updates.flatMap(([data, time, diff]) => {
      const element = elementOf(collection.item, data);
      return element === undefined ? [] : [{ data: element, time, diff }];
    });
    for (const change of own.toSorted((a, b) => a.time - b.time)) {
      collection.changes.push(change);
      if (!isErrorElement(change.data)) continue;
      collection.errors.add(change.data, change.diff);
      collection.errorsChangedAt = change.time;
    }
  }
}

/** Whether an error holds up who reads a collection, or did until `millis` of its time ago. */
export function holdsUp({ errors, errorsChangedAt, upper }: Collection, millis: number): boolean {
  return !errors.isEmpty || (errorsChangedAt > 0 && upper !== null && upper - errorsChangedAt <= millis);
}

/** The row or error of a collection that an element of its shard is; undefined for bindings and rows of other tables. */
function elementOf(item: Item, data: Json): Json | undefined {
  if (item.kind !== "table") return isBindingElement(data) ? undefined : data;
  const { table, row } = data as { readonly table: string; readonly row: Json };
  return table === item.id ? row : undefined;
}
