/** What an exploration found. Plain data. */

/** A finite story, or one that goes round for ever when `cycle` is not empty. */
export interface Violation {
  readonly kind: "safety" | "liveness";
  /** Id of the property, or of the goal. */
  readonly property: string;
  readonly message: string;
  /** Steps from the beginning, in words: the fewest faults, then the fewest steps, that lead there. */
  readonly prefix: readonly string[];
  readonly cycle: readonly string[];
}

export interface Exploration {
  readonly title: string;
  readonly states: number;
  /** Steps between them, those that change nothing included. */
  readonly transitions: number;
  /** Steps to the state that is furthest from the beginning. */
  readonly depth: number;
  /** Whether every reachable state was seen. False behind a violation of safety, or at the limit of states. */
  readonly isComplete: boolean;
  readonly violation: Violation | null;
  /** Transitions of the core that were taken, and those of its list that never were; both sorted. */
  readonly covered: readonly string[];
  readonly uncovered: readonly string[];
  /** States in which the goal is reached. */
  readonly goals: number;
  /**
   * Most steps until the goal once faults stop, in whatever order; null where some order goes round (for as long as an
   * actor is held back against all fairness), and where the goal was not judged.
   */
  readonly worst: number | null;
  /** The same by the shortest way, from the state that is furthest from the goal; null where it was not judged. */
  readonly furthest: number | null;
}

/** How far an exploration is. */
export interface ExplorationProgress {
  readonly states: number;
  readonly transitions: number;
  /** States that were found and not yet looked at. */
  readonly waiting: number;
}
