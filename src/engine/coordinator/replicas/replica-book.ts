/**
 * What is known of replicas: which processes run, as the orchestrator says; whether a replica is heard of, and how far
 * it has come with each object, as its controller says. In memory; the history of processes goes to a log of its own.
 */
import type { Frontier, Time } from "../../collection.ts";
import type { ServiceState } from "../../../ports/orchestrator.ts";
import type { ReplicaLog, ReplicaStatusRow } from "./replica-log.ts";

/** What a process of a replica is doing. */
export interface ProcessStatus {
  readonly replica: string;
  readonly index: number;
  /** `online`: it works; `starting`: it runs, and its replica is not heard of; `offline`: it is to be started again. */
  readonly status: "online" | "starting" | "offline";
  /** Why it is not online, or what ended its last incarnation. */
  readonly reason: string | null;
  readonly at: Time;
}

interface Reach {
  readonly incarnation: number;
  readonly upper: Frontier;
}

interface Connection {
  readonly isOnline: boolean;
  readonly reason: string;
}

export class ReplicaBook {
  readonly #log: ReplicaLog;
  #services = new Map<string, ServiceState>();
  /** By name of the service. */
  readonly #connections = new Map<string, Connection>();
  readonly #reached = new Map<string, Map<string, Reach>>();

  constructor(log: ReplicaLog) {
    this.#log = log;
  }

  /** Durable rows about processes, in order. */
  get history(): readonly ReplicaStatusRow[] {
    return this.#log.history;
  }

  /** The orchestrator's services are these. `replicaOf`: id of the replica that a service is. */
  listed(services: readonly ServiceState[], replicaOf: (service: string) => string): void {
    this.#services = new Map(services.map((service) => [service.name, service]));
    for (const { name, states } of services) {
      for (const { index, state, reason, ends, since } of states) {
        const process = { service: name, replica: replicaOf(name), index };
        this.#log.seen({ ...process, isRunning: state === "running", reason, ends, at: since });
      }
    }
  }

  /** A replica came, or went. What it reported before does not count any more: of one that went, nothing is known. */
  heard(service: string, isOnline: boolean, reason: string): void {
    this.#connections.set(service, { isOnline, reason });
    this.#reached.delete(service);
  }

  /** A replica has come so far with an object. */
  reached(service: string, id: string, incarnation: number, upper: Frontier): void {
    let objects = this.#reached.get(service);
    if (objects === undefined) this.#reached.set(service, (objects = new Map()));
    objects.set(id, { incarnation, upper });
  }

  /** The replica is gone for good. */
  gone(service: string): void {
    this.#services.delete(service);
    this.#connections.delete(service);
    this.#reached.delete(service);
  }

  /** The object is gone. */
  forget(id: string): void {
    for (const objects of this.#reached.values()) objects.delete(id);
  }

  /** How far a replica has come with an object of this incarnation; undefined while it has not said. */
  reachedBy(service: string, id: string, incarnation: number): Frontier | undefined {
    const reach = this.#reached.get(service)?.get(id);
    return reach?.incarnation === incarnation ? reach.upper : undefined;
  }

  /** One entry for each process that the orchestrator told of. */
  processes(service: string, replica: string): readonly ProcessStatus[] {
    const connection = this.#connections.get(service);
    return (this.#services.get(service)?.states ?? []).map(({ index, state, reason, since: at }) => {
      if (state === "waiting") return { replica, index, status: "offline", reason: reason ?? "not started yet", at };
      if (connection?.isOnline === true) return { replica, index, status: "online", reason: null, at };
      return { replica, index, status: "starting", reason: connection?.reason ?? "not heard of yet", at };
    });
  }
}
