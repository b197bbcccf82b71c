/**
 * CREATE: plan, purify beside everything else, and then in one go plan again at the catalog of now, commit, tell the
 * replicas. What fails before the commit leaves nothing behind; a crash behind it is repaired by the next boot.
 */
import type { CreatePlan, StatementPlan } from "../../sql/plan.ts";
import type { Answer, Session } from "./session.ts";
import { createItem, nextItemId } from "../../catalog/transaction.ts";
import { SqlError } from "../../sql/sql-error.ts";
import { commitChanges, type Environment } from "../environment.ts";
import { beginObject, learnShard } from "../objects/installing.ts";
import { clusterLookup } from "../objects/cluster-lookup.ts";
import { itemOf, kindOf, type Item } from "../objects/item.ts";
import { planStored } from "../objects/schema.ts";

/** Takes from a statement all that depends on the outside. Resolves with the error instead when that fails. */
export type Purify = (plan: StatementPlan) => Promise<StatementPlan | SqlError>;

/** Creates what the plan says. `planNow`: plans the client's text at the catalog of now. Rejects with `SqlError`. */
export async function create(
  plan: CreatePlan,
  planNow: () => unknown,
  purify: Purify,
  session: Session,
  environment: Environment,
): Promise<Answer> {
  const isFirst = environment.policies.purifiesFirst();
  const purified = isFirst ? await purifiedPlan(plan, purify) : plan;
  const item = await environment.writes.run(() => commitItem(purified, planNow, session, environment));
  if (!isFirst) await purifiedPlan(plan, purify);
  await install(item, environment);
  return { tag: `CREATE ${item.kind.replace("-", " ").toUpperCase()}`, ts: item.createdAt };
}

async function purifiedPlan(plan: CreatePlan, purify: Purify): Promise<CreatePlan> {
  const purified = await purify(plan);
  if (purified instanceof SqlError) throw purified;
  return purified as CreatePlan;
}

/** In the lane of writes: nothing changes the catalog between the last look at it and the commit. */
async function commitItem(
  purified: CreatePlan,
  planNow: () => unknown,
  session: Session,
  environment: Environment,
): Promise<Item> {
  const { catalog, schema, policies } = environment;
  const plan = policies.plansAgain() ? plannedAgain(purified, planNow, environment) : purified;
  if (plan.dependsOn.join() !== purified.dependsOn.join()) {
    throw new SqlError("40001", `what "${plan.name}" refers to was replaced while it was created`, {
      hint: "Try the statement again.",
    });
  }
  if (session.isGone) throw new SqlError("57014", "the session ended");
  const { name, sql } = plan;
  const kind = kindOf(plan);
  const cluster = "cluster" in plan ? plan.cluster : null;
  const id = nextItemId(catalog.contents);
  await commitChanges(environment, plan.kind, [id], (ts) =>
    createItem(catalog.contents, { name, kind, sql, cluster }, ts),
  );
  const value = catalog.contents.get("item", id) as Parameters<typeof itemOf>[1];
  const shard = catalog.contents.get("shard", id) as Parameters<typeof itemOf>[2];
  const item = itemOf(id, value, shard, plan);
  schema.add(item);
  return item;
}

/** What fails now fails with its place in the client's text: the stored one is not what the client wrote. */
function plannedAgain({ sql }: CreatePlan, planNow: () => unknown, { catalog, schema }: Environment): CreatePlan {
  try {
    return planStored(sql, schema, clusterLookup(catalog.contents));
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    planNow();
    const { code, message, detail, hint } = error;
    throw new SqlError(code, message, { detail, hint });
  }
}

async function install(item: Item, environment: Environment): Promise<void> {
  await learnShard(environment, item);
  if (environment.schema.get(item.id) === undefined) return;
  const object = await beginObject(environment, item);
  // A DROP that came meanwhile must not be overtaken.
  if (object === null || environment.schema.get(item.id) === undefined) return;
  environment.clusters.create(item.cluster!, object);
}
