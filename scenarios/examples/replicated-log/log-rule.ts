/**
 * RL-2. What a replica applies is committed: others must apply the same at that place, whoever has stored it must keep
 * it, and no replica without it may be electable, by the logs on the three disks. The last is what makes a commit
 * safe, and a breach shows before the harm is done.
 */
import { defineInvariant, type Breach } from "wavetank";
import type { Seen } from "./observations.ts";

class Logs {
  readonly #stored = new Map<string, readonly string[]>();
  readonly #committed: string[] = [];

  /** A replica's disk now holds this log. */
  store(replica: string, log: readonly string[]): Breach | undefined {
    const before = this.#stored.get(replica) ?? [];
    this.#stored.set(replica, log);
    for (let place = this.#firstDifference(before, log); place < before.length; place++) {
      if (before[place] === undefined || before[place] !== this.#committed[place]) continue;
      const message = `${replica} has lost a committed entry`;
      return { message, expected: before[place], observed: log[place] ?? null };
    }
    return this.#electable();
  }

  /** A replica takes an entry for committed. */
  commit(index: number, entry: string): Breach | undefined {
    const known = this.#committed[index - 1];
    if (known !== undefined) {
      if (known === entry) return undefined;
      return { message: `two entries are committed at ${index}`, expected: known, observed: entry };
    }
    this.#committed[index - 1] = entry;
    return this.#electable();
  }

  logOf(replica: string): readonly string[] {
    return this.#stored.get(replica) ?? [];
  }

  /** Whether a replica that lacks the last committed entry would get the votes of a majority. */
  #electable(): Breach | undefined {
    const place = this.#committed.length - 1;
    if (place < 0) return undefined;
    const expected = this.#committed[place]!;
    for (const [replica, log] of this.#stored) {
      if (log[place] === expected) continue;
      const voters = [...this.#stored.values()].filter((other) => isUpToDate(log, other));
      if (voters.length * 2 <= this.#stored.size) continue;
      const message = `${replica} lacks a committed entry and could be elected`;
      return { message, expected, observed: log[place] ?? null };
    }
    return undefined;
  }

  #firstDifference(a: readonly string[], b: readonly string[]): number {
    let place = 0;
    while (place < a.length && a[place] === b[place]) place++;
    return place;
  }
}

/** Whether a voter with the log `voter` would vote for one with the log `candidate`. */
function isUpToDate(candidate: readonly string[], voter: readonly string[]): boolean {
  const difference = lastTerm(candidate) - lastTerm(voter);
  return difference > 0 || (difference === 0 && candidate.length >= voter.length);
}

function lastTerm(log: readonly string[]): number {
  return Number(log.at(-1)?.split("/")[0] ?? 0);
}

export const committedStays = defineInvariant<Logs, Seen>({
  id: "RL-2",
  doc: "A committed entry is the same everywhere and stays: nobody loses it, and nobody who lacks it can be elected.",
  state: () => new Logs(),
  on: {
    "log.recovered": (logs, { replica, entries }) => logs.store(replica, entries),
    "log.stored": (logs, { replica, keep, entries }) =>
      logs.store(replica, [...logs.logOf(replica).slice(0, keep), ...entries]),
    "entry.applied": (logs, { index, entry }) => logs.commit(index, entry),
  },
});
