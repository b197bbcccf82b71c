/** Small graphs as models: what can be checked by hand. */
import type { Model, Transition } from "../../src/explore/model.ts";

export interface Edge {
  readonly from: string;
  readonly to: string;
  /** Who does it; null: nobody has to. */
  readonly actor?: number | null;
  readonly nature?: Transition<string, string>["nature"];
}

/** A graph that begins at `a`. Property `no-bad` forbids states that begin with "bad". */
export function toy(
  edges: readonly Edge[],
  goal: string,
  coreTransitions: readonly string[] = [],
): Model<string, string> {
  return {
    title: "toy",
    initial: ["a"],
    enabled: (state) =>
      edges
        .filter(({ from }) => from === state)
        .map(({ from, to, actor = 0, nature = "ordinary" }) => {
          const move = `${from}→${to}`;
          return { move, next: to, nature, actor, covers: [move] };
        }),
    key: (state) => state,
    properties: [
      {
        id: "no-bad",
        doc: "Nothing is bad.",
        problem: (state) => (state.startsWith("bad") ? `${state} is bad` : null),
      },
    ],
    goal: { id: "goal", doc: `${goal} is reached`, isReached: (state) => state === goal },
    coreTransitions,
    describe: (move) => move,
  };
}
