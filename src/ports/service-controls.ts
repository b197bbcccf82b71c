/**
 * What faults may turn at the simulated services. The world provides them by name (`World.provide`), faults ask for them
 * (`FaultWorld.provided`). What lasts returns `heal`; every call may be made at any time and never throws.
 */
import type { Micros } from "../base/time.ts";
import type { Heal } from "./controls.ts";

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
}

export interface ObjectStoreControls {
  /** One request in `oneIn` fails with the code (`InternalError`, `ServiceUnavailable`, `SlowDown`), before or after its effect as the choice falls. Witness `s3.failed`. */
  fail(code: string, oneIn: number): Heal;
  /** The answer to one request in `oneIn` is lost after its effect: the connection breaks. Witness `s3.answer-lost`. */
  loseAnswers(oneIn: number): Heal;
}

export interface PostgresControls {
  /** New sessions are refused with 57P03 and existing ones ended with 57P01. Witness `postgres.refused`. */
  outage(): Heal;
  /** The answer to one statement in `oneIn` is lost after its effect: the session breaks. Witness `postgres.answer-lost`. */
  loseAnswers(oneIn: number): Heal;
  /** Crash and recovery: committed data stays, sessions end, connections are refused with 57P03 for `startup`. Witness `postgres.restarted`. */
  restart(startup: Micros): void;
  /** At most so many sessions at once, 53300 above. Witness `postgres.connections-exhausted`. */
  limitConnections(limit: number): Heal;
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
}
