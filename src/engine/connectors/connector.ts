/** What runs a connector, and what it is given. One connector runs in one process of the replica, chosen by its id. */
import type { Frontier, Time } from "../collection.ts";
import type { HealthUpdate, IngestionObject, SinkObject } from "../compute/protocol.ts";
import type { Owner, PersistClient } from "../persist/persist.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { ConnectorPolicies } from "./policies.ts";

export interface ConnectorContext {
  readonly ports: EnginePorts;
  readonly persist: PersistClient;
  readonly policies: ConnectorPolicies;
  /** The environment that this replica obeys now: a newer one may take it over while the connector runs. */
  readonly owner: Owner;
  readonly report: (update: HealthUpdate) => void;
  /** The upper of its shard moved. */
  readonly advanced: (id: string, incarnation: number, upper: Frontier) => void;
}

export interface RunningConnector {
  /** Dropped or replaced: no effect of it becomes visible any more, as far as it can help it. */
  stop(): void;
  /** Somebody reads at `time`: a source that has nothing new says so no later than that time has come. */
  readonly wanted?: (time: Time) => void;
}

/** Starts at once, returns at once, never throws and never rejects: all that goes wrong is retried and reported. */
export type StartIngestion = (object: IngestionObject, context: ConnectorContext) => RunningConnector;
export type StartSink = (object: SinkObject, context: ConnectorContext) => RunningConnector;
