/**
 * What catalog transactions consist of, as pure functions from contents to changes. Who commits them is `catalog.ts`.
 * Finalizing the shards of dropped items is left out: they stay listed.
 */
import type { Json } from "../../base/json.ts";
import type { Time } from "../collection.ts";
import type { ItemKind } from "../sql/plan.ts";
import type { CatalogContents } from "./contents.ts";
import { createCluster, defaultCluster } from "./cluster-transaction.ts";
import type { CatalogChange, CatalogEntry, ItemValue, ReplicaSize, ShardValue } from "./entry.ts";
import { userIdKey, versionKey } from "./entry.ts";

export interface NewItem {
  readonly name: string;
  readonly kind: ItemKind;
  readonly sql: string;
  readonly cluster: string | null;
}

/** Name of the shard that all tables share. */
export const tablesShard = "tables";

/** The id that the next item will get. Ids are never given twice. */
export function nextItemId(contents: CatalogContents): string {
  return `u${(contents.get("id-allocator", userIdKey) as number | undefined) ?? 1}`;
}

/** Adds an item: the item itself, its id, where its contents go, and the audit. `ts` is the time of the transaction. */
export function createItem(contents: CatalogContents, item: NewItem, ts: Time): readonly CatalogChange[] {
  const id = nextItemId(contents);
  const next = Number(id.slice(1)) + 1;
  const value: ItemValue = { ...item, incarnation: 1, createdAt: ts };
  const shard = shardOf(id, item.kind);
  return [
    ...replaced(contents, { kind: "id-allocator", key: userIdKey, value: next }),
    [{ kind: "item", key: id, value }, 1],
    ...(shard === null ? [] : [[{ kind: "shard", key: id, value: shard }, 1] as const]),
    audit(ts, `create ${item.kind}`, [id]),
  ];
}

/** Puts another text in the place of an item's stored statement. It must plan to the same. */
export function restateItem(contents: CatalogContents, id: string, sql: string): readonly CatalogChange[] {
  const value = contents.get("item", id) as ItemValue | undefined;
  return value === undefined ? [] : replaced(contents, { kind: "item", key: id, value: { ...value, sql } });
}

/** Removes items. Shards of their own remain, listed as unfinalized; the rows of tables remain, under an id that is gone. */
export function dropItems(contents: CatalogContents, ids: readonly string[], ts: Time): readonly CatalogChange[] {
  const changes: CatalogChange[] = [];
  for (const id of ids) {
    const item = contents.get("item", id);
    if (item !== undefined) changes.push([{ kind: "item", key: id, value: item }, -1]);
    const shard = contents.get("shard", id) as ShardValue | undefined;
    if (shard === undefined) continue;
    changes.push([{ kind: "shard", key: id, value: shard }, -1]);
    if (shard.table === null) changes.push([{ kind: "unfinalized-shard", key: shard.shard, value: id }, 1]);
  }
  return [...changes, audit(ts, "drop", ids)];
}

/**
 * What a binary of `version` writes into a catalog whose contents are older; empty when they are not. A new catalog has one
 * cluster, whose replicas are of this size.
 */
export function initialContents(
  contents: CatalogContents,
  version: number,
  size: ReplicaSize,
): readonly CatalogChange[] {
  if (contents.contentVersion() >= version) return [];
  const isNew = contents.get("id-allocator", userIdKey) === undefined;
  return [
    ...replaced(contents, { kind: "setting", key: versionKey, value: version }),
    ...(isNew ? [[{ kind: "id-allocator", key: userIdKey, value: 1 }, 1] as const] : []),
    ...(isNew ? createCluster(contents, { name: defaultCluster, managed: { size, factor: 1 }, replicas: [] }) : []),
  ];
}

function shardOf(id: string, kind: ItemKind): ShardValue | null {
  switch (kind) {
    case "table":
      return { shard: tablesShard, table: id };
    case "source":
    case "materialized-view":
    case "sink":
      return { shard: id, table: null };
    case "connection":
    case "view":
      return null;
  }
}

/** Puts an entry in the place of the one with its key, if there is any. */
export function replaced(contents: CatalogContents, entry: CatalogEntry): readonly CatalogChange[] {
  const old = contents.get(entry.kind, entry.key);
  const retraction: CatalogChange[] = old === undefined ? [] : [[{ ...entry, value: old }, -1]];
  return [...retraction, [entry, 1]];
}

/** Notes what happened, and to what. */
export function audit(ts: Time, event: string, ids: readonly string[]): CatalogChange {
  const value: Json = { event, ids: [...ids] };
  return [{ kind: "audit", key: String(ts), value }, 1];
}
