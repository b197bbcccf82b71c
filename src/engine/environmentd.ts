/** The environment: opens the catalog, takes the engine over, and serves sessions until it is replaced. */
import type { EnginePorts } from "../ports/engine-ports.ts";
import type { Orchestrator } from "../ports/orchestrator.ts";
import type { ReplicaSize } from "./catalog/entry.ts";
import type { CatalogPolicies } from "./catalog/policies.ts";
import type { PersistClient } from "./persist/persist.ts";
import type { CreateController } from "./coordinator/cluster.ts";
import type { CoordinatorPolicies } from "./coordinator/policies.ts";
import type { SqlPolicies } from "./sql/policies.ts";
import { openCatalog } from "./catalog/catalog.ts";
import { boot } from "./coordinator/boot.ts";
import { confirmLeadership, type Environment } from "./coordinator/environment.ts";
import { ending, reasonOf } from "./coordinator/fate.ts";
import { catalogShard } from "./coordinator/objects/sinces.ts";
import { serveSessions } from "./coordinator/sessions/session-server.ts";
import { purify } from "./sql/purify.ts";
import { SqlError } from "./sql/sql-error.ts";

export interface EnvironmentdOptions {
  readonly ports: EnginePorts;
  readonly policies: {
    readonly catalog: CatalogPolicies;
    readonly coordinator: CoordinatorPolicies;
    readonly sql: SqlPolicies;
  };
  /** Deploy generation: a higher one replaces lower ones for good. */
  readonly generation: number;
  /** Content version of the catalog that this binary knows; the present one unless given. */
  readonly version?: number;
  readonly persist: PersistClient;
  readonly createController: CreateController;
  /** Runs the replicas of the catalog. */
  readonly orchestrator: Orchestrator;
  /** Size of the replica that a new catalog has; three processes of two workers unless given. */
  readonly replicaSize?: ReplicaSize;
}

/** How often sinces are looked at. */
const compactionPeriod = "5s";

/** What a CREATE may take to look at the outside. */
const purificationDeadline = "10s";

/**
 * The program of an environment. Resolves when it serves; it then goes on until the process ends, on purpose only for a
 * reason of `engineReasons`.
 */
export async function environmentd(options: EnvironmentdOptions): Promise<void> {
  const { ports, policies, generation, persist, createController, orchestrator } = options;
  const { host } = ports;
  let token = { generation, epoch: 0 };
  const end = ending({ host, token: () => token, policies: policies.coordinator });
  host.onStop(() => end("stopped"));
  host.emit("env.started", { generation });
  const opening = await openCatalog({
    shard: persist.shard(catalogShard),
    generation,
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(options.replicaSize === undefined ? {} : { replicaSize: options.replicaSize }),
    policies: policies.catalog,
    emit: (kind, data) => host.emit(kind, data),
  });
  if (!opening.ok) return end(reasonOf(opening.refusal));
  const { catalog } = opening;
  token = { ...catalog.token };
  const parts = { ports, policies: policies.coordinator, persist, catalog, createController, orchestrator, end };
  const environment = await boot(parts);
  const limits = { deadline: purificationDeadline, sleep: host.sleep.bind(host) } as const;
  await serveSessions(environment, (plan) => purify(plan, (brokers) => ports.kafka(brokers), limits, policies.sql));
  host.emit("env.leading", { ...token });
  void compact(environment);
}

/** Lets go of the past while this process leads and time goes on. */
async function compact(environment: Environment): Promise<void> {
  const { ports, oracle, sinces } = environment;
  let last = 0;
  for (;;) {
    await ports.host.sleep(compactionPeriod);
    const { applied } = oracle;
    if (applied === last) continue;
    last = applied;
    try {
      await confirmLeadership(environment, "data");
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      continue;
    }
    await sinces.compact(applied);
  }
}
