/** What the orchestrator hears of a process from its machine; and what becomes of processes whose replica is to fail. */
import type { Host } from "../../ports/host.ts";
import type { ProcessEnd } from "../../ports/world.ts";
import { observed } from "./declaration.ts";
import type { OrchestratorServer } from "./server.ts";

/** A machine tells these of the process that it keeps running. */
export interface ProcessWatch {
  /** An incarnation begins. Called in its first event, as that process. */
  began(host: Host): void;
  /** The machine takes the incarnation for dead. */
  ended(end: ProcessEnd): void;
}

/** Which process: `life` is how often the name of its service was declared. */
interface Watched {
  readonly name: string;
  readonly index: number;
  readonly life: number;
}

/** Notes in the declarations what becomes of a process. */
export function processWatch(server: OrchestratorServer, { name, index, life }: Watched): ProcessWatch {
  const { declarations, lives, wall, faults } = server;
  const note = (what: Parameters<typeof observed>[2]): void => {
    const present = declarations.get(name);
    // Of a service that had this name before, nothing counts any more.
    if (present === undefined || lives.get(name) !== life) return;
    declarations.set(name, observed(present, index, what, wall()));
  };
  return {
    began: (host) => {
      note({ began: true });
      if (faults.failing.includes(name)) void failLater(server, name, host);
    },
    ended: ({ reason }) => note({ ended: reason }),
  };
}

/** How long a process lives that is to fail: some get as far as to form a mesh, or to begin their work. */
const lifespans = ["1ms", "100ms", "700ms", "2s", "5s"] as const;

async function failLater(server: OrchestratorServer, service: string, host: Host): Promise<void> {
  await host.sleep(lifespans[server.choose(`lifespan/${host.process}`, lifespans.length)]!);
  if (!server.faults.failing.includes(service)) return;
  host.emit("replica.failed", { service, host: host.name });
  // What a process says in its last event may be lost.
  await host.sleep("1ms");
  host.exit(137, "out-of-memory");
}
