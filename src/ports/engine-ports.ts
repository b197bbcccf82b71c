/** All that a process of the engine has of the outside world. Everything is bound to one incarnation and dead with it. */
import type { Host } from "./host.ts";
import type { KafkaClient } from "./kafka.ts";
import type { ObjectStore } from "./object-store.ts";
import type { Postgres } from "./postgres.ts";

export interface EnginePorts {
  readonly host: Host;
  /** A client for the cluster at these addresses (`host:port`). Opens no connection by itself. */
  kafka(brokers: readonly string[]): KafkaClient;
  readonly objects: ObjectStore;
  readonly postgres: Postgres;
}
