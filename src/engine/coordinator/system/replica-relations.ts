/** Rows of the relations about clusters and their replicas. */
import type { Cluster, Replica } from "../../catalog/clusters.ts";
import type { ReplicaSize } from "../../catalog/entry.ts";
import type { Frontier, Row } from "../../collection.ts";
import type { Item } from "../objects/item.ts";
import type { SystemState } from "./relations.ts";
import { serviceName } from "../replicas/cluster-set.ts";

type Rows = (state: SystemState) => readonly Row[];

/** By name of the relation, in the order of its columns. */
export const replicaRelations: { readonly [name: string]: Rows } = {
  mz_clusters: ({ clusters }) =>
    clusters.map(({ id, name, managed }) => [
      id,
      name,
      managed === null ? null : sizeText(managed.size),
      managed?.factor ?? null,
    ]),
  mz_cluster_replicas: ({ clusters }) =>
    allReplicas(clusters).map(([cluster, { id, name, size }]) => [id, name, cluster.id, cluster.name, sizeText(size)]),
  mz_cluster_replica_statuses: ({ clusters, replicas, token }) =>
    allReplicas(clusters).flatMap(([, { id }]) =>
      replicas
        .processes(serviceName(token.generation, id), id)
        .map(({ replica, index, status, reason, at }) => [replica, index, status, reason, at]),
    ),
  mz_cluster_replica_status_history: ({ replicaHistory }) =>
    replicaHistory.map(({ at, replica, index, status, reason }) => [at, replica, index, status, reason]),
  mz_hydration_statuses: (state) =>
    running(state).map(([item, { id }, reached]) => [item.id, id, isHydrated(item, reached, state)]),
  mz_cluster_replica_frontiers: (state) =>
    running(state).flatMap(([item, { id }, reached]) => (reached === undefined ? [] : [[item.id, id, reached]])),
};

/** `processes-workers`, as `SIZE` takes it. */
export function sizeText({ processes, workers }: ReplicaSize): string {
  return `${processes}-${workers}`;
}

function allReplicas(clusters: readonly Cluster[]): readonly (readonly [Cluster, Replica])[] {
  return clusters.flatMap((cluster) => cluster.replicas.map((replica) => [cluster, replica] as const));
}

/**
 * Objects with the replicas that run them, and how far each has come; sources and sinks are run by the oldest replica of
 * their cluster alone.
 */
function running({
  schema,
  clusters,
  replicas,
  token,
}: SystemState): readonly (readonly [Item, Replica, Frontier | undefined])[] {
  return schema.all().flatMap((item) => {
    const all = clusters.find(({ id }) => id === item.cluster)?.replicas ?? [];
    const runners = item.kind === "materialized-view" ? all : all.slice(0, 1);
    return runners.map((replica) => {
      const service = serviceName(token.generation, replica.id);
      return [item, replica, replicas.reachedBy(service, item.id, item.incarnation)] as const;
    });
  });
}

/** Whether it has come as far as the shard is readable: what is below is in it for good. */
function isHydrated(item: Item, reached: Frontier | undefined, { sinces }: SystemState): boolean {
  if (reached === undefined) return false;
  const since = item.shard === null ? 0 : (sinces.boundsOf(item.shard.shard)?.since ?? 0);
  return reached === null || reached > since;
}
