/**
 * Who works in a mesh. A process says once that it works on data, in the event in which it begins to; if that is lost,
 * the process died in the same event. Two that say so under one epoch and index are therefore two that worked in one
 * mesh. Protocols without epochs name none, and are not judged here.
 */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

interface State {
  /** Process by replica, epoch and index. */
  readonly workers: Map<string, string>;
}

/** S-MESH-1: a process that was started again never works in the mesh of the one before it. */
export const singleIncarnations = defineInvariant<State, Observed>({
  id: "S-MESH-1",
  doc: "A mesh that works has one incarnation of each index.",
  state: () => ({ workers: new Map() }),
  on: {
    "mesh.worked": ({ workers }, { replica, index, epoch }, { process }) => {
      if (epoch === "") return undefined;
      const key = `${replica} ${epoch} ${index}`;
      const other = workers.get(key) ?? process;
      workers.set(key, process);
      if (other === process) return undefined;
      const message = `${other} and ${process} both worked in one mesh of ${replica}`;
      return { subject: `${replica} process ${index}`, message, expected: other, observed: process };
    },
  },
});
