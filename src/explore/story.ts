/** The steps of a run in words, found again from the numbers of its states. */
import type { Model } from "./model.ts";
import type { StateGraph } from "./state-graph.ts";

/** The steps from the beginning to a state. */
export function storyTo<State, Move>(model: Model<State, Move>, graph: StateGraph<State>, state: number): string[] {
  const way = [state];
  for (let at = graph.parentOf(state); at >= 0; at = graph.parentOf(at)) way.unshift(at);
  return stepsAlong(model, graph, way);
}

/** The steps between states, each one step after the one before. */
export function stepsAlong<State, Move>(
  model: Model<State, Move>,
  graph: StateGraph<State>,
  way: readonly number[],
): string[] {
  return way.slice(1).map((number, index) => {
    const from = graph.states[way[index]!]!;
    const to = graph.states[number]!;
    const key = model.key(to);
    // Of several steps between the same two states the most ordinary one says most.
    const steps = model.enabled(from).filter(({ next, nature }) => nature !== "postponed" && model.key(next) === key);
    const step = steps.find(({ nature }) => nature === "ordinary") ?? steps.find(({ nature }) => nature !== "fault");
    return model.describe((step ?? steps[0]!).move, from, to);
  });
}
