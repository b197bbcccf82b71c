/** What faults may turn at the simulated orchestrator. */
import type { Heal } from "../../ports/controls.ts";
import type { OrchestratorControls } from "../../ports/service-controls.ts";
import { serviceHosts } from "./places.ts";
import { statesOf, type OrchestratorServer } from "./server.ts";

/** The controls of an orchestrator that is served on `host`. Faults act together; each heals by itself. */
export function orchestratorControls(server: OrchestratorServer, host: string): OrchestratorControls {
  const { delays, losses, failing } = server.faults;
  return {
    host,
    services: () => statesOf(server, "").map((service) => ({ name: service.name, hosts: serviceHosts(service) })),
    slow: (by) => listed<number>(delays, by),
    loseAnswers: (oneIn, when = "after") => listed(losses, { oneIn, when }),
    failStarts: (service) => listed(failing, service),
  };
}

function listed<T>(list: T[], value: T): Heal {
  list.push(value);
  let isDone = false;
  return () => {
    if (isDone) return;
    isDone = true;
    list.splice(list.indexOf(value), 1);
  };
}
