/** The machines of replicas: each process of a service on a host of its own, started again whenever it ends. */
import type { Duration } from "../base/time.ts";
import type { EnginePolicies } from "../engine/policies.ts";
import type { Host } from "../ports/host.ts";
import type { ReplicaService } from "../ports/orchestrator.ts";
import type { World } from "../ports/world.ts";
import type { Fleet } from "../sim/orchestrator/server.ts";
import { clusterd } from "../engine/clusterd.ts";
import { startIngestion } from "../engine/connectors/ingestion/start-ingestion.ts";
import { startSink } from "../engine/connectors/sink/start-sink.ts";
import { formMesh } from "../engine/mesh/form-mesh.ts";
import { persistClient } from "../engine/persist/client.ts";
import { decodeValue } from "../engine/sql/decode.ts";
import { controlPort, serviceHost } from "../sim/orchestrator/places.ts";
import { enginePorts } from "./engine-ports.ts";
import { serviceMesh } from "./topology.ts";

/** Waits before a process is started again: the first one, doubled for deaths in a row up to the longest. */
export interface Restarts {
  readonly first: Duration;
  readonly max: Duration;
}

/** What the processes of replicas are made of. */
export interface FleetOptions {
  readonly world: World;
  readonly policies: EnginePolicies;
  /** Of the processes on a host. */
  readonly restartsOf: (host: string) => Restarts;
}

/** Nothing runs before it is started. */
export function replicaFleet(options: FleetOptions): Fleet {
  const { world, restartsOf } = options;
  return {
    start: (service, index, life, watch) => {
      const name = serviceHost(service.name, index);
      const { first, max } = restartsOf(name);
      const program = (host: Host): Promise<void> => {
        watch.began(host);
        return replicaProcess(host, options, service, index);
      };
      world.host(name).start(program, {
        // One that had this name before has left, and is still known to the machine.
        name: life === 1 ? name : `${name}.${life}`,
        restart: "always",
        onEnd: (end) => watch.ended(end),
        backoff: first,
        backoffMax: max,
        ambient: "ports",
      });
    },
    retire: (service, index) => world.host(serviceHost(service.name, index)).retire(),
  };
}

function replicaProcess(host: Host, { policies }: FleetOptions, service: ReplicaService, index: number): Promise<void> {
  const ports = enginePorts(host);
  return clusterd({
    ports,
    policies,
    replica: service.name,
    index,
    addresses: serviceMesh(service),
    workersPerProcess: service.workers,
    controlPort,
    persist: persistClient({ ports, policies: policies.persist }),
    formMesh,
    startIngestion: (object, context) => startIngestion(object, context, decodeValue),
    startSink,
  });
}
