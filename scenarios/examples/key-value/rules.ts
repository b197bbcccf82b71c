/** What must hold whatever breaks, judged from what the clients tell. */
import { defineInvariant } from "wavetank";
import type { Value } from "./protocol.ts";
import { Replacements } from "./replacements.ts";

interface Pair {
  readonly key: string;
  readonly value: string;
}

interface Amount {
  readonly key: string;
  readonly value: number;
}

/** What clients tell. A put or an add that is neither acked nor failed may take effect at any later time, once. */
export interface KeyValueEvents {
  "put.started": Pair;
  "put.acked": Pair;
  "put.failed": Pair;
  "put.unknown": Pair;
  "add.started": Amount;
  "add.acked": Amount;
  "add.failed": Amount;
  "add.unknown": Amount;
  "read.started": { readonly read: string; readonly key: string };
  "read.ended": { readonly read: string; readonly key: string; readonly value: Value | null };
}

export const acknowledgedPut = defineInvariant<Replacements, KeyValueEvents>({
  id: "KV-1",
  doc: "An acknowledged put is readable until it is overwritten.",
  state: () => new Replacements(),
  on: {
    "put.started": (known, { value }) => known.begin(value),
    "put.acked": (known, { key, value }) => {
      known.establish(key, value);
      known.retire(key, value, value);
    },
    "read.started": (known, { read }) => known.begin(read),
    "read.ended": (known, { key, value, read }) => {
      const breach = known.check(key, value, read);
      if (breach !== undefined) return { ...breach, message: `a read of ${key} missed an acknowledged put` };
      known.establish(key, value);
      return undefined;
    },
  },
});

interface Count {
  /** Sum of what was acknowledged. */
  acked: number;
  /** Sum of what was asked for and has not certainly failed. */
  asked: number;
  /** The highest count that a read has returned. */
  seen: number;
}

class Counts {
  readonly #counts = new Map<string, Count>();
  /** Counts as they were when a read began. */
  readonly #before = new Map<string, Count>();

  of(key: string): Count {
    let count = this.#counts.get(key);
    if (count === undefined) {
      count = { acked: 0, asked: 0, seen: 0 };
      this.#counts.set(key, count);
    }
    return count;
  }

  begin(read: string, key: string): void {
    this.#before.set(read, { ...this.of(key) });
  }

  /** What was known when a read began. */
  before(read: string, key: string): Count {
    return this.#before.get(read) ?? this.of(key);
  }
}

export const countedOnce = defineInvariant<Counts, KeyValueEvents>({
  id: "KV-2",
  doc: "An add counts once: all that were acknowledged before a read, and none twice.",
  state: () => new Counts(),
  on: {
    "add.started": (counts, { key, value }) => void (counts.of(key).asked += value),
    "add.acked": (counts, { key, value }) => void (counts.of(key).acked += value),
    "add.failed": (counts, { key, value }) => void (counts.of(key).asked -= value),
    "read.started": (counts, { read, key }) => counts.begin(read, key),
    "read.ended": (counts, { read, key, value }) => {
      const least = counts.before(read, key).acked;
      const most = counts.of(key).asked;
      const observed = value ?? 0;
      if (typeof observed !== "number" || (observed >= least && observed <= most)) return undefined;
      return { message: `${key} was counted wrong`, expected: { least, most }, observed };
    },
  },
});

interface Seen {
  readonly replacements: Replacements;
  readonly counts: Counts;
}

export const readStays = defineInvariant<Seen, KeyValueEvents>({
  id: "KV-3",
  doc: "What was read once is not un-read: no later read returns what it had replaced, and no count goes back.",
  state: () => ({ replacements: new Replacements(), counts: new Counts() }),
  on: {
    "put.acked": ({ replacements }, { key, value }) => replacements.establish(key, value),
    "read.started": ({ replacements, counts }, { read, key }) => {
      replacements.begin(read);
      counts.begin(read, key);
    },
    "read.ended": ({ replacements, counts }, { read, key, value }) => {
      if (typeof value === "number") {
        const expected = counts.before(read, key).seen;
        if (value < expected) return { message: `${key} went back`, expected: { least: expected }, observed: value };
        counts.of(key).seen = Math.max(counts.of(key).seen, value);
        return undefined;
      }
      const breach = replacements.check(key, value, read);
      if (breach !== undefined) return { ...breach, message: `a value of ${key} was read, and then one before it` };
      replacements.establish(key, value);
      replacements.retire(key, value, read);
      return undefined;
    },
  },
});

export const putBySomebody = defineInvariant<Map<string, Set<string>>, KeyValueEvents>({
  id: "KV-4",
  doc: "Every value that is read was put there by somebody.",
  state: () => new Map(),
  on: {
    "put.started": (put, { key, value }) => void put.set(key, (put.get(key) ?? new Set()).add(value)),
    "put.failed": (put, { key, value }) => void put.get(key)?.delete(value),
    "read.ended": (put, { key, value }) => {
      if (typeof value !== "string" || put.get(key)?.has(value) === true) return undefined;
      return { message: `${key} has a value that nobody put`, observed: value };
    },
  },
});
