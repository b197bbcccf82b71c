/**
 * The controllers of all clusters, one each, kept as the catalog says: what is there to be done after a change is the
 * difference between the two, so nothing is forgotten and nothing is done twice.
 */
import type { Cluster } from "../../catalog/clusters.ts";
import type { RenderedObject } from "../../compute/protocol.ts";
import type { ClusterController } from "../cluster.ts";

export interface ClusterSetOptions {
  readonly generation: number;
  /** What the catalog says now. */
  readonly clusters: () => readonly Cluster[];
  /** A controller for a cluster, by id, which has no replicas yet. */
  readonly createController: (cluster: string) => ClusterController;
  /** A replica is gone for good: nobody waits for it any more. */
  readonly onGone: (service: string) => void;
  /** `host:port` where process 0 of a service takes controllers. */
  readonly controlAddress: (service: string) => string;
}

interface Controlled {
  readonly controller: ClusterController;
  /** Names of its replicas' services. */
  replicas: readonly string[];
}

/** Name of the service that a replica is for one generation. */
export function serviceName(generation: number, replica: string): string {
  return `g${generation}-${replica}`;
}

export class ClusterSet {
  readonly #options: ClusterSetOptions;
  /** By id, in order of the ids. */
  readonly #controlled = new Map<string, Controlled>();
  #isComplete = false;

  constructor(options: ClusterSetOptions) {
    this.#options = options;
    this.converge();
  }

  /** Makes controllers and their replicas what the catalog says. Returns at once. */
  converge(): void {
    const { clusters, generation, createController, controlAddress } = this.#options;
    const wanted = new Map(clusters().map((cluster) => [cluster.id, cluster]));
    for (const [id, controlled] of this.#controlled) {
      if (wanted.has(id)) continue;
      this.#controlled.delete(id);
      for (const name of controlled.replicas) this.#drop(controlled.controller, name);
    }
    for (const [id, cluster] of wanted) {
      let controlled = this.#controlled.get(id);
      if (controlled === undefined) {
        controlled = { controller: createController(id), replicas: [] };
        this.#controlled.set(id, controlled);
        if (this.#isComplete) controlled.controller.initializationComplete();
      }
      const { controller, replicas } = controlled;
      const names = cluster.replicas.map((replica) => serviceName(generation, replica.id));
      for (const name of replicas) if (!names.includes(name)) this.#drop(controller, name);
      for (const name of names) {
        if (!replicas.includes(name)) controller.addReplica({ name, address: controlAddress(name) });
      }
      controlled.replicas = names;
    }
  }

  #drop(controller: ClusterController, name: string): void {
    controller.dropReplica(name);
    this.#options.onGone(name);
  }

  /** All objects of the catalog have been mentioned: replicas may drop what they have not heard of. Called once. */
  initializationComplete(): void {
    this.#isComplete = true;
    for (const { controller } of this.#controlled.values()) controller.initializationComplete();
  }

  /** The controller of a cluster, undefined when it is gone. */
  of(cluster: string): ClusterController | undefined {
    return this.#controlled.get(cluster)?.controller;
  }

  /** Hands an object to its cluster; one that is gone needs none. */
  create(cluster: string, object: RenderedObject): void {
    this.of(cluster)?.create(object);
  }

  /** Takes an object away wherever it runs. */
  drop(id: string): void {
    for (const { controller } of this.#controlled.values()) controller.drop(id);
  }
}
