/**
 * The process that serves the simulated orchestrator. It answers as soon as something is declared, and makes it true some
 * time later, process by process. What a predecessor had not come to, it finds in the declarations and does.
 */
import type { Connection, Host } from "../../ports/host.ts";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import type { Program } from "../../ports/world.ts";
import type { End } from "../../machine/network/end.ts";
import { micros } from "../../base/time.ts";
import { NetError } from "../../machine/port-errors.ts";
import { serveRpc } from "../../machine/network/rpc.ts";
import { stepOf } from "./declaration.ts";
import { orchestratorPort, type OrchestratorReply, type OrchestratorRequest } from "./messages.ts";
import { converge, perform, type OrchestratorServer } from "./server.ts";

/** How long a machine takes to start or to end a process. */
const latencies = ["5ms", "30ms", "200ms", "800ms", "3s"] as const;

/** Serves the declarations on its host. Every request is one step; convergence is one for each process. */
export function orchestratorProgram(server: OrchestratorServer): Program {
  return async (host) => {
    for (const name of server.declarations.keys()) convergeLater(server, host, name);
    for (;;) {
      try {
        await host.accept(orchestratorPort, (connection) => serve(server, host, connection));
        return;
      } catch (error) {
        // A predecessor that dies slowly holds the port.
        if (!(error instanceof NetError)) throw error;
        await host.sleep("1s");
      }
    }
  };
}

function serve(server: OrchestratorServer, host: Host, connection: Connection): void {
  serveRpc(connection as End, async (request: OrchestratorRequest) => {
    const { delays } = server.faults;
    if (delays.length > 0) {
      host.emit("orchestrator.slowed", { op: request.op });
      await host.sleep(micros(delays.reduce((sum, by) => sum + by, 0)));
    }
    const reply = answer(server, host, request, connection.peer.host);
    if (reply === undefined) connection.close();
    return reply;
  });
}

/** Undefined when the answer is lost, and the connection with it. */
function answer(
  server: OrchestratorServer,
  host: Host,
  request: OrchestratorRequest,
  by: string,
): OrchestratorReply | undefined {
  const when = lossOf(server, by);
  const reply = when === "before" ? undefined : performed(server, host, request, by);
  if (when === undefined) return reply;
  host.emit("orchestrator.answer-lost", { op: request.op, when });
  return undefined;
}

function performed(
  server: OrchestratorServer,
  host: Host,
  request: OrchestratorRequest,
  by: string,
): OrchestratorReply {
  if (request.op === "list") return perform(server, request);
  const { name } = request;
  const before = server.declarations.get(name);
  const reply = perform(server, request);
  if (server.declarations.get(name) === before) return reply;
  if (request.op === "ensure") {
    const { processes, workers } = request;
    host.emit("orchestrator.declared", { service: name, processes, workers, by });
  } else {
    host.emit("orchestrator.removed", { service: name, by });
  }
  convergeLater(server, host, name);
  return reply;
}

function lossOf({ faults, choose }: OrchestratorServer, by: string): AnswerLoss | undefined {
  if (faults.losses.length === 0) return undefined;
  const count = (faults.exposed.get(by) ?? 0) + 1;
  faults.exposed.set(by, count);
  return faults.losses.find(({ oneIn, when }) => choose(`lose-answer/${when}/${by}/${count}`, oneIn) === 0)?.when;
}

function convergeLater(server: OrchestratorServer, host: Host, name: string): void {
  const present = server.declarations.get(name);
  if (present === undefined) return;
  const life = server.lives.get(name)!;
  for (const index of present.places.keys()) {
    const step = stepOf(present, index);
    if (step === "none") continue;
    const latency = latencies[server.choose(`${step}/${name}/${life}/${index}`, latencies.length)]!;
    void host.sleep(latency).then(() => converge(server, name, index));
  }
}
