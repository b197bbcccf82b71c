/**
 * Whether the goal comes about once faults stop: nobody may stand still without it, and no fair cycle avoids it. Mere
 * reachability would not do: a protocol can go round for ever and have a way out at each turn that is never taken. A
 * cycle is fair when no actor could have stepped all the way round and never did.
 */
import type { Model } from "./model.ts";
import type { StateGraph } from "./state-graph.ts";
import type { Graph } from "./components.ts";
import { components } from "./components.ts";

/** A way to miss the goal: to stand still in a state, or to go round from it through `cycle`, back to it. */
export interface Miss {
  readonly state: number;
  readonly cycle: readonly number[];
}

export interface LivenessResult {
  readonly miss: Miss | null;
  readonly worst: number | null;
}

/** Judges an explored graph. `isGoal` by number of state. */
export function judgeLiveness<State, Move>(
  model: Model<State, Move>,
  graph: StateGraph<State>,
  isGoal: Uint8Array,
): LivenessResult {
  const steps = new Int32Array(graph.size);
  const misses: Miss[] = graph.ends.filter((node) => isGoal[node] === 0).map((state) => ({ state, cycle: [] }));
  let worst = 0;
  let goesRound = false;
  const nearest = (a: number, b: number): number =>
    graph.faultsOf(a) - graph.faultsOf(b) || graph.depthOf(a) - graph.depthOf(b) || a - b;
  components(
    graph,
    (node) => isGoal[node] === 0,
    (nodes) => {
      if (nodes.length > 1) {
        goesRound = true;
        const cycle = fairCycle(model, graph, nodes);
        if (cycle === null) return;
        const first = cycle.reduce((best, node) => (nearest(node, best) < 0 ? node : best));
        const at = cycle.indexOf(first);
        misses.push({ state: first, cycle: [...cycle.slice(at + 1), ...cycle.slice(0, at), first] });
        return;
      }
      const node = nodes[0]!;
      const count = graph.countOf(node);
      let most = 0;
      for (let index = 0; index < count; index++) most = Math.max(most, steps[graph.targetOf(node, index)]!);
      steps[node] = most + 1;
      worst = Math.max(worst, most + 1);
    },
  );
  const length = ({ state, cycle }: Miss): number => graph.depthOf(state) + cycle.length;
  misses.sort((a, b) => graph.faultsOf(a.state) - graph.faultsOf(b.state) || length(a) - length(b));
  return { miss: misses[0] ?? null, worst: goesRound || misses.length > 0 ? null : worst };
}

/** How many states of a component are tried as the beginning of a shortest cycle. */
const triesMax = 400;

/** A fair cycle through states of one component, as short as can be found; null when the component has none. */
function fairCycle<State, Move>(
  model: Model<State, Move>,
  graph: StateGraph<State>,
  nodes: readonly number[],
): readonly number[] | null {
  const inside = new Set(nodes);
  const actors = new Map(nodes.map((node) => [node, stepsOf(model, graph, node)]));
  const demands = demandsOn(nodes, actors);
  // An actor that can step everywhere, and whose steps all lead out of the component: nothing stays in it fairly.
  const taken = new Set<number>();
  for (const [, steps] of actors) {
    for (const [actor, targets] of steps) if (targets.some((target) => inside.has(target))) taken.add(actor);
  }
  if (demands.some((actor) => !taken.has(actor))) return null;
  const starts = nodes.toSorted((a, b) => graph.depthOf(a) - graph.depthOf(b)).slice(0, triesMax);
  let best: readonly number[] | null = null;
  for (const start of starts) {
    const cycle = walk(graph, inside, start, (node) => node === start);
    if (cycle === null || (best !== null && cycle.length >= best.length)) continue;
    if (isFair(cycle, actors)) best = cycle;
  }
  return best ?? tour(graph, inside, starts[0]!, demands, actors);
}

/** Where the steps out of a state that somebody owes lead, by actor: nowhere of those that are postponed. */
function stepsOf<State, Move>(
  model: Model<State, Move>,
  graph: StateGraph<State>,
  node: number,
): ReadonlyMap<number, readonly number[]> {
  const state = graph.states[node]!;
  const steps = new Map<number, number[]>();
  let index = 0;
  for (const { actor, nature, next } of model.enabled(state)) {
    if ((nature !== "ordinary" && nature !== "postponed") || model.key(next) === model.key(state)) continue;
    const targets = nature === "ordinary" ? [graph.targetOf(node, index++)] : [];
    if (actor !== null) steps.set(actor, [...(steps.get(actor) ?? []), ...targets]);
  }
  return steps;
}

type Steps = ReadonlyMap<number, ReadonlyMap<number, readonly number[]>>;

/** The actors that can step in each of these states. */
function demandsOn(nodes: readonly number[], actors: Steps): number[] {
  return [...actors.get(nodes[0]!)!.keys()].filter((actor) => nodes.every((node) => actors.get(node)!.has(actor)));
}

function isFair(cycle: readonly number[], actors: Steps): boolean {
  return demandsOn(cycle, actors).every((actor) =>
    cycle.some((node, index) =>
      actors
        .get(node)!
        .get(actor)!
        .includes(cycle[(index + 1) % cycle.length]!),
    ),
  );
}

/** The shortest way of at least one step from `start` to a node that `isEnd`; without `start`. Null when there is none. */
function walk(
  graph: Graph,
  inside: ReadonlySet<number>,
  start: number,
  isEnd: (node: number) => boolean,
): readonly number[] | null {
  const from = new Map<number, number>();
  const queue = [start];
  for (const node of queue) {
    for (let index = 0; index < graph.countOf(node); index++) {
      const target = graph.targetOf(node, index);
      if (!inside.has(target) || from.has(target)) continue;
      from.set(target, node);
      if (!isEnd(target)) {
        queue.push(target);
        continue;
      }
      const way = [target];
      for (let last = node; last !== start; last = from.get(last)!) way.unshift(last);
      return way;
    }
  }
  return null;
}

/** A way round that gives every actor its turn: from one state in which it steps, or cannot, to the next. */
function tour(
  graph: Graph,
  inside: ReadonlySet<number>,
  start: number,
  demands: readonly number[],
  actors: Steps,
): readonly number[] {
  const way: number[] = [];
  const all = new Set([...inside].flatMap((node) => [...actors.get(node)!.keys()]));
  let here = start;
  for (const actor of all) {
    if ([start, ...way].some((node) => !actors.get(node)!.has(actor))) continue;
    const steps = (node: number): readonly number[] => actors.get(node)!.get(actor) ?? [];
    const isTurn = (node: number): boolean =>
      demands.includes(actor) ? steps(node).some((target) => inside.has(target)) : steps(node).length === 0;
    if (!isTurn(here)) {
      way.push(...walk(graph, inside, here, isTurn)!);
      here = way.at(-1)!;
    }
    const next = steps(here).find((target) => inside.has(target));
    if (next === undefined) continue;
    way.push(next);
    here = next;
  }
  if (here !== start || way.length === 0) way.push(...walk(graph, inside, here, (node) => node === start)!);
  return way;
}
