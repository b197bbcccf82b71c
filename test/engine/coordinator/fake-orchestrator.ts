/** An orchestrator that does at once what it is asked; its processes run from the first moment on. */
import type { Host } from "../../../src/ports/host.ts";
import type { Orchestrator, ServiceState } from "../../../src/ports/orchestrator.ts";

/** Keeps its services in `services`, where tests may change what it says. */
export function fakeOrchestrator(host: Host, services: Map<string, ServiceState>): Orchestrator {
  return {
    async ensure(service) {
      await host.sleep("1ms");
      if (services.has(service.name)) return;
      const running = { state: "running", reason: null, ends: 0, since: 0 } as const;
      const states = Array.from({ length: service.processes }, (_, index) => ({ index, ...running }));
      services.set(service.name, { ...service, states });
    },
    async remove(name) {
      await host.sleep("1ms");
      services.delete(name);
    },
    async list(prefix) {
      await host.sleep("1ms");
      return [...services.values()].filter(({ name }) => name.startsWith(prefix));
    },
    controlAddress: (name) => `${name}-0:2101`,
  };
}
