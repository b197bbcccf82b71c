/**
 * What the contract of Kafka needs to be tested: a cluster, in whatever shape. Cases use nothing else, so that a real
 * cluster can stand where the simulated one does.
 */
import type { Duration } from "../../../src/base/time.ts";
import type { KafkaRpc } from "../../../src/ports/kafka-rpc.ts";
import type { KafkaClient } from "../../../src/ports/kafka.ts";

/** A cluster of at least two brokers while one case runs. */
export interface KafkaSession {
  /** Addresses of all brokers. */
  readonly brokers: readonly string[];
  readonly rpc: KafkaRpc;
  /** A client with nothing in its caches; over `rpc` unless given another. */
  client(rpc?: KafkaRpc): KafkaClient;
  /** A name for a topic or a transactional id that nobody has used. */
  unique(stem: string): string;
  sleep(duration: Duration): Promise<void>;
  /** Microseconds since some moment. */
  clock(): number;
  /** Makes other brokers lead what this one leads, cleanly. */
  moveLeaders(broker: string): Promise<void>;
  /** All but the leader are out of the partition's in-sync replicas, until what is returned is called. */
  loseReplicas(leader: string): Promise<() => Promise<void>>;
  /** Makes other brokers coordinate transactions, which they have to load first. */
  moveCoordinators(): Promise<void>;
}

export interface KafkaBackend {
  /** Runs one case; rejects when it does. */
  run(use: (session: KafkaSession) => Promise<void>): Promise<void>;
}

/** One case of the contract. */
export interface KafkaCase {
  /** A sentence about behaviour. */
  readonly title: string;
  /** Numbers of the statements that it shows. */
  readonly statements: readonly number[];
  readonly run: () => Promise<void>;
}

/** What a file of cases lists, before a backend is known. */
export type KafkaCaseRow = readonly [
  statements: readonly number[],
  title: string,
  run: (session: KafkaSession) => Promise<void>,
];
