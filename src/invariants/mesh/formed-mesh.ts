/**
 * Whether the processes of a replica find each other, and the newest ones have in the end. Ends and starts of processes
 * are never missed; that a process formed is said in the event in which it did, so only one that died in it says nothing.
 * With epochs, all that formed under one are one mesh. Without, formed only counts once it has lasted: a process that
 * formed with the dead dies of it at its first word.
 *
 * How long forming may take is counted from when nothing from outside disturbs any more: faults are over, no process of
 * the replica is killed or dies of what it was told to do, all were started once. Then a restart takes at most 10 s,
 * silence shows within 15 s, and one cascade of deaths follows another at most once per process; a world of slower restarts
 * says how long it takes there. Likewise, while no fault is active and nothing else disturbs, a process loses its mesh at
 * most once for each one that there is: more is a loop, even one that ends by luck. A replica that was removed is asked for
 * nothing.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { ReplicaHost } from "../state/replica-host.ts";
import { defineInvariant } from "../define-invariant.ts";
import { replicaOfHost } from "../state/replica-host.ts";

interface Formed {
  readonly epoch: string;
  readonly at: number;
}

interface Place extends ReplicaHost {
  readonly host: string;
  /** The newest process, null once it has ended. */
  process: string | null;
  formed: Formed | null;
}

interface State {
  /** By host. */
  readonly places: Map<string, Place>;
  /** Services whose processes end for good, or have. */
  readonly removed: Set<string>;
  /** The last moment of the present. */
  now: number;
  /** By service: the last disturbance of it from outside. */
  readonly disturbedAt: Map<string, number>;
  overAt: number | null;
  /** How long forming may take, µs. */
  within: number;
  /** Faults that are active. */
  faults: number;
  /** By host: how often its process lost its mesh since the last disturbance. */
  readonly losses: Map<string, number>;
}

const usualWithin = 90_000_000;
const lasting = 10_000_000;

/** Reasons of ends that a process brings upon itself or is struck by, whatever its mesh is like. */
const ownReasons: readonly string[] = ["poison", "out-of-memory"];

/** L-MESH-1: processes that start at different times find each other. */
export const formedMesh = defineInvariant<State, Observed>({
  id: "L-MESH-1",
  doc: "Once faults are over, the meshes of the newest generation's replicas form in time (90 s unless told) and hold.",
  state: () => ({
    places: new Map(),
    removed: new Set(),
    now: 0,
    disturbedAt: new Map(),
    overAt: null,
    within: usualWithin,
    faults: 0,
    losses: new Map(),
  }),
  on: {
    "mesh.due": (state, { within }) => void (state.within = within),
    "orchestrator.declared": ({ removed }, { service }) => void removed.delete(service),
    "orchestrator.removed": ({ removed, places }, { service }) => {
      removed.add(service);
      for (const [host, place] of places) if (place.service === service) places.delete(host);
    },
    "process.started": (state, { host, process }, { at }) => {
      const where = replicaOfHost(host);
      if (where === undefined || state.removed.has(where.service)) return;
      if (!state.places.has(host)) disturb(state, where.service, at);
      state.places.set(host, { ...where, host, process, formed: null });
    },
    "process.crashed": (state, { host, process }, { at }) => ended(state, host, process, at),
    "process.exited": (state, { host, process, reason }, { at }) => {
      ended(state, host, process, ownReasons.includes(reason) ? at : null);
      return reason === "mesh-lost" ? lost(state, host) : undefined;
    },
    "mesh.formed": (state, { epoch }, { process, at }) => {
      state.now = at;
      for (const place of state.places.values()) if (place.process === process) place.formed = { epoch, at };
    },
    "shard.changed": (state, _, { at }) => void (state.now = at),
    "mesh.worked": (state, _, { at }) => void (state.now = at),
    "fault.injected": (state) => {
      state.faults++;
      state.losses.clear();
    },
    "fault.healed": (state) => {
      state.faults--;
      state.losses.clear();
    },
    "faults.over": (state, _, { at }) => void (state.overAt ??= at),
  },
  atEnd: (state) => {
    const all = [...state.places.values()];
    const newest = Math.max(...all.map(({ generation }) => generation));
    const services = new Set(all.filter(({ generation }) => generation === newest).map(({ service }) => service));
    for (const service of services) {
      const breach = unformed(
        state,
        service,
        all.filter((place) => place.service === service),
      );
      if (breach !== undefined) return breach;
    }
    return undefined;
  },
});

function disturb({ disturbedAt, places, losses }: State, service: string, at: number): void {
  disturbedAt.set(service, at);
  for (const place of places.values()) if (place.service === service) losses.delete(place.host);
}

function lost({ places, faults, losses }: State, host: string): Breach | undefined {
  const place = places.get(host);
  if (faults > 0 || place === undefined) return undefined;
  const count = (losses.get(host) ?? 0) + 1;
  losses.set(host, count);
  const size = [...places.values()].filter(({ service }) => service === place.service).length;
  if (count <= size) return undefined;
  const message = `the process on ${host} loses its mesh again and again, and nothing disturbs it`;
  return { subject: "crash loop", message, expected: { atMost: size }, observed: count };
}

/** `disturbedAt`: when, if it is not the mesh's own doing. */
function ended(state: State, host: string, process: string, disturbedAt: number | null): void {
  const place = state.places.get(host);
  if (place === undefined) return;
  if (disturbedAt !== null) disturb(state, place.service, disturbedAt);
  if (place.process === process) place.process = null;
}

function unformed(
  { now, disturbedAt, overAt, within }: State,
  service: string,
  places: readonly Place[],
): Breach | undefined {
  const formed: Formed[] = [];
  for (const place of places) {
    if (place.process !== null && place.formed !== null) {
      formed.push(place.formed);
      continue;
    }
    const message = `${place.process ?? `the process on ${place.host}`} has not formed a mesh`;
    return {
      subject: "not formed",
      message,
      expected: "formed",
      observed: place.process === null ? "dead" : "forming",
    };
  }
  const epochs = new Set(formed.map(({ epoch }) => epoch));
  const last = Math.max(0, ...formed.map(({ at }) => at));
  if (epochs.size > 1 || (epochs.has("") && now - last < lasting)) {
    const message = "the processes of a replica have formed different meshes";
    return { subject: "not formed", message, expected: "one mesh", observed: [...epochs] };
  }
  const took = last - Math.max(disturbedAt.get(service) ?? 0, overAt ?? 0);
  if (overAt === null || took <= within) return undefined;
  return { subject: "late", message: "the mesh formed too late", expected: { within }, observed: took };
}
