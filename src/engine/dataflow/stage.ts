/**
 * One worker's stage: holds changes back until their time is complete on all inputs, then works on the times in order.
 * So what it says of a time is said once and depends on nothing but its inputs' contents.
 */
import type { Entry, Frontier, Time, Update } from "../collection.ts";
import type { Change } from "./multiset.ts";
import type { DataflowPolicies } from "./policies.ts";
import type { Operator } from "./operators/operator.ts";
import { meet } from "../collection.ts";
import { consolidateChanges } from "./multiset.ts";

interface Input {
  readonly pending: Map<Time, Change[]>;
  frontier: Frontier;
}

export class Stage {
  /** What it says from now on is not before it. */
  frontier: Frontier;
  readonly #operator: Operator;
  readonly #inputs: readonly Input[];
  readonly #policies: DataflowPolicies;
  /** The first time, at which the operators are asked even if no input changes; null once they were. */
  #start: Time | null;
  #hasNews = true;

  constructor(operator: Operator, inputs: number, start: Time, policies: DataflowPolicies) {
    this.#operator = operator;
    this.#inputs = Array.from({ length: inputs }, () => ({ pending: new Map(), frontier: start }));
    this.#policies = policies;
    this.#start = start;
    this.frontier = start;
  }

  push(input: number, [entry, time, diff]: Update<Entry>): void {
    const { pending } = this.#inputs[input]!;
    const changes = pending.get(time);
    if (changes === undefined) pending.set(time, [[entry, diff]]);
    else changes.push([entry, diff]);
    this.#hasNews = true;
  }

  /** Nothing before `frontier` comes on this input any more. */
  advance(input: number, frontier: Frontier): void {
    const state = this.#inputs[input]!;
    if (state.frontier === frontier) return;
    state.frontier = frontier;
    this.#hasNews = true;
  }

  /** Works on what is complete: what changes by it, in order of time, consolidated. */
  step(): readonly Update<Entry>[] {
    if (!this.#hasNews) return [];
    this.#hasNews = false;
    const frontier = this.#inputs.map((input) => input.frontier).reduce(meet, null);
    const updates: Update<Entry>[] = [];
    for (const time of this.#complete(frontier)) {
      const inputs = this.#inputs.map(({ pending }) => {
        const changes = pending.get(time) ?? [];
        pending.delete(time);
        return consolidateChanges(changes);
      });
      for (const [entry, diff] of consolidateChanges(this.#operator.apply(inputs))) updates.push([entry, time, diff]);
    }
    this.frontier = frontier;
    return updates;
  }

  #complete(frontier: Frontier): readonly Time[] {
    const times = new Set<Time>();
    if (this.#start !== null && this.#policies.isComplete(frontier, this.#start)) {
      times.add(this.#start);
      this.#start = null;
    }
    for (const { pending } of this.#inputs) {
      for (const time of pending.keys()) if (this.#policies.isComplete(frontier, time)) times.add(time);
    }
    return [...times].toSorted((a, b) => a - b);
  }
}
