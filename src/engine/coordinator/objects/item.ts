/** An object of the catalog, planned: what the coordinator knows of it while it runs. */
import type { CreatePlan, ItemKind, ResolvedItem } from "../../sql/plan.ts";
import type { ItemValue, ShardValue } from "../../catalog/entry.ts";
import { readsOf } from "../../sql/plan-reads.ts";

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly kind: ItemKind;
  readonly sql: string;
  readonly incarnation: number;
  readonly createdAt: number;
  readonly plan: CreatePlan;
  /** Id of the cluster that it runs on; null when it runs on none. */
  readonly cluster: string | null;
  /** Where its contents are; null when it has none. */
  readonly shard: ShardValue | null;
}

/** An item from what the catalog says and its plan. */
export function itemOf(id: string, value: ItemValue, shard: ShardValue | undefined, plan: CreatePlan): Item {
  const { name, kind, sql, cluster, incarnation, createdAt } = value;
  return { id, name, kind, sql, incarnation, createdAt, plan, cluster, shard: shard ?? null };
}

/** Kind of the item that a plan creates. */
export function kindOf(plan: CreatePlan): ItemKind {
  return plan.kind.slice("create-".length) as ItemKind;
}

/** Ids whose contents an item reads as they change: inputs of a materialized view or sink. */
export function inputsOf({ plan }: Item): readonly string[] {
  if (plan.kind === "create-materialized-view") return readsOf(plan.plan);
  return plan.kind === "create-sink" ? [plan.from] : [];
}

/** The item as planning sees it. */
export function resolvedItem({ id, name, kind, sql, plan }: Item): ResolvedItem {
  const base = { id, name, kind, sql };
  switch (plan.kind) {
    case "create-connection":
      return { ...base, columns: [], brokers: plan.brokers };
    case "create-sink":
      return { ...base, columns: [] };
    case "create-view":
      return { ...base, columns: plan.columns, plan: plan.plan };
    case "create-source":
    case "create-table":
    case "create-materialized-view":
      return { ...base, columns: plan.columns };
  }
}
