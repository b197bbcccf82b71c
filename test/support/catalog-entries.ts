/** Entries of the durable catalog, made in the engine's own format. */
import { tokenEntry, type CatalogEntry } from "../../src/engine/catalog/entry.ts";
import type { ItemKind } from "../../src/engine/sql/plan.ts";

/** A fence token. */
export function token(generation: number, epoch: number): CatalogEntry {
  return tokenEntry({ generation, epoch });
}

/** An item. */
export function item(id: string, kind: ItemKind, name: string, sql: string): CatalogEntry {
  return { kind: "item", key: id, value: { name, kind, sql, incarnation: 1, createdAt: 1 } };
}

/** A table with its columns. */
export function table(id: string, name: string, columns = '"n" int'): CatalogEntry {
  return item(id, "table", name, `CREATE TABLE "${name}" (${columns})`);
}

/** A materialized view. */
export function view(id: string, name: string, query: string): CatalogEntry {
  return item(id, "materialized-view", name, `CREATE MATERIALIZED VIEW "${name}" AS ${query}`);
}

/** Where an item's contents are. */
export function shard(id: string, name = id): CatalogEntry {
  return { kind: "shard", key: id, value: { shard: name, table: name === id ? null : id } };
}
