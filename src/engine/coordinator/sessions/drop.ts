/** DROP, with dependents: the catalog first, then the replicas. */
import type { StatementPlan } from "../../sql/plan.ts";
import type { Drop } from "../../sql/syntax/statement.ts";
import type { Answer } from "./session.ts";
import { dropItems } from "../../catalog/transaction.ts";
import { SqlError } from "../../sql/sql-error.ts";
import type { Item } from "../objects/item.ts";
import { commitChanges, confirmLeadership, type Environment } from "../environment.ts";

/** Drops what the plan of a statement names at the time of its turn: `planNow` is asked then. Rejects with `SqlError`. */
export function drop({ what, name }: Drop, planNow: () => StatementPlan, environment: Environment): Promise<Answer> {
  return environment.writes.run(async () => {
    const plan = planNow();
    const { catalog, schema } = environment;
    const tag = `DROP ${what.replace("-", " ").toUpperCase()}`;
    if (plan.kind !== "drop") {
      await confirmLeadership(environment, "system");
      return { tag, ts: null, notices: plan.kind === "nothing" ? [plan.notice] : [] };
    }
    const { ids, isCascade } = plan;
    const dependents = schema.dependents(ids);
    const named = ids.map((id) => schema.get(id)!);
    if (dependents.length > 0 && !isCascade) {
      throw new SqlError("2BP01", `cannot drop "${named[0]!.name}": other objects depend on it`, {
        detail: dependents.map(({ name, kind }) => `${kind.replace("-", " ")} "${name}" depends on it`).join("; "),
        hint: "Use DROP … CASCADE to drop them too.",
        position: name.position,
      });
    }
    const items = [...named, ...dependents].toReversed();
    const dropped = items.map(({ id }) => id);
    const ts = await commitChanges(environment, "drop", dropped, (at) => dropItems(catalog.contents, dropped, at));
    forgetItems(items, environment);
    return { tag, ts };
  });
}

/** What is gone from the catalog: nobody runs it, keeps its inputs or waits for it any more. */
export function forgetItems(items: readonly Item[], environment: Environment): void {
  for (const item of items) {
    environment.schema.remove(item.id);
    environment.clusters.drop(item.id);
    environment.sinces.forget(item);
    environment.replicas.forget(item.id);
    environment.reads.objectDropped(item.id);
    if (item.kind !== "source" && item.kind !== "sink") continue;
    const now = Math.floor(environment.ports.host.clock.wall() / 1_000);
    environment.statuses.drop(item.id, item.kind, item.incarnation, now);
  }
}
