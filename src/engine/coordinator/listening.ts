/** What replicas report, and what comes of it. Nothing that they say late, or of what is gone, does any harm. */
import type { Json } from "../../base/json.ts";
import type { Frontier } from "../collection.ts";
import type { HealthUpdate, RenderedObject } from "../compute/protocol.ts";
import type { ClusterListener } from "./cluster.ts";
import type { Item } from "./objects/item.ts";
import { SqlError } from "../sql/sql-error.ts";
import { confirmLeadership, type Environment } from "./environment.ts";

/** The listener of an environment. `environment` is asked for when something is heard, which is after it is complete. */
export function clusterListener(environment: () => Environment): ClusterListener {
  return {
    onFrontier(id, incarnation, upper) {
      const { sinces, policies } = environment();
      const item = known(environment(), id, incarnation);
      if (item === undefined) return;
      if (policies.finishes(upper)) void seal(environment(), item);
      if (item.shard !== null && item.shard.table === null) sinces.moved(item.shard.shard, upper);
    },
    onReplicaFrontier(replica, id, incarnation) {
      const item = known(environment(), id, incarnation);
      if (item !== undefined) environment().sinces.reported(item, replica);
    },
    onStatus(update) {
      heard(environment(), update);
    },
    onFenced() {
      void fenced(environment());
    },
    atReplay(object, replica) {
      return present(environment(), object, replica);
    },
  };
}

/** The object of a report, undefined when it is gone or is another incarnation by now. */
function known({ schema, policies, ports }: Environment, id: string, incarnation: number): Item | undefined {
  const item = schema.get(id);
  if (item === undefined && policies.unknownReport(id) === "halt") ports.host.exit(134, "unknown-collection");
  return item !== undefined && policies.isCurrent(incarnation, item.incarnation) ? item : undefined;
}

function heard(environment: Environment, update: HealthUpdate): void {
  const item = known(environment, update.id, update.incarnation);
  if (item?.kind !== "source" && item?.kind !== "sink") return;
  environment.statuses.add(update, item.kind);
  if (environment.statuses.isWaiting) environment.commits.soon();
}

function present({ schema, sinces }: Environment, object: RenderedObject, replica: string): RenderedObject {
  const item = schema.get(object.id);
  return item === undefined || object.kind === "ingestion" ? object : { ...object, asOf: sinces.begin(item, replica) };
}

/** An object whose output is finished: its shard says so, for readers that have no replica to ask. */
async function seal({ persist }: Environment, item: Item): Promise<void> {
  if (item.shard === null || item.shard.table !== null) return;
  const shard = persist.shard<Json>(item.shard.shard);
  let upper: Frontier = (await shard.bounds()).upper;
  while (upper !== null) {
    const appended = await shard.compareAndAppend([], upper, null);
    upper = appended.ok ? null : appended.upper;
  }
}

/** A replica knows a newer owner: the catalog says which, unless something is wrong with us. */
async function fenced(environment: Environment): Promise<void> {
  try {
    await confirmLeadership(environment, "data");
    await environment.end("owner-fenced");
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
  }
}
