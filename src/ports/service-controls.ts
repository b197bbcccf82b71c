/**
 * What faults may turn at the simulated services. The world provides them by name (`World.provide`), faults ask for them
 * (`FaultWorld.provided`). What lasts returns `heal`; every call may be made at any time and never throws.
 */
import type { Micros } from "../base/time.ts";
import type { Heal } from "./controls.ts";
import type { KafkaApi } from "./kafka-rpc.ts";

/**
 * When the connection is cut under a request's answer: `before` the request has any effect, `after` it without a byte of
 * the answer, in the `middle` of the answer, of which the client then has nothing to go by either.
 */
export type AnswerLoss = "before" | "after" | "middle";

/** A request to a broker, of a client or of another broker. */
export type BrokerApi = KafkaApi | "writeTxnMarkers";

/** What a broker under stress answers with, each to the requests that can meet it. */
export type BrokerError =
  /** To `produce`, before the append. */
  | "NOT_ENOUGH_REPLICAS"
  /** To `produce`, after the append. */
  | "NOT_ENOUGH_REPLICAS_AFTER_APPEND"
  /** To `produce`, `createTopic` and `deleteTopic`, before or after the effect. */
  | "REQUEST_TIMED_OUT"
  /** To requests for a coordinator, before or after the effect; also when it is looked up. */
  | "COORDINATOR_NOT_AVAILABLE"
  /** To `produce`, `fetch` and `listOffsets`, before the effect. */
  | "KAFKA_STORAGE_ERROR";

export interface KafkaControls {
  /** Host names of the brokers, in order. */
  readonly brokers: readonly string[];
  readonly topics: () => readonly string[];
  /** Every request to the broker takes `by` longer. Witness `kafka.slowed`. */
  slow(broker: string, by: Micros): Heal;
  /** Deletes a topic as an administrator would; false when there is none. Witness `kafka.topic-gone` when a client meets it. */
  deleteTopic(topic: string): boolean;
  /** Coordinators of all transactions move to the next broker; until loaded (`for`) they answer COORDINATOR_LOAD_IN_PROGRESS. Witness `kafka.coordinator-moved`. */
  moveCoordinators(loadingFor: Micros): void;
  /** Leaders of all partitions led by the broker move to the next live one. */
  moveLeaders(broker: string): void;
  /**
   * The answer to one request in `oneIn` is lost with its connection, and with all else that is under way on it. All kinds
   * of requests unless `api` names one; any moment, as the choice falls, unless `when` says which. Witness
   * `kafka.answer-lost`.
   */
  loseAnswers(oneIn: number, options?: { readonly api?: BrokerApi; readonly when?: AnswerLoss }): Heal;
  /** One request in `oneIn`, of those that can meet the code, is answered with it. Witness `kafka.failed`. */
  fail(code: BrokerError, oneIn: number): Heal;
  /** The broker's replicas fall behind: they are in no in-sync set, but where the broker leads. Nothing is lost. */
  lagReplicas(broker: string): Heal;
}

export interface ObjectStoreControls {
  /** One request in `oneIn` fails with the code (`InternalError`, `ServiceUnavailable`, `SlowDown`), before or after its effect as the choice falls. Witness `s3.failed`. */
  fail(code: string, oneIn: number): Heal;
  /**
   * The answer to one request in `oneIn` is lost: the connection breaks, at the moment that `when` says; unless
   * given, after the effect, and in a get's answer in the middle of it as the choice falls. Witness `s3.answer-lost`.
   */
  loseAnswers(oneIn: number, when?: AnswerLoss): Heal;
}

export interface PostgresControls {
  /** New sessions are refused with 57P03 and existing ones ended with 57P01. Witness `postgres.refused`. */
  outage(): Heal;
  /**
   * The answer to one statement in `oneIn`, or to the opening of a session, is lost: the session breaks, at the moment
   * that `when` says (`after` unless given). In the middle, at least one row has gone out if there are any. Witness
   * `postgres.answer-lost`.
   */
  loseAnswers(oneIn: number, when?: AnswerLoss): Heal;
  /** Crash and recovery: committed data stays, sessions end, connections are refused with 57P03 for `startup`. Witness `postgres.restarted`. */
  restart(startup: Micros): void;
  /** At most so many sessions at once, 53300 above. Witness `postgres.connections-exhausted`. */
  limitConnections(limit: number): Heal;
}

/** The orchestrator of replicas. */
export interface OrchestratorControls {
  /** Name of the host that it is served on. */
  readonly host: string;
  /** The services that are declared, by name, with the hosts of their processes. */
  services(): readonly { readonly name: string; readonly hosts: readonly string[] }[];
  /** Every request takes `by` longer, before it has any effect. Witness `orchestrator.slowed`. */
  slow(by: Micros): Heal;
  /** The answer to one request in `oneIn` is lost with its connection, `after` its effect unless given. Witness `orchestrator.answer-lost`. */
  loseAnswers(oneIn: number, when?: AnswerLoss): Heal;
  /** Processes of the service that start from now on fail within some seconds, each time. Witness `replica.failed`. */
  failStarts(service: string): Heal;
}

export interface WriteControls {
  /** Calls `act` once, in the moment in which the `count`-th write of the host to consensus from now on is durable; the host has not heard of it yet. Healed before that, it is not called. */
  afterWrites(host: string, count: number, act: () => void): Heal;
}

/** Names under which the world provides them. */
export interface ServiceControls {
  readonly writes: WriteControls;
  readonly kafka: KafkaControls;
  readonly "object-store": ObjectStoreControls;
  readonly postgres: PostgresControls;
  readonly orchestrator: OrchestratorControls;
}
