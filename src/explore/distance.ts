/** How far the furthest node of a graph is from the nearest of some. */
import type { Graph } from "./components.ts";

/** The most steps that a shortest way from any node to a goal has; nodes without a way do not count. */
export function furthestFrom(graph: Graph, isGoal: Uint8Array): number {
  const { starts, sources } = reversed(graph);
  const distance = new Int32Array(graph.size).fill(-1);
  const queue = new Int32Array(graph.size);
  let length = 0;
  for (let node = 0; node < graph.size; node++) {
    if (isGoal[node] !== 1) continue;
    distance[node] = 0;
    queue[length++] = node;
  }
  let furthest = 0;
  for (let at = 0; at < length; at++) {
    const node = queue[at]!;
    for (let index = starts[node]!; index < starts[node + 1]!; index++) {
      const source = sources[index]!;
      if (distance[source] !== -1) continue;
      furthest = distance[source] = distance[node]! + 1;
      queue[length++] = source;
    }
  }
  return furthest;
}

/** Every step the other way round: those into a node are `sources`, from its place in `starts` to the next one's. */
function reversed(graph: Graph): { readonly starts: Int32Array; readonly sources: Int32Array } {
  const starts = new Int32Array(graph.size + 2);
  const each = (visit: (node: number, target: number) => void): void => {
    for (let node = 0; node < graph.size; node++) {
      for (let index = 0; index < graph.countOf(node); index++) visit(node, graph.targetOf(node, index));
    }
  };
  each((_, target) => void starts[target + 2]!++);
  for (let node = 2; node < starts.length; node++) starts[node]! += starts[node - 1]!;
  const sources = new Int32Array(starts[graph.size + 1]!);
  each((node, target) => void (sources[starts[target + 1]!++] = node));
  return { starts, sources };
}
