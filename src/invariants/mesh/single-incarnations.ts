/**
 * Who works in a mesh. A process says once or more that it works on data, first in the event in which it begins to; if
 * that is lost, the process died in the same event. Two that say so under one epoch and index are therefore two that
 * worked in one mesh. Protocols without epochs name none and are not judged so; but where processes tell whom they hear,
 * it is known who is in one mesh with whom, and whoever two of them hear at one index must be the same process.
 */
import type { Breach } from "../../runner/definition.ts";
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

/** Whom a process has heard: processes by index, its own among them. */
type Company = Map<number, string>;

interface State {
  /** Process by replica, epoch and index. */
  readonly workers: Map<string, string>;
  readonly companies: Map<string, Company>;
}

/** S-MESH-1: a process that was started again never works in the mesh of the one before it. */
export const singleIncarnations = defineInvariant<State, Observed>({
  id: "S-MESH-1",
  doc: "A mesh that works has one incarnation of each index, and all agree on its epoch.",
  state: () => ({ workers: new Map(), companies: new Map() }),
  on: {
    "mesh.worked": ({ workers }, { replica, index, epoch }, { process }) => {
      if (epoch === "") return undefined;
      const key = `${replica} ${epoch} ${index}`;
      const other = workers.get(key) ?? process;
      workers.set(key, process);
      return other === process ? undefined : mixture(replica, index, other, process);
    },
    "mesh.heard": ({ companies }, heard, { process }) => hears(companies, heard, process),
  },
});

function hears(
  companies: Map<string, Company>,
  { replica, index, epoch, peer, peerProcess, peerEpoch }: EngineEvents["mesh.heard"],
  process: string,
): Breach | undefined {
  if (epoch !== peerEpoch) {
    const message = `${process} hears ${peerProcess}, whose mesh is another one`;
    return { subject: `${replica} process ${index}`, message, expected: epoch, observed: peerEpoch };
  }
  const company = companies.get(process) ?? new Map([[index, process]]);
  companies.set(process, company.set(peer, peerProcess));
  for (const other of company.values()) {
    for (const [place, known] of companies.get(other) ?? []) {
      const own = company.get(place) ?? known;
      if (own !== known) return mixture(replica, place, known, own);
    }
  }
  return undefined;
}

function mixture(replica: string, index: number, one: string, other: string): Breach {
  const message = `${one} and ${other} both worked in one mesh of ${replica}`;
  return { subject: `${replica} process ${index}`, message, expected: one, observed: other };
}
