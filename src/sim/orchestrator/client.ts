/** A client of the simulated orchestrator as a process uses it: one attempt a call; trying again is the caller's to decide. */
import type { Host } from "../../ports/host.ts";
import type { Orchestrator, ServiceState } from "../../ports/orchestrator.ts";
import { NetError } from "../../machine/port-errors.ts";
import type { OrchestratorReply, OrchestratorRequest } from "./messages.ts";
import { controlPort, serviceHost } from "./places.ts";

/** How long a request may take. */
const requestTimeout = "3s";

class OrchestratorError extends Error {
  override readonly name = "OrchestratorError";
  readonly code: string;

  constructor(code: string, what: string) {
    super(`${what}: ${code}`);
    this.code = code;
  }
}

/**
 * The orchestrator at `address` (`host:port`), for one process. Every request ends within 3 s, with `unavailable` when
 * there is no answer by then: it may have been done all the same.
 */
export function orchestratorClient(host: Host, address: string): Orchestrator {
  const send = async (request: OrchestratorRequest): Promise<OrchestratorReply & { readonly ok: true }> => {
    let reply: OrchestratorReply;
    try {
      reply = (await host.call(address, request, { timeout: requestTimeout })) as OrchestratorReply;
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      throw new OrchestratorError("unavailable", request.op);
    }
    if (!reply.ok) throw new OrchestratorError(reply.code, request.op);
    return reply;
  };
  return {
    async ensure({ name, processes, workers }) {
      await send({ op: "ensure", name, processes, workers });
    },
    async remove(name) {
      await send({ op: "remove", name });
    },
    async list(prefix): Promise<readonly ServiceState[]> {
      return (await send({ op: "list", prefix })).services ?? [];
    },
    controlAddress: (name) => `${serviceHost(name, 0)}:${controlPort}`,
  };
}
