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
  resizeCluster,
} from "../../catalog/cluster-transaction.ts";
import { clustersOf } from "../../catalog/clusters.ts";
import { audit, dropItems } from "../../catalog/transaction.ts";
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
    const ts = plan.kind === "drop-cluster" ? await drop(plan, environment) : await change(plan, environment);
    environment.clusters.converge();
    environment.services.changed();
    return { tag, ts };
  });
}

function change(plan: Exclude<ClusterPlan, { kind: "drop-cluster" }>, environment: Environment): Promise<number> {
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
    }
  })();
  return commitChanges(environment, plan.kind, [subject], (ts) => [...changes(), audit(ts, plan.kind, [subject])]);
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
