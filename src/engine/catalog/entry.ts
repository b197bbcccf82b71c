/** What the catalog's shard holds: keyed entries, each there once, changed by a retraction and an insertion. */
import type { Json } from "../../base/json.ts";
import type { Time } from "../collection.ts";
import type { ItemKind } from "../sql/plan.ts";
import type { Token } from "./token.ts";

/**
 * `token`: the fence. `setting`: the content version. `id-allocator`: next number of an id. `item`: an object. `shard`:
 * where a collection's contents are. `cluster`, `replica`: what computes. `unfinalized-shard`: a shard whose item is gone.
 * `audit`: who changed what.
 */
export type CatalogKind =
  | "token"
  | "setting"
  | "id-allocator"
  | "item"
  | "shard"
  | "cluster"
  | "replica"
  | "unfinalized-shard"
  | "audit";

/** A type, not an interface, so that it is a JSON value. */
export type CatalogEntry = {
  readonly kind: CatalogKind;
  readonly key: string;
  readonly value: Json;
};

export type CatalogChange = readonly [entry: CatalogEntry, diff: number];

/** Value of an `item`; its key is the id. */
export type ItemValue = {
  readonly name: string;
  readonly kind: ItemKind;
  /** Canonical and purified: planning it again needs no network. */
  readonly sql: string;
  /** Id of the cluster that it runs on; null when it runs on none. */
  readonly cluster: string | null;
  /** Grows when the object is rendered anew on purpose; what was reported by earlier ones is ignored. */
  readonly incarnation: number;
  readonly createdAt: Time;
};

/** Value of a `shard`; its key is the id of the item. `table` names the rows in a shard that several share. */
export type ShardValue = { readonly shard: string; readonly table: string | null };

/** Processes of a replica, 1 to 16, and workers of each, 1 to 4. A type, so that it is a JSON value. */
export type ReplicaSize = { readonly processes: number; readonly workers: number };

/** Value of a `cluster`; its key is the id, `c1` …. Of a managed one the catalog keeps the replicas that it asks for. */
export type ClusterValue = {
  readonly name: string;
  readonly managed: { readonly size: ReplicaSize; readonly factor: number } | null;
};

/** Value of a `replica`; its key is the id, `r1` …, unique among all clusters. Its size never changes. */
export type ReplicaValue = { readonly cluster: string; readonly name: string; readonly size: ReplicaSize };

export const tokenKey = "fence";
export const versionKey = "content-version";
export const userIdKey = "user";
export const clusterIdKey = "cluster";
export const replicaIdKey = "replica";

/** The entry that holds a token. */
export function tokenEntry(token: Token): CatalogEntry {
  return { kind: "token", key: tokenKey, value: { generation: token.generation, epoch: token.epoch } };
}
