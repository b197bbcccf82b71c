/**
 * Explores every state of a model within a number of faults: breadth first, all that fewer faults lead to before what
 * needs more. So a state is told apart by what it is and not by how many faults are left, and every story is one with the
 * fewest faults, and then the fewest steps. Safety is judged in each state, liveness when all are known.
 */
import type { Exploration, ExplorationProgress, Violation } from "./exploration.ts";
import type { Model } from "./model.ts";
import { furthestFrom } from "./distance.ts";
import { judgeLiveness } from "./liveness.ts";
import { StateGraph } from "./state-graph.ts";
import { stepsAlong, storyTo } from "./story.ts";

export interface ExploreOptions {
  /** Faults at most in one run. */
  readonly faults: number;
  /** Gives up, incomplete, behind so many states. Default four millions. */
  readonly statesMax?: number;
}

const statesMaxDefault = 4_000_000;
/** States between two reports of progress. */
const slice = 4_096;

/** Explores to the end. Deterministic; throws what the model throws. */
export function explore<State, Move>(model: Model<State, Move>, options: ExploreOptions): Exploration {
  const exploring = exploreInSlices(model, options);
  for (;;) {
    const { done, value } = exploring.next();
    if (done === true) return value;
  }
}

/** The same in slices of some thousand states, for callers that have something else to do in between. */
export function* exploreInSlices<State, Move>(
  model: Model<State, Move>,
  options: ExploreOptions,
): Generator<ExplorationProgress, Exploration> {
  const search = new Search(model, options);
  for (let count = 1; search.step(); count++) if (count % slice === 0) yield search.progress();
  return search.result();
}

class Search<State, Move> {
  readonly #model: Model<State, Move>;
  readonly #options: ExploreOptions;
  readonly #graph: StateGraph<State>;
  readonly #covered = new Set<string>();
  readonly #lists = new Set<readonly string[]>();
  /** States to be expanded at this number of faults, and at the next, by depth. */
  #level: number[][] = [];
  #nextLevel: number[][] = [];
  #faults = 0;
  #depth = 0;
  #transitions = 0;
  #expanded = 0;
  #deepest = 0;
  #violation: Violation | null = null;

  constructor(model: Model<State, Move>, options: ExploreOptions) {
    this.#model = model;
    this.#options = options;
    this.#graph = new StateGraph(model.key);
    for (const state of model.initial) this.#reach(state, -1, 0, 0);
  }

  progress(): ExplorationProgress {
    return {
      states: this.#graph.size,
      transitions: this.#transitions,
      waiting: this.#graph.size - this.#expanded,
    };
  }

  /** Looks at one state; false when there is none left, or no reason to go on. */
  step(): boolean {
    if (this.#violation !== null || this.#isFull()) return false;
    for (;;) {
      const waiting = this.#level[this.#depth];
      if (waiting === undefined || waiting.length === 0) {
        if (++this.#depth < this.#level.length) continue;
        if (this.#nextLevel.length === 0) return false;
        this.#level = this.#nextLevel;
        this.#nextLevel = [];
        this.#faults++;
        this.#depth = 0;
        continue;
      }
      const number = waiting.pop()!;
      if (this.#graph.isExpanded(number) || this.#graph.depthOf(number) !== this.#depth) continue;
      this.#expand(number);
      return true;
    }
  }

  result(): Exploration {
    const { coreTransitions, title } = this.#model;
    const graph = this.#graph;
    const isComplete = this.#violation === null && !this.#isFull();
    const isGoal = new Uint8Array(graph.size);
    let goals = 0;
    for (const [number, state] of graph.states.entries()) {
      if (!this.#model.goal.isReached(state)) continue;
      isGoal[number] = 1;
      goals++;
    }
    const liveness = isComplete ? this.#judgeLiveness(isGoal) : null;
    return {
      title,
      states: graph.size,
      transitions: this.#transitions,
      depth: this.#deepest,
      isComplete,
      violation: this.#violation,
      covered: [...this.#covered].toSorted(),
      uncovered: coreTransitions.filter((name) => !this.#covered.has(name)).toSorted(),
      goals,
      worst: liveness?.worst ?? null,
      furthest: liveness?.furthest ?? null,
    };
  }

  #isFull(): boolean {
    return this.#graph.size >= (this.#options.statesMax ?? statesMaxDefault);
  }

  #reach(state: State, parent: number, faults: number, depth: number): number {
    const number = this.#graph.reach(state, parent, faults, depth);
    if (number < 0) return ~number;
    const level = faults === this.#faults ? this.#level : this.#nextLevel;
    while (level.length <= depth) level.push([]);
    level[depth]!.push(number);
    return number;
  }

  #expand(number: number): void {
    const model = this.#model;
    const state = this.#graph.states[number]!;
    this.#expanded++;
    this.#deepest = Math.max(this.#deepest, this.#depth);
    for (const { id, problem } of model.properties) {
      const message = problem(state);
      if (message === null) continue;
      const prefix = storyTo(model, this.#graph, number);
      this.#violation = { kind: "safety", property: id, message, prefix, cycle: [] };
      return;
    }
    const targets: number[] = [];
    let isOwed = false;
    for (const { next, nature, covers, actor } of model.enabled(state)) {
      const isFault = nature === "fault";
      if (nature === "postponed") continue;
      if (isFault && this.#faults >= this.#options.faults) continue;
      this.#transitions++;
      if (covers.length > 0) this.#cover(covers);
      const faults = isFault ? this.#faults + 1 : this.#faults;
      const target = this.#reach(next, number, faults, this.#depth + 1);
      if (nature !== "ordinary" || target === number) continue;
      targets.push(target);
      if (actor !== null) isOwed = true;
    }
    this.#graph.connect(number, targets, isOwed);
  }

  #cover(names: readonly string[]): void {
    // Models keep their lists: most steps go where others went.
    if (this.#lists.has(names)) return;
    this.#lists.add(names);
    for (const name of names) this.#covered.add(name);
  }

  #judgeLiveness(isGoal: Uint8Array): { readonly worst: number | null; readonly furthest: number } | null {
    const { miss, worst } = judgeLiveness(this.#model, this.#graph, isGoal);
    if (miss === null) return { worst, furthest: furthestFrom(this.#graph, isGoal) };
    const { id, doc } = this.#model.goal;
    const what = miss.cycle.length === 0 ? "everything stands still" : "it goes round for ever";
    this.#violation = {
      kind: "liveness",
      property: id,
      message: `it never comes about that ${doc}: ${what}, and no further fault is needed`,
      prefix: storyTo(this.#model, this.#graph, miss.state),
      cycle: stepsAlong(this.#model, this.#graph, [miss.state, ...miss.cycle]),
    };
    return null;
  }
}
