/** Strongly connected components (Tarjan), without recursion: graphs here are deeper than any stack. */
import { NumberList } from "./number-list.ts";

export interface Graph {
  readonly size: number;
  readonly countOf: (node: number) => number;
  readonly targetOf: (node: number, index: number) => number;
}

/**
 * The components of the nodes that `isPart`, by way of nothing but these. `found` is called for each, after all those
 * that it leads to; it must not keep the list.
 */
export function components(
  graph: Graph,
  isPart: (node: number) => boolean,
  found: (nodes: readonly number[]) => void,
): void {
  const order = new Int32Array(graph.size);
  const low = new Int32Array(graph.size);
  const next = new Int32Array(graph.size);
  const isOpen = new Uint8Array(graph.size);
  const open: number[] = [];
  const path = new NumberList();
  let visited = 0;
  const enter = (node: number): void => {
    order[node] = low[node] = ++visited;
    isOpen[node] = 1;
    open.push(node);
    path.push(node);
  };
  for (let root = 0; root < graph.size; root++) {
    if (order[root] !== 0 || !isPart(root)) continue;
    enter(root);
    while (path.length > 0) {
      const node = path.at(path.length - 1);
      if (next[node]! < graph.countOf(node)) {
        const target = graph.targetOf(node, next[node]!++);
        if (!isPart(target)) continue;
        if (order[target] === 0) enter(target);
        else if (isOpen[target] === 1) low[node] = Math.min(low[node]!, order[target]!);
        continue;
      }
      path.length--;
      if (path.length > 0) {
        const parent = path.at(path.length - 1);
        low[parent] = Math.min(low[parent]!, low[node]!);
      }
      if (low[node] !== order[node]) continue;
      const members = open.splice(open.lastIndexOf(node));
      for (const member of members) isOpen[member] = 0;
      found(members);
    }
  }
}
