/** The controls of simulated services, as faults ask for them. A world that has no such service makes a fault inert. */
import type { FaultWorld } from "../../ports/controls.ts";
import type { ServiceControls } from "../../ports/service-controls.ts";

/** What the world provides under the name of a service; undefined when it simulates none. */
export function serviceControls<S extends keyof ServiceControls>(
  world: FaultWorld,
  service: S,
): ServiceControls[S] | undefined {
  return world.provided(service) as ServiceControls[S] | undefined;
}

/** The broker at a place, modulo their count. */
export function brokerAt(world: FaultWorld, place: number): string | undefined {
  const brokers = serviceControls(world, "kafka")?.brokers ?? [];
  return brokers[place % Math.max(1, brokers.length)];
}

/** The replica of that name, or the one at a place among all that are declared, modulo their count. */
export function serviceAt(
  world: FaultWorld,
  role: string | number,
): { readonly name: string; readonly hosts: readonly string[] } | undefined {
  const services = serviceControls(world, "orchestrator")?.services() ?? [];
  if (typeof role === "string") return services.find(({ name }) => name === role);
  return services[role % Math.max(1, services.length)];
}
