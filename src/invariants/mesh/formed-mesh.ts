/**
 * Whether the processes of a replica find each other, and the newest ones have in the end. Ends and starts of processes
 * are never missed; that a process formed is said in the event in which it did, so only one that died in it says nothing.
 * With epochs, all that formed under one are one mesh. Without, formed only counts once it has lasted: a process that
 * formed with the dead dies of it at its first word.
 *
 * How long forming may take is counted from when nothing from outside disturbs any more: faults are over, no process is
 * killed, all were started once. Then a restart takes at most 10 s, silence shows within 15 s, and one cascade of deaths
 * follows another at most once per process; a world of slower restarts says how long it takes there. Likewise, while no fault is active and nothing else disturbs, a process loses
 * its mesh at most once for each one that there is: more is a loop, even one that ends by luck.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

interface Formed {
  readonly epoch: string;
  readonly at: number;
}

interface Place {
  readonly generation: number;
  readonly host: string;
  /** The newest process, null once it has ended. */
  process: string | null;
  formed: Formed | null;
}

interface State {
  /** By host. */
  readonly places: Map<string, Place>;
  /** The last moment of the present, and of the last disturbance from outside. */
  now: number;
  disturbedAt: number;
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

/** L-MESH-1: processes that start at different times find each other. */
export const formedMesh = defineInvariant<State, Observed>({
  id: "L-MESH-1",
  doc: "Once faults are over, the mesh of the newest generation's replica forms in time (90 s unless told) and holds.",
  state: () => ({
    places: new Map(),
    now: 0,
    disturbedAt: 0,
    overAt: null,
    within: usualWithin,
    faults: 0,
    losses: new Map(),
  }),
  on: {
    "mesh.due": (state, { within }) => void (state.within = within),
    "process.started": (state, { host, process }, { at }) => {
      const generation = generationOf(host);
      if (generation === undefined) return;
      if (!state.places.has(host)) disturb(state, at);
      state.places.set(host, { generation, host, process, formed: null });
    },
    "process.crashed": (state, { host, process }, { at }) => {
      if (generationOf(host) !== undefined) disturb(state, at);
      ended(state, host, process);
    },
    "process.exited": (state, { host, process, reason }) => {
      ended(state, host, process);
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
    return unformed(
      state,
      all.filter(({ generation }) => generation === newest),
    );
  },
});

/** The deploy generation of a replica's host; undefined of other hosts. */
function generationOf(host: string): number | undefined {
  const found = /^clusterd-(?:g(\d+)-)?\d+$/.exec(host);
  return found === null ? undefined : Number(found[1] ?? 1);
}

function disturb(state: State, at: number): void {
  state.disturbedAt = at;
  state.losses.clear();
}

function lost({ places, faults, losses }: State, host: string): Breach | undefined {
  if (faults > 0) return undefined;
  const count = (losses.get(host) ?? 0) + 1;
  losses.set(host, count);
  const generation = generationOf(host);
  const size = [...places.values()].filter((place) => place.generation === generation).length;
  if (count <= size) return undefined;
  const message = `the process on ${host} loses its mesh again and again, and nothing disturbs it`;
  return { subject: "crash loop", message, expected: { atMost: size }, observed: count };
}

function ended({ places }: State, host: string, process: string): void {
  const place = places.get(host);
  if (place?.process === process) place.process = null;
}

function unformed({ now, disturbedAt, overAt, within }: State, places: readonly Place[]): Breach | undefined {
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
    const message = "the processes of the newest replica have formed different meshes";
    return { subject: "not formed", message, expected: "one mesh", observed: [...epochs] };
  }
  const took = last - Math.max(disturbedAt, overAt ?? 0);
  if (overAt === null || took <= within) return undefined;
  return { subject: "late", message: "the mesh formed too late", expected: { within }, observed: took };
}
