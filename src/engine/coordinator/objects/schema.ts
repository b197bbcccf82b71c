/** All objects that there are, by id and by name, and what depends on what. Names are of one space. */
import type { CatalogContents } from "../../catalog/contents.ts";
import type { ItemValue, ShardValue } from "../../catalog/entry.ts";
import type { CatalogLookup, CreatePlan, ResolvedItem } from "../../sql/plan.ts";
import type { ClusterLookup } from "../../sql/cluster-plan.ts";
import { assert } from "../../../base/assert.ts";
import { parseStatement } from "../../sql/parse-statement.ts";
import { planStatement } from "../../sql/plan-statement.ts";
import { clusterLookup } from "./cluster-lookup.ts";
import { itemOf, resolvedItem, type Item } from "./item.ts";

export class Schema implements CatalogLookup {
  /** In order of their ids, which is that of their creation. */
  readonly #items = new Map<string, Item>();
  readonly #ids = new Map<string, string>();

  get(id: string): Item | undefined {
    return this.#items.get(id);
  }

  /** In order of creation. */
  all(): readonly Item[] {
    return [...this.#items.values()];
  }

  resolve(name: string): ResolvedItem | undefined {
    const id = this.#ids.get(name);
    return id === undefined ? undefined : resolvedItem(this.#items.get(id)!);
  }

  names(): readonly string[] {
    return [...this.#ids.keys()];
  }

  add(item: Item): void {
    assert(!this.#items.has(item.id) && !this.#ids.has(item.name), "names and ids are taken once", { id: item.id });
    this.#items.set(item.id, item);
    this.#ids.set(item.name, item.id);
  }

  /** The item's stored statement has another text, and the same meaning. */
  restate(id: string, sql: string): void {
    const item = this.#items.get(id);
    if (item !== undefined) this.#items.set(id, { ...item, sql, plan: { ...item.plan, sql } });
  }

  remove(id: string): void {
    const item = this.#items.get(id);
    if (item === undefined) return;
    this.#items.delete(id);
    this.#ids.delete(item.name);
  }

  /** What refers to these, directly or through others, without these; in order of creation. */
  dependents(ids: readonly string[]): readonly Item[] {
    const found = new Set(ids);
    // Whatever refers to something was created after it.
    for (const item of this.#items.values()) {
      if (item.plan.dependsOn.some((id) => found.has(id))) found.add(item.id);
    }
    return this.all().filter(({ id }) => found.has(id) && !ids.includes(id));
  }
}

/**
 * The schema that a catalog's contents describe: each stored statement planned again, in order of ids. No network is
 * used, and nothing can fail: what is stored was planned once before, with the same outcome.
 */
export function replayItems(contents: CatalogContents): Schema {
  const schema = new Schema();
  const clusters = clusterLookup(contents);
  const entries = contents.all("item").toSorted((a, b) => Number(a.key.slice(1)) - Number(b.key.slice(1)));
  for (const { key, value } of entries) {
    const item = value as ItemValue;
    const plan = planStored(item.sql, schema, clusters);
    schema.add(itemOf(key, item, contents.get("shard", key) as ShardValue | undefined, plan));
  }
  return schema;
}

/** Plans a purified statement again. Throws `SqlError` when it does not fit the catalog any more. */
export function planStored(sql: string, catalog: CatalogLookup, clusters: ClusterLookup): CreatePlan {
  return planStatement(parseStatement(sql), catalog, { isStored: true, clusters }) as CreatePlan;
}
