/**
 * The orchestrator: starts environments and replicas, starts them again by the reason for which they ended, and reaps a
 * generation that was fenced out by a newer one. Waits between restarts grow exponentially, for each process by itself.
 */
import type { Host } from "../ports/host.ts";
import type { Duration } from "../base/time.ts";
import type { ProcessEnd, World } from "../ports/world.ts";
import type { EnginePolicies } from "../engine/policies.ts";
import type { Topology } from "./topology.ts";
import { clusterd } from "../engine/clusterd.ts";
import { clusterController } from "../engine/compute/controller.ts";
import { startIngestion } from "../engine/connectors/ingestion/start-ingestion.ts";
import { startSink } from "../engine/connectors/sink/start-sink.ts";
import { engineReasons } from "../engine/coordinator/fate.ts";
import { environmentd } from "../engine/environmentd.ts";
import { formMesh } from "../engine/mesh/form-mesh.ts";
import { persistClient } from "../engine/persist/client.ts";
import { decodeValue } from "../engine/sql/decode.ts";
import { enginePorts } from "./engine-ports.ts";
import { controlPort, environmentHost, meshAddresses, replicaHosts } from "./topology.ts";

export interface Restarts {
  readonly first: Duration;
  readonly max: Duration;
}

export interface OrchestratorOptions {
  readonly world: World;
  readonly topology: Topology;
  readonly policies: EnginePolicies;
  /** Waits before a process is started again. */
  readonly restarts: Restarts;
}

/** Starts the environment and the replica of a generation. */
export function deploy(options: OrchestratorOptions, generation: number): void {
  const { world, topology, restarts } = options;
  const supervision = { backoff: restarts.first, backoffMax: restarts.max, ambient: "ports" } as const;
  const addresses = meshAddresses(topology, generation);
  for (const [index, { host }] of addresses.entries()) {
    world
      .host(host)
      .start((port) => replicaProcess(port, options, generation, index), { ...supervision, restart: "always" });
  }
  world
    .host(environmentHost(generation))
    .start((port) => environmentProcess(port, options, generation), { ...supervision, restart: isRestarted });
}

/** Removes what a generation left running, once its environment has left for good. Resolves then. */
export async function reap({ world, topology }: OrchestratorOptions, generation: number): Promise<void> {
  const environment = world.host(environmentHost(generation));
  await world.until(() => environment.hasLeft(), { every: "1s" });
  for (const host of replicaHosts(topology, generation)) world.host(host).retire();
}

/** Whether an environment that ended so is started again: the reason decides, not the exit code. */
export function isRestarted({ kind, reason }: ProcessEnd): boolean {
  if (kind === "killed" || kind === "panic" || !Object.hasOwn(engineReasons, reason)) return true;
  return engineReasons[reason as keyof typeof engineReasons].isRestarted;
}

function replicaProcess(
  host: Host,
  { topology, policies }: OrchestratorOptions,
  generation: number,
  index: number,
): Promise<void> {
  const ports = enginePorts(host);
  return clusterd({
    ports,
    policies,
    replica: `r${generation}`,
    index,
    addresses: meshAddresses(topology, generation),
    workersPerProcess: topology.workersPerProcess,
    controlPort,
    persist: persistClient({ ports, policies: policies.persist }),
    formMesh,
    startIngestion: (object, context) => startIngestion(object, context, decodeValue),
    startSink,
  });
}

function environmentProcess(
  host: Host,
  { topology, policies }: OrchestratorOptions,
  generation: number,
): Promise<void> {
  const ports = enginePorts(host);
  const [first] = replicaHosts(topology, generation);
  return environmentd({
    ports,
    policies,
    generation,
    persist: persistClient({ ports, policies: policies.persist }),
    createController: clusterController([{ name: `r${generation}`, address: `${first}:${controlPort}` }]),
  });
}
