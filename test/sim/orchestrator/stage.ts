/** The simulated orchestrator in a machine room, with machines that run idle programs, and one client. */
import { expect } from "vitest";
import type { Host } from "../../../src/ports/host.ts";
import type { Orchestrator, ReplicaService } from "../../../src/ports/orchestrator.ts";
import type { OrchestratorControls } from "../../../src/ports/service-controls.ts";
import { orchestratorClient } from "../../../src/sim/orchestrator/client.ts";
import { orchestratorControls } from "../../../src/sim/orchestrator/controls.ts";
import { serviceHost } from "../../../src/sim/orchestrator/places.ts";
import { orchestratorProgram } from "../../../src/sim/orchestrator/program.ts";
import { orchestratorServer, type OrchestratorServer } from "../../../src/sim/orchestrator/server.ts";
import { Tank } from "../../machine/tank.ts";

export interface Stage {
  readonly client: Orchestrator;
  readonly controls: OrchestratorControls;
  readonly server: OrchestratorServer;
  readonly tank: Tank;
  readonly host: Host;
  /** Hosts on which a process is alive, the orchestrator's left out. */
  readonly running: () => readonly string[];
}

/** Runs a client against an orchestrator; `choose` answers every choice of it, 0 is the shortest latency. */
export async function withOrchestrator(
  check: (stage: Stage) => Promise<void>,
  choose: (key: string, n: number) => number = () => 0,
): Promise<Tank> {
  const tank = new Tank();
  const server = orchestratorServer({
    choose,
    wall: () => Math.floor(tank.now / 1_000),
    fleet: {
      start: ({ name }, index, life, watch) => {
        const host = serviceHost(name, index);
        tank.start(host, (port) => watch.began(port), {
          name: `${host}.${life}`,
          restart: "always",
          backoff: "1s",
          backoffMax: "4s",
          onEnd: (end) => watch.ended(end),
          ambient: "ports",
        });
      },
      retire: ({ name }, index) => {
        const host = serviceHost(name, index);
        for (const service of tank.room.services) if (service.machine.name === host) service.retire();
      },
    },
  });
  const controls = orchestratorControls(server, "orchestrator");
  tank.room.provided.set("orchestrator", controls);
  tank.start("orchestrator", orchestratorProgram(server), { restart: "always", ambient: "ports" });
  const running = (): readonly string[] =>
    tank.room.services
      .filter(({ isRunning }) => isRunning)
      .map(({ machine }) => machine.name)
      .filter((name) => name !== "orchestrator");
  let isChecked = false;
  tank.outsider("env-1", async (host) => {
    await host.sleep("1s");
    const client = orchestratorClient(host, "orchestrator:6443");
    await check({ client, controls, server, tank, host, running });
    isChecked = true;
  });
  await tank.run("5m");
  expect(isChecked).toBe(true);
  return tank;
}

/** A replica of one worker for each process. */
export function replica(name: string, processes: number): ReplicaService {
  return { name, processes, workers: 1 };
}
