/** What a streaming world is made of, and the names of its hosts: faults and scenarios name them, so they are fixed. */
import type { MeshAddress } from "../engine/mesh/mesh.ts";

export interface Topology {
  /** Deploy generations that the orchestrator starts in the course of a run; the first one at its beginning. */
  readonly generations: number;
  /** Processes of a replica. */
  readonly processes: number;
  readonly workersPerProcess: number;
  readonly brokers: number;
}

export const defaultTopology: Topology = { generations: 1, processes: 3, workersPerProcess: 2, brokers: 3 };

export const objectStoreHost = "s3";
export const postgresHost = "postgres";
/** Where upstream applications and clients of the database are; no fault of a process touches them. */
export const upstreamHost = "upstream";

const meshPort = 2102;
export const controlPort = 2101;
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

/** Hosts of the replica of a generation, in order of their index: `clusterd-0` …, from the second one on `clusterd-g2-0` …. */
export function replicaHosts(
  { processes = defaultTopology.processes }: Partial<Topology> = {},
  generation = 1,
): string[] {
  const prefix = generation === 1 ? "clusterd" : `clusterd-g${generation}`;
  return Array.from({ length: processes }, (_, index) => `${prefix}-${index}`);
}

/** Addresses of the mesh of a generation's replica. */
export function meshAddresses(topology: Topology, generation: number): MeshAddress[] {
  return replicaHosts(topology, generation).map((host) => ({ host, port: meshPort }));
}
