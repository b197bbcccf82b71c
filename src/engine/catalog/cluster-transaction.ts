/**
 * What catalog transactions on clusters and replicas consist of, as pure functions from contents to changes. A replica's
 * size never changes: another size is another replica, with an id of its own.
 */
import type { Json } from "../../base/json.ts";
import type { CatalogContents } from "./contents.ts";
import type { CatalogChange, CatalogEntry, ClusterValue, ReplicaSize, ReplicaValue } from "./entry.ts";
import { clustersOf, replicasOf, type Cluster } from "./clusters.ts";
import { clusterIdKey, replicaIdKey } from "./entry.ts";

/** The cluster that a new catalog has, and where objects go that name none. */
export const defaultCluster = "default";

export interface NewReplica {
  readonly name: string;
  readonly size: ReplicaSize;
}

export interface NewCluster {
  readonly name: string;
  /** Its replicas are `r1` to `r<factor>`; those listed otherwise. */
  readonly managed: ClusterValue["managed"];
  readonly replicas: readonly NewReplica[];
}

/** The id that the next cluster will get. Ids are never given twice. */
export function nextClusterId(contents: CatalogContents): string {
  return `c${allocated(contents, clusterIdKey)}`;
}

/** Adds a cluster with its replicas. */
export function createCluster(
  contents: CatalogContents,
  { name, managed, replicas }: NewCluster,
): readonly CatalogChange[] {
  const id = nextClusterId(contents);
  const value: ClusterValue = { name, managed };
  return [
    ...allocate(contents, clusterIdKey, 1),
    [{ kind: "cluster", key: id, value }, 1],
    ...createReplicas(contents, id, managed === null ? replicas : numbered(0, managed)),
  ];
}

/** Adds replicas to a cluster. */
export function createReplicas(
  contents: CatalogContents,
  cluster: string,
  replicas: readonly NewReplica[],
): readonly CatalogChange[] {
  const first = allocated(contents, replicaIdKey);
  return [
    ...allocate(contents, replicaIdKey, replicas.length),
    ...replicas.map(({ name, size }, place): CatalogChange => {
      const value: ReplicaValue = { cluster, name, size };
      return [{ kind: "replica", key: `r${first + place}`, value }, 1];
    }),
  ];
}

/** Gives a cluster another name. What is stored of the objects on it says the name, too: that is the caller's to change. */
export function renameCluster(contents: CatalogContents, id: string, name: string): readonly CatalogChange[] {
  const value = contents.get("cluster", id) as ClusterValue | undefined;
  if (value === undefined) return [];
  return [...retraction(contents, "cluster", id), [{ kind: "cluster", key: id, value: { ...value, name } }, 1]];
}

/** Gives a replica another name. */
export function renameReplica(contents: CatalogContents, id: string, name: string): readonly CatalogChange[] {
  const value = contents.get("replica", id) as ReplicaValue | undefined;
  if (value === undefined) return [];
  return [...retraction(contents, "replica", id), [{ kind: "replica", key: id, value: { ...value, name } }, 1]];
}

/** Removes replicas; unknown ones are passed over. */
export function dropReplicas(contents: CatalogContents, ids: readonly string[]): readonly CatalogChange[] {
  return ids.flatMap((key) => retraction(contents, "replica", key));
}

/** Removes a cluster with its replicas. What runs on it must be gone. */
export function dropCluster(contents: CatalogContents, id: string): readonly CatalogChange[] {
  const replicas = replicasOf(contents).filter(({ cluster }) => cluster === id);
  return [
    ...dropReplicas(
      contents,
      replicas.map((replica) => replica.id),
    ),
    ...retraction(contents, "cluster", id),
  ];
}

/**
 * Gives a managed cluster another size or number of replicas. Of another size all replicas are new ones; else the newest
 * are taken away, or more are added. An unmanaged one becomes managed, its replicas replaced unless they fit.
 */
export function resizeCluster(
  contents: CatalogContents,
  id: string,
  managed: NonNullable<ClusterValue["managed"]>,
): readonly CatalogChange[] {
  const cluster = clustersOf(contents).find((candidate) => candidate.id === id);
  if (cluster === undefined) return [];
  const value: ClusterValue = { name: cluster.name, managed };
  const kept = keptReplicas(cluster, managed);
  const dropped = cluster.replicas.filter(({ id: replica }) => !kept.includes(replica)).map((replica) => replica.id);
  return [
    ...retraction(contents, "cluster", id),
    [{ kind: "cluster", key: id, value }, 1],
    ...dropReplicas(contents, dropped),
    ...createReplicas(contents, id, numbered(kept.length, managed)),
  ];
}

/** Ids of the replicas that stay: the oldest ones, under the names that a managed cluster gives. */
function keptReplicas({ replicas }: Cluster, { size, factor }: NonNullable<ClusterValue["managed"]>): string[] {
  const fits = replicas.findIndex(
    (replica, place) =>
      place >= factor ||
      replica.name !== `r${place + 1}` ||
      replica.size.processes !== size.processes ||
      replica.size.workers !== size.workers,
  );
  return replicas.slice(0, fits < 0 ? replicas.length : fits).map(({ id }) => id);
}

function numbered(from: number, { size, factor }: NonNullable<ClusterValue["managed"]>): readonly NewReplica[] {
  return Array.from({ length: Math.max(0, factor - from) }, (_, place) => ({ name: `r${from + place + 1}`, size }));
}

function allocated(contents: CatalogContents, key: string): number {
  return (contents.get("id-allocator", key) as number | undefined) ?? 1;
}

function allocate(contents: CatalogContents, key: string, count: number): readonly CatalogChange[] {
  if (count === 0) return [];
  const old = retraction(contents, "id-allocator", key);
  return [...old, [{ kind: "id-allocator", key, value: allocated(contents, key) + count }, 1]];
}

function retraction(contents: CatalogContents, kind: CatalogEntry["kind"], key: string): readonly CatalogChange[] {
  const value: Json | undefined = contents.get(kind, key);
  return value === undefined ? [] : [[{ kind, key, value }, -1]];
}
