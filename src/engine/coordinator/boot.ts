/**
 * From an open catalog to an environment that serves. Nothing in here waits for anything but what is durable: objects
 * whose outside is broken are handed to the replicas like all others.
 */
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { Catalog } from "../catalog/catalog.ts";
import type { RenderedObject } from "../compute/protocol.ts";
import type { PersistClient } from "../persist/persist.ts";
import type { Orchestrator } from "../../ports/orchestrator.ts";
import type { CreateController } from "./cluster.ts";
import type { Environment } from "./environment.ts";
import type { CoordinatorPolicies } from "./policies.ts";
import { Lane } from "../catalog/lane.ts";
import { compareTokens, type Token } from "../catalog/token.ts";
import { tablesShard } from "../catalog/transaction.ts";
import type { End } from "./fate.ts";
import type { TableRow } from "./health/row-log.ts";
import { restoreLogs, systemLogs } from "./system/logs.ts";
import { controlReplicas } from "./replicas/control-replicas.ts";
import { beginObject, learnShard } from "./objects/installing.ts";
import { replayItems } from "./objects/schema.ts";
import { catalogShard, Sinces } from "./objects/sinces.ts";
import { RunningReads } from "./sessions/running-reads.ts";
import { Deadlines } from "./time/deadlines.ts";
import { GroupCommit } from "./time/group-commit.ts";
import { TimestampOracle } from "./time/oracle.ts";

export interface BootOptions {
  readonly ports: EnginePorts;
  readonly policies: CoordinatorPolicies;
  readonly persist: PersistClient;
  readonly catalog: Catalog;
  readonly createController: CreateController;
  readonly orchestrator: Orchestrator;
  readonly end: End;
}

/** Makes the environment complete, all objects handed to the replicas; only sessions are missing. */
export async function boot(options: BootOptions): Promise<Environment> {
  const { ports, policies, persist, catalog, end } = options;
  const { host } = ports;
  const schema = replayItems(catalog.contents);
  const sinces = new Sinces({ persist, schema, catalog, policies });
  const oracle = new TimestampOracle(ports, catalog.token);
  const logs = systemLogs(host, () => commits.soon());
  const { statuses } = logs;
  const writes = new Lane();
  const tables = persist.shard<TableRow>(tablesShard);
  const commits: GroupCommit = new GroupCommit({
    host,
    catalog,
    oracle,
    tables,
    logs: [statuses, logs.replicas],
    policies,
    writes,
    exists: (table) => schema.get(table) !== undefined,
    end,
    onUpper: (upper) => sinces.moved(tablesShard, upper),
  });
  const installing = { persist, schema, sinces, catalog, end };
  await oracle.begin();
  const learning = schema.all().map((item) => learnShard(installing, item));
  await Promise.all([takeOver(persist, catalog.token, end), learnTables(sinces, end), ...learning]);
  // As of a time at which nobody before us can write any more.
  restoreLogs(logs, await tables.snapshot(await commits.start()));

  let environment: Environment | null = null;
  const controlled = controlReplicas(options, { sinces, log: logs.replicas, environment: () => environment! });
  const parts = { ports, policies, persist, catalog, oracle, schema, sinces, statuses, commits, writes, end };
  environment = { ...parts, ...controlled, deadlines: new Deadlines(host), reads: new RunningReads() };
  dropForgotten(environment);
  await handOver(environment);
  return environment;
}

/** The catalog's own shard is ours as well: a predecessor compacts it no further. */
async function takeOver(persist: PersistClient, token: Token, end: End): Promise<void> {
  const owner = await persist.shard(catalogShard).acquire(token);
  if (compareTokens(owner, token) > 0) await end("owner-fenced");
}

async function learnTables(sinces: Sinces, end: End): Promise<void> {
  if ((await sinces.learn(tablesShard)) === "fenced") await end("owner-fenced");
}

/** Objects that were dropped, and the process died before their last status was written. */
function dropForgotten({ schema, statuses, ports, commits }: Environment): void {
  for (const { id, type, incarnation, status } of statuses.fold.latest.values()) {
    if (status === "dropped" || schema.get(id) !== undefined) continue;
    statuses.drop(id, type, incarnation, Math.floor(ports.host.clock.wall() / 1_000));
  }
  if (statuses.isWaiting) commits.soon();
}

/** Hands all objects to the replicas, which may then drop all others. */
async function handOver(environment: Environment): Promise<void> {
  const { schema, policies, ports, clusters } = environment;
  const objects: (readonly [cluster: string, object: RenderedObject])[] = [];
  for (const item of schema.all()) {
    const { plan } = item;
    if (plan.kind === "create-source" || plan.kind === "create-sink") await policies.contactAtBoot(ports, plan.brokers);
    const object = await beginObject(environment, item);
    if (object !== null) objects.push([item.cluster!, object]);
  }
  const first = policies.mentionedFirst(objects.map(([, object]) => object));
  for (const [cluster, object] of objects) if (first.includes(object)) clusters.create(cluster, object);
  clusters.initializationComplete();
  for (const [cluster, object] of objects) if (!first.includes(object)) clusters.create(cluster, object);
}
