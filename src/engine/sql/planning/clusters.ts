/** Statements about clusters and their replicas, against those that there are. */
import type { ClusterLookup, ClusterPlan, ResolvedCluster, ResolvedReplica } from "../cluster-plan.ts";
import type { StatementPlan } from "../plan.ts";
import type { ClusterStatement, Name, ReplicaName } from "../syntax/statement.ts";
import { nearestHint, SqlError, sqlStates } from "../sql-error.ts";
import { clusterNamed } from "./cluster-scope.ts";

/** 55000: the object is not in the state for it. */
const notInState = "55000";

/** Plans a statement about clusters. What it names may be gone at its turn: it is planned again then. */
export function planClusterStatement(statement: ClusterStatement, clusters: ClusterLookup): StatementPlan {
  switch (statement.kind) {
    case "create-cluster":
      return planCreate(statement, clusters);
    case "alter-cluster":
      return planAlter(statement, clusters);
    case "drop-cluster": {
      const { name, ifExists, isCascade } = statement;
      if (ifExists && clusters.cluster(name.text) === undefined) return skipped("cluster", name.text);
      return { kind: "drop-cluster", cluster: clusterNamed(clusters, name).id, isCascade };
    }
    case "create-replica": {
      const { name, size } = statement;
      const cluster = unmanaged(clusterNamed(clusters, name.cluster), name.cluster);
      const { text, position } = name.replica;
      if (cluster.replicas.some((replica) => replica.name === text)) throw taken("replica", text, position);
      return { kind: "create-replica", cluster: cluster.id, name: text, size: size.size };
    }
    case "drop-replica":
      return planDropReplica(statement.name, statement.ifExists, clusters);
    case "rename-cluster": {
      const { id } = clusterNamed(clusters, statement.name);
      return { kind: "rename-cluster", cluster: id, name: freeName(statement.to, clusters) };
    }
    case "rename-replica": {
      const { name, to } = statement;
      const cluster = clusterNamed(clusters, name.cluster);
      const { id } = unmanaged(cluster, name.cluster, replicaNamed(cluster, name.replica));
      if (cluster.replicas.some((replica) => replica.name === to.text)) throw taken("replica", to.text, to.position);
      return { kind: "rename-replica", replica: id, name: to.text };
    }
  }
}

function planCreate(
  { name, size, factor = 1, replicas }: Extract<ClusterStatement, { kind: "create-cluster" }>,
  clusters: ClusterLookup,
): ClusterPlan {
  const { position } = name;
  const text = freeName(name, clusters);
  if (replicas === undefined) {
    if (size === undefined)
      throw new SqlError(sqlStates.syntax, "a cluster needs a size, or its replicas", {
        hint: "Write CREATE CLUSTER name (SIZE '1-1'), or CREATE CLUSTER name REPLICAS (r1 (SIZE '1-1')).",
        position,
      });
    return { kind: "create-cluster", name: text, managed: { size: size.size, factor }, replicas: [] };
  }
  replicas.forEach((replica, at) => {
    if (replicas.findIndex((other) => other.name.text === replica.name.text) === at) return;
    throw taken("replica", replica.name.text, replica.name.position);
  });
  const named = replicas.map((replica) => ({ name: replica.name.text, size: replica.size.size }));
  return { kind: "create-cluster", name: text, managed: null, replicas: named };
}

function planAlter(
  { name, size, factor }: Extract<ClusterStatement, { kind: "alter-cluster" }>,
  clusters: ClusterLookup,
): ClusterPlan {
  const cluster = clusterNamed(clusters, name);
  const wanted = size?.size ?? cluster.managed?.size;
  if (wanted === undefined)
    throw new SqlError(notInState, `cluster "${cluster.name}" has replicas that were made one by one`, {
      hint: "Give it a SIZE as well: its replicas are then replaced where they do not fit.",
      position: name.position,
    });
  const replicas = factor ?? cluster.managed?.factor ?? Math.max(1, cluster.replicas.length);
  return { kind: "alter-cluster", cluster: cluster.id, managed: { size: wanted, factor: replicas } };
}

function planDropReplica(name: ReplicaName, ifExists: boolean, clusters: ClusterLookup): StatementPlan {
  const { text } = name.replica;
  if (ifExists && clusters.cluster(name.cluster.text) === undefined) return skipped("cluster", name.cluster.text);
  const cluster = clusterNamed(clusters, name.cluster);
  if (ifExists && !cluster.replicas.some((replica) => replica.name === text)) return skipped("replica", text);
  const found = replicaNamed(cluster, name.replica);
  return { kind: "drop-replica", replica: unmanaged(cluster, name.cluster, found).id };
}

/** 42704 when the cluster has no replica of that name. */
function replicaNamed({ name, replicas }: ResolvedCluster, { text, position }: Name): ResolvedReplica {
  const found = replicas.find((replica) => replica.name === text);
  if (found !== undefined) return found;
  throw new SqlError(sqlStates.noSuchObject, `cluster "${name}" has no replica "${text}"`, {
    hint: nearestHint(
      text,
      replicas.map((replica) => replica.name),
    ),
    position,
  });
}

/** The name for a cluster. 42710 when it is taken, 42939 when it belongs to the system. */
function freeName({ text, position }: Name, clusters: ClusterLookup): string {
  if (text.startsWith("mz_"))
    throw new SqlError(sqlStates.reservedName, `the name "${text}" is reserved`, {
      detail: "Names that begin with mz_ belong to the system.",
      position,
    });
  if (clusters.cluster(text) !== undefined) throw taken("cluster", text, position);
  return text;
}

/** What is given back, when the replicas of its cluster are for users to make and to drop. */
function unmanaged<T = ResolvedCluster>(cluster: ResolvedCluster, { position }: Name, what?: T): T {
  if (cluster.managed === null) return what ?? (cluster as T);
  throw new SqlError(notInState, `cluster "${cluster.name}" manages its replicas itself`, {
    hint: `Write ALTER CLUSTER "${cluster.name}" SET (REPLICATION FACTOR …).`,
    position,
  });
}

function skipped(what: string, name: string): StatementPlan {
  return { kind: "nothing", notice: `${what} "${name}" does not exist, skipping` };
}

function taken(what: string, name: string, position: number): SqlError {
  return new SqlError(sqlStates.duplicateObject, `${what} "${name}" already exists`, { position });
}
