/**
 * What the simulated orchestrator holds: the declared services, durable whatever becomes of the process that serves them,
 * and what is known of their processes. Machines start those again by themselves, also while the orchestrator is away;
 * only what is declared or removed waits for it. Nodes, images, resources and probes are left out.
 */
import type { ReplicaService, ServiceState } from "../../ports/orchestrator.ts";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import type { OrchestratorReply, OrchestratorRequest } from "./messages.ts";
import { declared, ensuring, isGone, removed, stepOf, stepped, type Declaration } from "./declaration.ts";
import { processWatch, type ProcessWatch } from "./process-watch.ts";

/** The machines that processes are started on. Both do at once what they say. */
export interface Fleet {
  /**
   * Starts a process and keeps it running. `life`: how often a service of that name was declared, from 1; processes of one
   * host need different names.
   */
  start(service: ReplicaService, index: number, life: number, watch: ProcessWatch): void;
  /** Ends it for good. */
  retire(service: ReplicaService, index: number): void;
}

/** The durable state of one orchestrator, with the world around it. */
export interface OrchestratorServer {
  readonly fleet: Fleet;
  /** A keyed choice in [0, n). */
  readonly choose: (key: string, n: number) => number;
  /** The wall clock, ms. */
  readonly wall: () => number;
  /** By name, in order of declaration. */
  readonly declarations: Map<string, Declaration>;
  /** How often a name was declared. */
  readonly lives: Map<string, number>;
  /** Beginnings of names that are never declared again. */
  readonly reaped: Set<string>;
  readonly faults: {
    readonly delays: number[];
    readonly losses: { readonly oneIn: number; readonly when: AnswerLoss }[];
    /** Services whose processes die soon after each start. */
    readonly failing: string[];
    /** Requests of each host while answers are lost: what choices are keyed by. */
    readonly exposed: Map<string, number>;
  };
}

/** Nothing is declared yet. */
export function orchestratorServer(options: Pick<OrchestratorServer, "fleet" | "choose" | "wall">): OrchestratorServer {
  const faults = { delays: [], losses: [], failing: [], exposed: new Map() };
  return { ...options, declarations: new Map(), lives: new Map(), reaped: new Set(), faults };
}

/** What one request does, at once and whole; convergence comes later. */
export function perform(server: OrchestratorServer, request: OrchestratorRequest): OrchestratorReply {
  const { declarations } = server;
  switch (request.op) {
    case "ensure":
      return ensure(server, request);
    case "remove": {
      const present = declarations.get(request.name);
      if (present?.isRemoved === false) keep(server, request.name, removed(present));
      return { ok: true };
    }
    case "list":
      return { ok: true, services: statesOf(server, request.prefix) };
  }
}

function ensure(server: OrchestratorServer, service: ReplicaService): OrchestratorReply {
  const { declarations, lives, reaped } = server;
  const { name, processes, workers } = service;
  if ([...reaped].some((prefix) => name.startsWith(prefix))) return { ok: false, code: "conflict" };
  const answer = ensuring(declarations.get(name), service);
  if (answer === "there") return { ok: true };
  if (answer !== "new") return { ok: false, code: answer };
  lives.set(name, (lives.get(name) ?? 0) + 1);
  declarations.set(name, declared({ name, processes, workers }, server.wall()));
  return { ok: true };
}

/** All services whose name begins so and that are not on their way out, by name. */
export function statesOf({ declarations }: OrchestratorServer, prefix: string): readonly ServiceState[] {
  return [...declarations.values()]
    .filter(({ service, isRemoved }) => !isRemoved && service.name.startsWith(prefix))
    .toSorted((a, b) => (a.service.name < b.service.name ? -1 : 1))
    .map(({ service, places }) => ({ ...service, states: places.map(({ shown }) => shown) }));
}

/** Makes one process of a service what its declaration says, if it is not. */
export function converge(server: OrchestratorServer, name: string, index: number): void {
  const { declarations, fleet, lives } = server;
  const present = declarations.get(name);
  if (present === undefined) return;
  const { service } = present;
  const step = stepOf(present, index);
  if (step === "start") {
    keep(server, name, stepped(present, index, "kept"));
    const life = lives.get(name)!;
    fleet.start(service, index, life, processWatch(server, { name, index, life }));
  } else if (step === "retire") {
    keep(server, name, stepped(present, index, "retired"));
    fleet.retire(service, index);
  }
}

/** Declares and starts a service at once, as whoever deploys a generation does. It must be new. */
export function deployService(server: OrchestratorServer, service: ReplicaService): void {
  const reply = ensure(server, service);
  if (!reply.ok) throw new TypeError(`${service.name} cannot be deployed: ${reply.code}`);
  for (let index = 0; index < service.processes; index++) converge(server, service.name, index);
}

/** Ends all services whose name begins so at once, and takes no more of them. Returns their names. */
export function reapServices(server: OrchestratorServer, prefix: string): readonly string[] {
  server.reaped.add(prefix);
  const names = [...server.declarations.keys()].filter((name) => name.startsWith(prefix));
  for (const name of names) {
    const { service } = server.declarations.get(name)!;
    perform(server, { op: "remove", name });
    for (let index = 0; index < service.processes; index++) converge(server, name, index);
  }
  return names;
}

function keep({ declarations }: OrchestratorServer, name: string, declaration: Declaration): void {
  if (isGone(declaration)) declarations.delete(name);
  else declarations.set(name, declaration);
}
