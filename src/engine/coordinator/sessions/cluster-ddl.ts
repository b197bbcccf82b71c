/** CREATE, ALTER and DROP of clusters and replicas: the catalog first, then controllers and services follow it. */
import type { CatalogChange } from "../../catalog/entry.ts";
import type { ClusterPlan } from "../../sql/cluster-plan.ts";
import type { Answer } from "./session.ts";
import {
  createCluster,
  createReplicas,
  dropCluster,
  dropReplicas,
  nextClusterId,
  renameCluster,
  renameReplica,
  resizeCluster,
} from "../../catalog/cluster-transaction.ts";
import { clustersOf } from "../../catalog/clusters.ts";
import { withCluster } from "../../sql/stored-cluster.ts";
import { audit, dropItems, restateItem } from "../../catalog/transaction.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { commitChanges, confirmLeadership, type Environment } from "../environment.ts";
import { forgetItems } from "./drop.ts";

/** What a statement about clusters comes to at its turn. */
export type ClusterTurn = ClusterPlan | { readonly kind: "nothing"; readonly notice: string };

const tags = {
  "create-cluster": "CREATE CLUSTER",
  "alter-cluster": "ALTER CLUSTER",
  "drop-cluster": "DROP CLUSTER",
  "create-replica": "CREATE CLUSTER REPLICA",
  "drop-replica": "DROP CLUSTER REPLICA",
  "rename-cluster": "ALTER CLUSTER",
  "rename-replica": "ALTER CLUSTER REPLICA",
} as const;

/** Carries the statement out as it is planned at its turn: `planNow` is asked then. Rejects with `SqlError`. */
export function changeClusters(
  kind: ClusterPlan["kind"],
  planNow: () => ClusterTurn,
  environment: Environment,
): Promise<Answer> {
  return environment.writes.run(async () => {
    const plan = planNow();
    const tag = tags[kind];
    if (plan.kind === "nothing") {
      await confirmLeadership(environment, "system");
      return { tag, ts: null, notices: [plan.notice] };
    }
    const ts = await carryOut(plan, environment);
    environment.clusters.converge();
    environment.services.changed();
    return { tag, ts };
  });
}

function carryOut(plan: ClusterPlan, environment: Environment): Promise<number> {
  if (plan.kind === "drop-cluster") return drop(plan, environment);
  return plan.kind === "rename-cluster" ? rename(plan, environment) : change(plan, environment);
}

type PlainPlan = Exclude<ClusterPlan, { readonly kind: "drop-cluster" | "rename-cluster" }>;

function change(plan: PlainPlan, environment: Environment): Promise<number> {
  const { contents } = environment.catalog;
  const [subject, changes] = ((): readonly [string, () => readonly CatalogChange[]] => {
    switch (plan.kind) {
      case "create-cluster":
        return [nextClusterId(contents), () => createCluster(contents, plan)];
      case "alter-cluster":
        return [plan.cluster, () => resizeCluster(contents, plan.cluster, plan.managed)];
      case "create-replica":
        return [plan.cluster, () => createReplicas(contents, plan.cluster, [plan])];
      case "drop-replica":
        return [plan.replica, () => dropReplicas(contents, [plan.replica])];
      case "rename-replica":
        return [plan.replica, () => renameReplica(contents, plan.replica, plan.name)];
    }
  })();
  return commitChanges(environment, plan.kind, [subject], (ts) => [...changes(), audit(ts, plan.kind, [subject])]);
}

/** With the statements of what runs on it, which say its name. */
async function rename(
  { cluster, name }: Extract<ClusterPlan, { kind: "rename-cluster" }>,
  environment: Environment,
): Promise<number> {
  const { catalog, schema } = environment;
  const { contents } = catalog;
  const own = schema.all().filter((item) => item.cluster === cluster);
  const stated = own.map(({ id, sql }) => ({ id, sql: withCluster(sql, name) }));
  const ts = await commitChanges(environment, "rename-cluster", [cluster], (at) => [
    ...renameCluster(contents, cluster, name),
    ...stated.flatMap(({ id, sql }) => restateItem(contents, id, sql)),
    audit(at, "rename-cluster", [cluster]),
  ]);
  for (const { id, sql } of stated) schema.restate(id, sql);
  return ts;
}

/** With what runs on it, and what depends on that. */
async function drop(
  { cluster, isCascade }: Extract<ClusterPlan, { kind: "drop-cluster" }>,
  environment: Environment,
): Promise<number> {
  const { catalog, schema } = environment;
  const { contents } = catalog;
  const own = schema.all().filter((item) => item.cluster === cluster);
  if (own.length > 0 && !isCascade) {
    const name = clustersOf(contents).find(({ id }) => id === cluster)?.name;
    throw new SqlError("2BP01", `cannot drop cluster "${name}": objects run on it`, {
      detail: own.map((item) => `${item.kind.replace("-", " ")} "${item.name}" runs on it`).join("; "),
      hint: "Use DROP CLUSTER … CASCADE to drop them too.",
    });
  }
  const ids = own.map(({ id }) => id);
  const items = [...own, ...schema.dependents(ids)].toReversed();
  const dropped = items.map(({ id }) => id);
  const ts = await commitChanges(environment, "drop-cluster", [cluster, ...dropped], (at) => [
    ...(dropped.length === 0 ? [] : dropItems(contents, dropped, at)),
    ...dropCluster(contents, cluster),
    audit(at, "drop-cluster", [cluster]),
  ]);
  forgetItems(items, environment);
  environment.reads.clusterDropped(cluster);
  return ts;
}
