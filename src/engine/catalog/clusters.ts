/** Clusters and their replicas as the catalog has them: pure functions of its contents. */
import type { CatalogContents } from "./contents.ts";
import type { ClusterValue, ReplicaSize, ReplicaValue } from "./entry.ts";

export interface Replica {
  /** `r1` …. */
  readonly id: string;
  readonly name: string;
  /** Id of its cluster. */
  readonly cluster: string;
  readonly size: ReplicaSize;
}

export interface Cluster {
  /** `c1` …. */
  readonly id: string;
  readonly name: string;
  readonly managed: ClusterValue["managed"];
  /** In order of their ids, which is that of their creation. */
  readonly replicas: readonly Replica[];
}

/** All clusters, in order of their ids. */
export function clustersOf(contents: CatalogContents): readonly Cluster[] {
  const replicas = replicasOf(contents);
  return contents
    .all("cluster")
    .map(({ key: id, value }) => {
      const { name, managed } = value as ClusterValue;
      return { id, name, managed, replicas: replicas.filter(({ cluster }) => cluster === id) };
    })
    .toSorted(byId);
}

/** All replicas of all clusters, in order of their ids. */
export function replicasOf(contents: CatalogContents): readonly Replica[] {
  return contents
    .all("replica")
    .map(({ key: id, value }) => ({ id, ...(value as ReplicaValue) }))
    .toSorted(byId);
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return Number(a.id.slice(1)) - Number(b.id.slice(1));
}
