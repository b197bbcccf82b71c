/**
 * The states that were found, numbered in order of their finding, with their ordinary steps. Those that change
 * nothing are left out: they lead nowhere.
 */
import { NumberList } from "./number-list.ts";

const unknown = -1;

export class StateGraph<State> {
  readonly states: State[] = [];
  readonly #numbers = new Map<string, number>();
  /** Where a state's first step stands in `targets`, by state; `unknown` before it was expanded. */
  readonly #starts = new NumberList();
  readonly #counts = new NumberList();
  readonly #targets = new NumberList();
  readonly #ends: number[] = [];
  readonly #parents = new NumberList();
  /** Fewest faults, and then fewest steps, by which a state is reached. */
  readonly #faults = new NumberList();
  readonly #depths = new NumberList();
  readonly #key: (state: State) => string;

  constructor(key: (state: State) => string) {
    this.#key = key;
  }

  get size(): number {
    return this.states.length;
  }

  /**
   * The number of a state that was reached from `parent` (-1: it is initial); negative, its complement, when it is as
   * near as before, so that nothing about it is new.
   */
  reach(state: State, parent: number, faults: number, depth: number): number {
    const key = this.#key(state);
    const known = this.#numbers.get(key);
    if (known === undefined) {
      const number = this.states.push(state) - 1;
      this.#numbers.set(key, number);
      this.#parents.push(parent);
      this.#faults.push(faults);
      this.#depths.push(depth);
      this.#starts.push(unknown);
      this.#counts.push(0);
      return number;
    }
    const before = this.#faults.at(known);
    if (before < faults || (before === faults && this.#depths.at(known) <= depth)) return ~known;
    this.#parents.set(known, parent);
    this.#faults.set(known, faults);
    this.#depths.set(known, depth);
    return known;
  }

  /** Expanded states out of which nobody has to step. */
  get ends(): readonly number[] {
    return this.#ends;
  }

  isExpanded(number: number): boolean {
    return this.#starts.at(number) !== unknown;
  }

  /** Sets the steps out of a state, once. `isOwed`: somebody has to take one of them. */
  connect(number: number, targets: readonly number[], isOwed: boolean): void {
    if (!isOwed) this.#ends.push(number);
    this.#starts.set(number, this.#targets.length);
    this.#counts.set(number, targets.length);
    for (const target of targets) this.#targets.push(target);
  }

  faultsOf(number: number): number {
    return this.#faults.at(number);
  }

  depthOf(number: number): number {
    return this.#depths.at(number);
  }

  /** -1 of an initial state. */
  parentOf(number: number): number {
    return this.#parents.at(number);
  }

  countOf(number: number): number {
    return this.#counts.at(number);
  }

  targetOf(number: number, index: number): number {
    return this.#targets.at(this.#starts.at(number) + index);
  }
}
