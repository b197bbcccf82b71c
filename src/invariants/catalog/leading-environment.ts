/**
 * Whether somebody leads in the end. A process that leads says so once sessions are served, and lives then; what it says
 * is not lost unless it died with it, and then another one has to say so. One that was fenced since leads no more. Holds
 * while no environment was started at all.
 */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

interface State {
  /** The newest generation that was started; 0 before any. */
  newest: number;
  /** Generation of each live process that leads. */
  readonly leaders: Map<string, number>;
}

/** L-BOOT-1: an environment boots, whatever the outside of its objects is like. */
export const leadingEnvironment = defineInvariant<State, Observed>({
  id: "L-BOOT-1",
  doc: "Once faults are over, an environment of the newest generation leads.",
  state: () => ({ newest: 0, leaders: new Map() }),
  on: {
    "env.started": (state, { generation }) => void (state.newest = Math.max(state.newest, generation)),
    "env.leading": ({ leaders }, { generation }, { process }) => void leaders.set(process, generation),
    "env.fenced": ({ leaders }, _, { process }) => void leaders.delete(process),
    "process.crashed": ({ leaders }, { process }) => void leaders.delete(process),
    "process.exited": ({ leaders }, { process }) => void leaders.delete(process),
  },
  atEnd: ({ newest, leaders }) => {
    const generations = [...leaders.values()];
    if (newest === 0 || generations.includes(newest)) return undefined;
    const message = `no environment of generation ${newest} leads`;
    return { subject: "no leader", message, expected: newest, observed: generations };
  },
});
