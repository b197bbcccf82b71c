/**
 * Deployments of generations: an environment under supervision, its first replica declared with the orchestrator, which
 * runs all others that the environment asks for; and what is left of a generation that was fenced out by a newer one
 * is reaped.
 */
import type { EnginePolicies } from "../engine/policies.ts";
import type { Host } from "../ports/host.ts";
import type { ProcessEnd, World } from "../ports/world.ts";
import type { OrchestratorServer } from "../sim/orchestrator/server.ts";
import type { Restarts } from "./replica-fleet.ts";
import type { Topology } from "./topology.ts";
import { clusterController } from "../engine/compute/controller.ts";
import { engineReasons } from "../engine/coordinator/fate.ts";
import { environmentd } from "../engine/environmentd.ts";
import { persistClient } from "../engine/persist/client.ts";
import { orchestratorClient } from "../sim/orchestrator/client.ts";
import { orchestratorControls } from "../sim/orchestrator/controls.ts";
import { orchestratorPort } from "../sim/orchestrator/messages.ts";
import { orchestratorProgram } from "../sim/orchestrator/program.ts";
import { deployService, orchestratorServer, reapServices } from "../sim/orchestrator/server.ts";
import { enginePorts } from "./engine-ports.ts";
import { replicaFleet } from "./replica-fleet.ts";
import { defaultService, environmentHost, orchestratorHost } from "./topology.ts";

/** What deployments are made of. */
export interface OrchestratorOptions {
  readonly world: World;
  readonly topology: Topology;
  readonly policies: EnginePolicies;
  /** Waits before a process on a host is started again. */
  readonly restartsOf: (host: string) => Restarts;
}

/** The orchestrator of a world, and the generations that are deployed with it. */
export class Orchestration {
  readonly #options: OrchestratorOptions;
  readonly #server: OrchestratorServer;

  /** Starts the orchestrator on its host and hands its controls to faults. Nothing is deployed yet. */
  constructor(options: OrchestratorOptions) {
    const { world } = options;
    const machine = world.host(orchestratorHost);
    this.#options = options;
    this.#server = orchestratorServer({
      fleet: replicaFleet(options),
      choose: (key, n) => world.choose(`orchestrator/${key}`, n),
      wall: () => Math.floor(machine.clock.wall() / 1_000),
    });
    const supervision = { restart: "always", backoff: "1s", backoffMax: "4s", ambient: "ports" } as const;
    machine.start(orchestratorProgram(this.#server), supervision);
    world.provide("orchestrator", orchestratorControls(this.#server, orchestratorHost));
  }

  /** Starts the environment and the first replica of a generation, at once. */
  deploy(generation: number): void {
    const { world, topology, restartsOf } = this.#options;
    const { name, processes, workers } = defaultService(topology, generation);
    deployService(this.#server, { name, processes, workers });
    world.emit("orchestrator.declared", { service: name, processes, workers, by: "driver" });
    const environment = environmentHost(generation);
    const { first, max } = restartsOf(environment);
    world.host(environment).start((host) => environmentProcess(host, this.#options, generation), {
      restart: isRestarted,
      backoff: first,
      backoffMax: max,
      ambient: "ports",
    });
  }

  /** Removes all that a generation left running, once its environment has left for good. Resolves then. */
  async reap(generation: number): Promise<void> {
    const { world } = this.#options;
    const environment = world.host(environmentHost(generation));
    await world.until(() => environment.hasLeft(), { every: "1s" });
    for (const service of reapServices(this.#server, `g${generation}-`)) {
      world.emit("orchestrator.removed", { service, by: "driver" });
    }
  }
}

/** Whether an environment that ended so is started again: the reason decides, not the exit code. */
export function isRestarted({ kind, reason }: ProcessEnd): boolean {
  if (kind === "killed" || kind === "panic" || !Object.hasOwn(engineReasons, reason)) return true;
  return engineReasons[reason as keyof typeof engineReasons].isRestarted;
}

function environmentProcess(
  host: Host,
  { topology, policies }: OrchestratorOptions,
  generation: number,
): Promise<void> {
  const ports = enginePorts(host);
  const orchestrator = orchestratorClient(host, `${orchestratorHost}:${orchestratorPort}`);
  return environmentd({
    ports,
    policies,
    generation,
    orchestrator,
    persist: persistClient({ ports, policies: policies.persist }),
    createController: clusterController([], policies.cluster),
    replicaSize: { processes: topology.processes, workers: topology.workersPerProcess },
  });
}
