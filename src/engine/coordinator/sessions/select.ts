/** SELECT at strict serializability: data from a replica at the oracle's time, the system's own state from here. */
import type { Entry, ErrorValue, Time } from "../../collection.ts";
import type { PeekOutcome } from "../../compute/protocol.ts";
import type { Plan, SelectPlan } from "../../sql/plan.ts";
import type { Answer, Session } from "./session.ts";
import { evaluatePlan } from "../../dataflow/evaluate-plan.ts";
import { readsOf } from "../../sql/plan-reads.ts";
import { orderRows } from "../../sql/row-order.ts";
import { SqlError, sqlStates } from "../../sql/sql-error.ts";
import { isSystemId } from "../../sql/system-relations.ts";
import { clusterNamed } from "../../sql/planning/cluster-scope.ts";
import type { ReadLoss } from "./running-reads.ts";
import type { ClusterController } from "../cluster.ts";
import { clustersOf } from "../../catalog/clusters.ts";
import { clusterLookup } from "../objects/cluster-lookup.ts";
import { confirmLeadership, type Environment } from "../environment.ts";
import { collectionOf } from "../objects/rendering.ts";
import { systemContents } from "../system/relations.ts";

/** How long a read may wait for its inputs and a replica, in milliseconds. */
const readTimeout = 30_000;

/** Reads. The statement has begun when this is called. Rejects with `SqlError`. */
export async function select(plan: SelectPlan, session: Session, environment: Environment): Promise<Answer> {
  const ids = readsOf(plan.plan);
  // Planning has seen to it that a query is over system relations alone, or without any.
  if (ids.every(isSystemId)) {
    await confirmLeadership(environment, ids.length === 0 ? "constant" : "system");
    const { schema, statuses, sinces, catalog, replicas } = environment;
    const clusters = clustersOf(catalog.contents);
    const of = { schema, statuses: statuses.fold, sinces, token: catalog.token };
    const state = { ...of, clusters, replicas, replicaHistory: replicas.history };
    return answer(plan, evaluatePlan(plan.plan, systemContents(ids, state)), null);
  }
  const ts = await readTime(plan, ids, environment);
  for (const [id, last] of endedInputs(ids, ts, environment)) {
    const found = await peek({ kind: "get", id }, [id], last, session, environment);
    if (!found.ok) throw smallest(found.errors, plan);
  }
  return answer(plan, await peek(plan.plan, ids, ts, session, environment), ts);
}

/**
 * Inputs that will never be beyond `ts`, since a source below them has failed for good, and their last times: what is an
 * error then stays one, and who waited for more would wait in vain.
 */
function endedInputs(ids: readonly string[], ts: Time, environment: Environment): (readonly [string, Time])[] {
  const { schema, sinces, statuses } = environment;
  const failed = [...statuses.fold.latest.values()].filter(
    ({ type, status }) => type === "source" && status === "failed",
  );
  if (failed.length === 0) return [];
  const sources = failed.map(({ id }) => id);
  const ended = new Set([...sources, ...schema.dependents(sources).map(({ id }) => id)]);
  return ids.flatMap((id) => {
    const shard = ended.has(id) ? schema.get(id)?.shard?.shard : undefined;
    const upper = shard === undefined ? null : (sinces.boundsOf(shard)?.upper ?? null);
    return upper === null || upper > ts || upper <= sinces.sinceOf([id]) ? [] : [[id, upper - 1] as const];
  });
}

async function readTime(plan: SelectPlan, ids: readonly string[], environment: Environment): Promise<Time> {
  const { oracle, sinces, commits, policies } = environment;
  commits.refresh();
  const [applied] = await Promise.all([
    plan.asOf === undefined ? oracle.read() : null,
    confirmLeadership(environment, "data"),
  ]);
  const since = sinces.sinceOf(ids);
  if (applied === null) {
    const asOf = plan.asOf!;
    if (asOf >= since) return asOf;
    throw new SqlError(sqlStates.badValue, `time ${asOf} cannot be read any more`, {
      detail: `What the query reads goes back to ${since}.`,
      position: plan.places?.asOf,
    });
  }
  const ts = policies.readTime(applied, since);
  // Nobody may read before it on another way, once this was answered.
  if (ts > applied) await commits.reached(ts);
  return ts;
}

async function peek(
  plan: Plan,
  ids: readonly string[],
  ts: Time,
  session: Session,
  environment: Environment,
): Promise<PeekOutcome> {
  const { deadlines, sinces, schema, ports, reads } = environment;
  // It was there when the statement was planned; a DROP may have come since then.
  if (ids.some((id) => schema.get(id) === undefined)) {
    throw lost("relation-dropped");
  }
  const { id: cluster, controller } = queryCluster(session, environment);
  const uuid = `${ports.host.process}/${ports.host.random(0x1_0000_0000)}/${ts}`;
  const sources = ids.map((id) => collectionOf(schema, id));
  const release = sinces.holdPeek(uuid, ids, ts);
  const undo = [release];
  const outcome = await new Promise<PeekOutcome | ReadLoss | "late" | "gone">((resolve) => {
    undo.push(deadlines.after(readTimeout, () => resolve("late")));
    undo.push(reads.add({ cluster, ids, lose: resolve }));
    session.onGone(() => resolve("gone"));
    void controller.peek({ uuid, plan, sources, asOf: ts }).then(resolve);
  });
  for (const step of undo) step();
  if (typeof outcome !== "string") return outcome;
  controller.cancelPeek(uuid);
  if (outcome === "gone") throw new SqlError("57014", "the session ended");
  if (outcome !== "late") throw lost(outcome);
  throw new SqlError("57014", `canceling statement: nothing could be read at ${ts} within ${readTimeout / 1_000} s`, {
    hint: waitingFor(ids, ts, environment),
  });
}

function lost(loss: ReadLoss): SqlError {
  return loss === "relation-dropped"
    ? new SqlError("42P01", "a relation that the query reads was dropped while it ran")
    : new SqlError("42704", "the cluster that the query ran on was dropped");
}

/** The session's cluster with its controller. 42704 when that is gone, 55000 when there is no replica in it. */
function queryCluster(
  { variables }: Session,
  { catalog, clusters }: Environment,
): { readonly id: string; readonly controller: ClusterController } {
  const lookup = clusterLookup(catalog.contents);
  const { id, name, replicas } = clusterNamed(lookup, { text: variables.cluster });
  const controller = clusters.of(id);
  if (controller !== undefined && replicas.length > 0) return { id, controller };
  throw new SqlError("55000", `cluster "${name}" has no replica that could read`, {
    hint: "Give it one with CREATE CLUSTER REPLICA or ALTER CLUSTER, or SET cluster to another.",
  });
}

/** What a read at `ts` waits for, as far as is known. */
function waitingFor(ids: readonly string[], ts: Time, { schema, sinces, statuses }: Environment): string {
  const behind = ids.flatMap((id) => {
    const item = schema.get(id);
    const upper = item?.shard === null ? null : sinces.boundsOf(item?.shard?.shard ?? id)?.upper;
    if (item === undefined || upper === null || (upper !== undefined && upper > ts)) return [];
    const status = statuses.fold.latest.get(id);
    return [`"${item.name}" has data below ${upper ?? 0}${status === undefined ? "" : ` and is ${status.status}`}`];
  });
  return behind.length === 0 ? "The inputs are complete: check that the replica runs." : `${behind.join("; ")}.`;
}

function answer(plan: SelectPlan, outcome: PeekOutcome, ts: Time | null): Answer {
  if (!outcome.ok) throw smallest(outcome.errors, plan);
  const rows = orderRows(outcome.rows, plan.orderBy, plan.limit);
  return { tag: `SELECT ${rows.length}`, columns: plan.columns.map(({ name }) => name), rows, ts };
}

/** Of several errors the same one always, with its place in the query where that is known. */
function smallest(errors: readonly Entry[], { places }: SelectPlan): SqlError {
  const sorted = (errors as readonly ErrorValue[]).toSorted((a, b) => (key(a) < key(b) ? -1 : 1));
  const { code, message } = sorted[0]!;
  return new SqlError(code, message, { position: places?.failures[code] });
}

function key({ code, message, identity }: ErrorValue): string {
  return `${code} ${message} ${identity}`;
}
