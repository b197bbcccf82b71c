/** S-REC-3. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

interface Life {
  /** By id and incarnation: from when on the dataflow that runs was rendered. */
  readonly rendered: Map<string, number>;
}

interface State {
  /** What was mentioned, by nonce: ids with the times from which they are wanted. */
  readonly mentioned: Map<string, ReadonlyMap<string, number | null>>;
  /** By process of a replica. */
  readonly lives: Map<string, Life>;
  /** The first dataflow that was made anew without need. */
  again: Breach | null;
}

/**
 * S-REC-3: a replica that has reconciled runs nothing but what it was told, which S-REC-2 holds to the catalog; and what ran already and is still wanted
 * runs on, unless it is wanted from an earlier time, or could not be computed any more. That is told by what is rendered,
 * and at the end: nothing wrong comes of it by itself, and if it does, that is the finding.
 */
export const keptDataflows = defineInvariant<State, Observed>({
  id: "S-REC-3",
  doc: "A reconciled replica runs nothing but what it was told, and renders nothing anew that runs already.",
  state: () => ({ mentioned: new Map(), lives: new Map(), again: null }),
  on: {
    "controller.mentioned": ({ mentioned }, { nonce, objects }) => void mentioned.set(nonce, new Map(objects)),
    "replica.reconciled": (state, data, { process }) => reconciled(state, data, process),
    "dataflow.renewed": ({ lives }, { id, incarnation }, { process }) => {
      lives.get(process)?.rendered.delete(`${id} ${incarnation}`);
    },
    "dataflow.rendered": (state, { replica, id, incarnation, asOf }, { process }) => {
      const life = state.lives.get(process) ?? { rendered: new Map<string, number>() };
      state.lives.set(process, life);
      const before = life.rendered.get(`${id} ${incarnation}`);
      life.rendered.set(`${id} ${incarnation}`, asOf);
      if (before === undefined) return;
      const message = `${replica} rendered ${id} again, although it ran`;
      state.again ??= { subject: id, message, expected: { asOf: before }, observed: { asOf } };
    },
  },
  atEnd: ({ again }) => again ?? undefined,
});

function reconciled(
  { mentioned, lives }: State,
  { replica, nonce, kept, created, dropped }: Observed["replica.reconciled"],
  process: string,
): Breach | undefined {
  const wanted = mentioned.get(nonce);
  // Whether it may act at all, and has heard of everything, is another rule's.
  if (wanted === undefined) return undefined;
  const runs = [...kept, ...created];
  if (runs.some((id) => !wanted.has(id))) {
    const message = `${replica} runs something that it was not told to run`;
    return { subject: replica, message, expected: [...wanted.keys()], observed: runs };
  }
  for (const [key, asOf] of lives.get(process)?.rendered ?? []) {
    const [id] = key.split(" ") as [string];
    const from = wanted.get(id);
    const isNeeded = dropped.includes(id) && (from === undefined || from === null || from < asOf);
    if (isNeeded) lives.get(process)!.rendered.delete(key);
  }
  return undefined;
}
