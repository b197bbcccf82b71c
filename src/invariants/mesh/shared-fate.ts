/**
 * Meshes that lost a member. Who works in a mesh is a member of it: one that formed with a peer which never agreed has a
 * mesh of its own, dies of it, and its successor may well join the attempt that this peer still makes. Ends of processes
 * are never missed. A survivor hears of one by its connection or by the
 * silence on it, within 20 s of its own time; it is held to twice that, and only by what it does itself: it reports
 * frontiers, answers peeks, commits for sinks, begins to work. What it would have done but did not say cannot be judged.
 * A process that was paused has its time counted anew from the first thing that it does afterwards. Whatever else the
 * network does makes links fall silent, which is what survivors listen for.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observation } from "../../ports/events.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

interface Member {
  readonly mesh: string;
  wasPaused: boolean;
  /** From here on its time counts: when it did something after a pause. */
  countsFrom: number;
}

interface State {
  /** Live members of formed meshes by process. */
  readonly members: Map<string, Member>;
  /** When a mesh first lost a member. */
  readonly lostAt: Map<string, number>;
}

const allowed = 40_000_000;

/** S-MESH-2: nobody works on in a mesh that has lost a member. */
export const sharedFate = defineInvariant<State, Observed>({
  id: "S-MESH-2",
  doc: "When a process of a formed mesh dies, no other goes on to work in it for more than 40 s.",
  state: () => ({ members: new Map(), lostAt: new Map() }),
  on: {
    "mesh.worked": (state, { replica, epoch }, seen) => {
      joins(state, `${replica} ${epoch}`, seen.process);
      return works(state, seen);
    },
    "frontier.reported": (state, _, seen) => works(state, seen),
    "peek.answered": (state, _, seen) => works(state, seen),
    "sink.committed": (state, _, seen) => works(state, seen),
    "process.delayed": ({ members }, { process }) => {
      const member = members.get(process);
      if (member !== undefined) member.wasPaused = true;
    },
    "process.crashed": (state, { process }, { at }) => leaves(state, process, at),
    "process.exited": (state, { process }, { at }) => leaves(state, process, at),
  },
});

function joins({ members }: State, mesh: string, process: string): void {
  // Without an epoch it is not known who formed a mesh with whom.
  if (!mesh.endsWith(" ") && !members.has(process)) members.set(process, { mesh, wasPaused: false, countsFrom: 0 });
}

function leaves({ members, lostAt }: State, process: string, at: number): void {
  const member = members.get(process);
  if (member === undefined) return;
  members.delete(process);
  if (!lostAt.has(member.mesh)) lostAt.set(member.mesh, at);
}

function works({ members, lostAt }: State, { process, at }: Observation): Breach | undefined {
  const member = members.get(process);
  if (member === undefined) return undefined;
  if (member.wasPaused) {
    member.wasPaused = false;
    member.countsFrom = at;
  }
  const lost = lostAt.get(member.mesh);
  if (lost === undefined) return undefined;
  const since = Math.max(lost, member.countsFrom);
  if (at - since <= allowed) return undefined;
  const message = `${process} works on in a mesh that lost a member`;
  return { subject: "survivor", message, expected: { within: allowed }, observed: at - since };
}
