/**
 * Hands out the seeds of a suite in chunks: of the scenario that is furthest behind, so that all advance alike and a time
 * budget is spent evenly; as many seeds as take about a tenth of a second, so that progress is smooth and a worker that is
 * lost costs little. Chunks depend on measured time; what they come to does not (`fold.ts`).
 */
import type { RunResult, ScenarioUse, SeedRun } from "../pool/messages.ts";
import type { ScenarioFold } from "./fold.ts";
import { nextSeed } from "../plan/seed.ts";

const chunkMicros = 400_000;
const chunkMax = 1_024;

/** Which seeds of a suite are run here: those with index = `index` - 1 modulo `count`. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** How many of `seeds` seeds fall to a shard. */
export function shardSize(seeds: number, shard: Shard): number {
  return Math.max(0, Math.ceil((seeds - (shard.index - 1)) / shard.count));
}

export interface WorkOptions {
  readonly use: ScenarioUse;
  readonly fold: ScenarioFold;
  readonly from: string;
  readonly shard: Shard;
  /** Every so many seeds, from the first on, one is executed twice. */
  readonly determinismEvery: number;
}

/** The seeds of one scenario: those still to hand out, and how long one takes. */
export class ScenarioWork {
  readonly use: ScenarioUse;
  readonly fold: ScenarioFold;
  readonly #options: WorkOptions;
  readonly #again: number[] = [];
  #next = 0;
  #microsPerRun = chunkMicros;

  constructor(options: WorkOptions) {
    this.use = options.use;
    this.fold = options.fold;
    this.#options = options;
  }

  /** Seeds not handed out yet. */
  get left(): number {
    return this.fold.isOver ? 0 : this.#again.length + this.fold.total - this.#next;
  }

  /** The next seeds, at most `max` and no more than fit a chunk. */
  take(max: number): readonly SeedRun[] {
    const fitting = Math.max(1, Math.min(chunkMax, max, Math.floor(chunkMicros / this.#microsPerRun)));
    const positions = this.#again.splice(0, fitting);
    while (positions.length < fitting && this.#next < this.fold.total) positions.push(this.#next++);
    return positions.map((position) => this.#runAt(position));
  }

  /** Hands a run out again whose result never came. */
  giveBack(run: SeedRun): void {
    this.#again.push(this.#positionOf(run.index));
    this.#again.sort((a, b) => a - b);
  }

  accept(result: RunResult): void {
    this.#microsPerRun = Math.max(1, (3 * this.#microsPerRun + result.cpuMicros) / 4);
    this.fold.add(this.#positionOf(result.index), result);
  }

  has(run: SeedRun): boolean {
    return this.fold.isOver || this.fold.has(this.#positionOf(run.index));
  }

  /** The run of the suite's seed with this index. */
  runOf(index: number): SeedRun {
    return this.#runAt(this.#positionOf(index));
  }

  #runAt(position: number): SeedRun {
    const { from, shard, determinismEvery } = this.#options;
    const index = shard.index - 1 + position * shard.count;
    return { index, seed: nextSeed(from, index), isChecked: position % determinismEvery === 0 };
  }

  #positionOf(index: number): number {
    const { shard } = this.#options;
    return (index - (shard.index - 1)) / shard.count;
  }
}

export interface Chunk {
  readonly work: ScenarioWork;
  readonly runs: readonly SeedRun[];
}

/** The next chunk for one of `jobs` workers, or null when everything is handed out. */
export function nextChunk(works: readonly ScenarioWork[], jobs: number): Chunk | null {
  let furthestBehind: ScenarioWork | null = null;
  let most = 0;
  for (const work of works) {
    const share = work.left / work.fold.total;
    if (share > most) {
      furthestBehind = work;
      most = share;
    }
  }
  if (furthestBehind === null) return null;
  const left = works.reduce((sum, work) => sum + work.left, 0);
  // Towards the end chunks get smaller: no worker sits on a long one while the others have nothing left.
  return { work: furthestBehind, runs: furthestBehind.take(Math.ceil(left / (2 * jobs))) };
}
