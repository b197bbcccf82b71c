/**
 * What can be explored: a finite world of states and the steps between them. A model wraps pure cores in an environment
 * that does whatever the real one may do, and says what must hold in every state (safety) and what must come about once
 * faults stop (the goal).
 */

/** One step out of a state. */
export interface Transition<State, Move> {
  /** What happened, for the story; the model puts it into words. */
  readonly move: Move;
  /** Canonical: states that differ in nothing that matters are one value. */
  readonly next: State;
  /**
   * `fault`: done to the system, at most so often. `untimely`: possible while delays have no bound, as faults can bring
   * about, and so no excuse for safety; but once faults stop, time is kept, and it does not happen any more. `postponed`:
   * no step here, since others come first; but its actor waits for it.
   */
  readonly nature: "ordinary" | "untimely" | "fault" | "postponed";
  /** Names of the core's transitions that this step went through. */
  readonly covers: readonly string[];
  /**
   * Who does it: steps with the same number are one actor, and an actor that can step all the time does so in the end
   * (weak fairness). Null: nothing ever has to be done, though it may be.
   */
  readonly actor: number | null;
}

/** What must hold in every state. */
export interface Property<State> {
  readonly id: string;
  readonly doc: string;
  /** What is wrong with a state; null when nothing is. */
  readonly problem: (state: State) => string | null;
}

export interface Model<State, Move> {
  /** As a table shows it: `3 processes, ≤2 faults`. */
  readonly title: string;
  readonly initial: readonly State[];
  /** Every step that is possible, in an order that depends on the state alone. */
  readonly enabled: (state: State) => readonly Transition<State, Move>[];
  /** Equal for equal states only. */
  readonly key: (state: State) => string;
  readonly properties: readonly Property<State>[];
  /** What a run reaches, whatever was done to it, once nothing more is done to it. */
  readonly goal: { readonly id: string; readonly doc: string; readonly isReached: (state: State) => boolean };
  /** Every transition of the core that can happen at all; empty where nobody has listed them. */
  readonly coreTransitions: readonly string[];
  /** A step between two states in words, to somebody who knows the protocol. */
  readonly describe: (move: Move, from: State, to: State) => string;
}
