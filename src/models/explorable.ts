/** What can be explored by name: a core, and the worlds around it that are small enough to be walked to the end. */
import type { Exploration, ExplorationProgress } from "../explore/exploration.ts";
import type { Model } from "../explore/model.ts";
import { exploreInSlices } from "../explore/explore.ts";

/** One world around a core, within a number of faults. */
export interface ExplorableWorld {
  readonly title: string;
  readonly explore: () => Generator<ExplorationProgress, Exploration>;
}

export interface Explorable<C> {
  readonly id: string;
  readonly doc: string;
  /** What every state leads to once faults stop, in a sentence about it. */
  readonly liveness: string;
  /** The core in force. */
  readonly core: C;
  readonly worlds: (core: C) => readonly ExplorableWorld[];
}

/** A world whose model is made when it is explored: what a model remembers of one exploration is of no use to another. */
export function worldOf<State, Move>(
  title: string,
  faults: number,
  model: (title: string) => Model<State, Move>,
): ExplorableWorld {
  return { title, explore: () => exploreInSlices(model(title), { faults }) };
}
