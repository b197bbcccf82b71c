/** Puts together what an environment has to do with replicas: controllers, services, and what is known of them. */
import type { EnginePorts } from "../../../ports/engine-ports.ts";
import type { Orchestrator } from "../../../ports/orchestrator.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { ClusterListener, CreateController } from "../cluster.ts";
import type { Sinces } from "../objects/sinces.ts";
import { clustersOf, replicasOf } from "../../catalog/clusters.ts";
import { confirmLeadership, type Environment } from "../environment.ts";
import { clusterListener } from "../listening.ts";
import { ClusterSet } from "./cluster-set.ts";
import { ReplicaBook } from "./replica-book.ts";
import type { ReplicaLog } from "./replica-log.ts";
import { Services } from "./services.ts";

interface ControlOptions {
  readonly ports: EnginePorts;
  readonly catalog: Catalog;
  readonly createController: CreateController;
  readonly orchestrator: Orchestrator;
}

interface ControlParts {
  readonly sinces: Sinces;
  readonly log: ReplicaLog;
  /** Asked for when something is heard, which is after it is complete. */
  readonly environment: () => Environment;
}

/** Begins to connect to replicas and to look after their services, at once and without waiting for any. */
export function controlReplicas(
  { ports, catalog, createController, orchestrator }: ControlOptions,
  { sinces, log, environment }: ControlParts,
): Pick<Environment, "clusters" | "services" | "replicas"> {
  const { generation } = catalog.token;
  const replicas = new ReplicaBook(log);
  const services: Services = new Services({
    host: ports.host,
    orchestrator,
    generation,
    replicas: () => replicasOf(catalog.contents),
    confirm: () => confirmLeadership(environment(), "data"),
    onStates: (states) => replicas.listed(states, (service) => service.slice(`g${generation}-`.length)),
  });
  const heard = clusterListener(environment);
  const listener: ClusterListener = {
    ...heard,
    onReplica(service, state, reason) {
      replicas.heard(service, state === "online", reason);
      // Why it left is the orchestrator's to say.
      services.changed();
    },
    onReplicaFrontier(service, id, incarnation, upper) {
      heard.onReplicaFrontier?.(service, id, incarnation, upper);
      replicas.reached(service, id, incarnation, upper);
    },
  };
  const clusters = new ClusterSet({
    generation,
    clusters: () => clustersOf(catalog.contents),
    createController: (cluster) => createController({ ports, owner: catalog.token, listener, cluster }),
    controlAddress: (service) => orchestrator.controlAddress(service),
    onGone: (service) => {
      sinces.replicaGone(service);
      replicas.gone(service);
    },
  });
  return { clusters, services, replicas };
}
