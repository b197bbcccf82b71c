/**
 * L-CTL-2. Which replicas there are is in the durable catalog; which ones run is told by the orchestrator and by the
 * machines. Generations below the newest are left out: what they ran ends with them.
 */
import type { Breach } from "../../runner/definition.ts";
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { Token } from "../state/frontier.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { replicaOfHost } from "../state/replica-host.ts";

type Size = { readonly processes: number; readonly workers: number };

interface State {
  /** Of the replicas in the catalog, by id. */
  readonly wanted: Map<string, Size>;
  /** The highest that ever was durable; 0 before any. */
  generation: number;
  /** By name of the service. */
  readonly declared: Map<string, Size>;
  /** Live processes of replicas, with the hosts that they run on. */
  readonly running: Map<string, string>;
}

/**
 * L-CTL-2: in the end the orchestrator runs the replicas of the catalog in their sizes, each process on a host of its own,
 * and no others of the newest generation. A world whose catalog names no replicas is asked for nothing.
 */
export const declaredReplicas = defineInvariant<State, Observed>({
  id: "L-CTL-2",
  doc: "In the end the replicas of the catalog run, in their sizes, and no others.",
  state: () => ({ wanted: new Map(), generation: 0, declared: new Map(), running: new Map() }),
  on: {
    "shard.changed": (state, data) => changed(state, data),
    "orchestrator.declared": ({ declared }, { service, processes, workers }) => {
      declared.set(service, { processes, workers });
    },
    "orchestrator.removed": ({ declared }, { service }) => void declared.delete(service),
    "process.started": ({ running }, { host, process }) => {
      if (replicaOfHost(host) !== undefined) running.set(process, host);
    },
    "process.crashed": ({ running }, { process }) => void running.delete(process),
    "process.exited": ({ running }, { process }) => void running.delete(process),
  },
  atEnd: (state) => (state.wanted.size === 0 ? undefined : (missing(state) ?? leftOver(state))),
});

function changed(state: State, { shard, updates }: EngineEvents["shard.changed"]): void {
  if (shard !== "catalog") return;
  // What is replaced is retracted and inserted at one time.
  for (const [data, , diff] of updates.toSorted((a, b) => a[1] - b[1] || a[2] - b[2])) {
    const { kind, key, value } = data as unknown as Entry;
    if (kind === "token" && diff > 0) state.generation = Math.max(state.generation, (value as Token).generation);
    if (kind !== "replica") continue;
    if (diff > 0) state.wanted.set(key, (value as { readonly size: Size }).size);
    else state.wanted.delete(key);
  }
}

interface Entry {
  readonly kind: string;
  readonly key: string;
  readonly value: unknown;
}

function missing({ wanted, generation, declared, running }: State): Breach | undefined {
  for (const [id, { processes, workers }] of wanted) {
    const name = `g${generation}-${id}`;
    const size = declared.get(name);
    if (size?.processes !== processes || size.workers !== workers) {
      const message = `replica ${id} is in the catalog, and nobody told the orchestrator`;
      return { subject: "missing replica", message, expected: { processes, workers }, observed: size ?? null };
    }
    const hosts = new Set([...running.values()].filter((host) => replicaOfHost(host)?.service === name));
    if (hosts.size === processes) continue;
    const message = `not all processes of replica ${id} run`;
    return { subject: "missing process", message, expected: processes, observed: [...hosts] };
  }
  return undefined;
}

function leftOver({ wanted, generation, declared, running }: State): Breach | undefined {
  const known = new Set([...wanted.keys()].map((id) => `g${generation}-${id}`));
  for (const name of declared.keys()) {
    if (!name.startsWith(`g${generation}-`) || known.has(name)) continue;
    const message = `${name} was dropped, and nobody told the orchestrator`;
    return { subject: "left replica", message, expected: [...known], observed: name };
  }
  for (const [process, host] of running) {
    const replica = replicaOfHost(host);
    if (replica?.generation !== generation || known.has(replica.service)) continue;
    return { subject: "left process", message: `${process} still runs`, expected: [...known], observed: process };
  }
  return undefined;
}
