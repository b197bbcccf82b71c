/** What a streaming world is made of, and the names of its hosts: faults and scenarios name them, so they are fixed. */
import type { MeshAddress } from "../engine/mesh/mesh.ts";
import type { ReplicaService } from "../ports/orchestrator.ts";
import { serviceHosts } from "../sim/orchestrator/places.ts";

export interface Topology {
  /** Deploy generations that the orchestrator starts in the course of a run; the first one at its beginning. */
  readonly generations: number;
  /** Processes of the first replica of a generation, 1 to 16, and the workers of each, 1 to 4. */
  readonly processes: number;
  readonly workersPerProcess: number;
  readonly brokers: number;
}

export const defaultTopology: Topology = { generations: 1, processes: 3, workersPerProcess: 2, brokers: 3 };

export const objectStoreHost = "s3";
export const postgresHost = "postgres";
export const orchestratorHost = "orchestrator";
/** Where upstream applications and clients of the database are; no fault of a process touches them. */
export const upstreamHost = "upstream";

const meshPort = 2102;
export const sessionPort = 6875;

/** Hosts of the brokers, `broker-1` …. */
export function brokerHosts({ brokers = defaultTopology.brokers }: Partial<Topology> = {}): string[] {
  return Array.from({ length: brokers }, (_, index) => `broker-${index + 1}`);
}

/** Addresses for `CREATE CONNECTION`. */
export function brokerAddresses(topology: Partial<Topology> = {}): string[] {
  return brokerHosts(topology).map((host) => `${host}:9092`);
}

/** Host of the environment of a generation, from 1. */
export function environmentHost(generation: number): string {
  return `env-${generation}`;
}

/** The replica that a generation begins with. */
export function defaultService(
  {
    processes = defaultTopology.processes,
    workersPerProcess = defaultTopology.workersPerProcess,
  }: Partial<Topology> = {},
  generation = 1,
): ReplicaService {
  return { name: `g${generation}-r1`, processes, workers: workersPerProcess };
}

/** Hosts of the first replica of a generation, in order of their index: `clusterd-0` …, from the second one on `clusterd-g2-0` …. */
export function replicaHosts(topology: Partial<Topology> = {}, generation = 1): string[] {
  return serviceHosts(defaultService(topology, generation));
}

/** Addresses of the mesh of a replica. */
export function serviceMesh(service: Pick<ReplicaService, "name" | "processes">): MeshAddress[] {
  return serviceHosts(service).map((host) => ({ host, port: meshPort }));
}
