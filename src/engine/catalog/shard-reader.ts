/** Reads the catalog's shard: a consistent beginning, and every step from there to the current upper. */
import type { Time } from "../collection.ts";
import type { Listener, Shard } from "../persist/persist.ts";
import { CatalogContents } from "./contents.ts";
import type { CatalogChange, CatalogEntry } from "./entry.ts";

export interface TimedChanges {
  readonly time: Time;
  readonly changes: readonly CatalogChange[];
}

/** The upper as a number: the catalog never ends. */
export async function currentUpper(shard: Shard<CatalogEntry>): Promise<Time> {
  return (await shard.bounds()).upper ?? Number.MAX_SAFE_INTEGER;
}

/** Contents at the current upper, with it. Begins a new shard by an empty step; that another did so first is as good. */
export async function readContents(
  shard: Shard<CatalogEntry>,
): Promise<{ readonly contents: CatalogContents; readonly upper: Time }> {
  for (;;) {
    const upper = await currentUpper(shard);
    if (upper === 0) {
      await shard.compareAndAppend([], 0, 1);
      continue;
    }
    const rows = await unlessCompacted(shard.snapshot(upper - 1));
    if (rows === null) continue;
    const contents = new CatalogContents();
    contents.apply(rows);
    return { contents, upper };
  }
}

export interface Steps {
  /** By time, ascending. */
  readonly steps: readonly TimedChanges[];
  /** At least the one asked for. */
  readonly upper: Time;
}

/** All changes from `from` (an upper read up to before) to `target` or beyond; null when they have been compacted. */
export async function readSteps(shard: Shard<CatalogEntry>, from: Time, target: Time): Promise<Steps | null> {
  const listener = shard.listen(from - 1);
  const steps = await drain(listener, from, target);
  listener.stop();
  return steps;
}

async function drain(listener: Listener<CatalogEntry>, from: Time, target: Time): Promise<Steps | null> {
  const byTime = new Map<Time, CatalogChange[]>();
  let upper = from;
  while (upper < target) {
    const step = await unlessCompacted(listener.next());
    if (step === null) return null;
    for (const [entry, time, diff] of step.updates) {
      const changes = byTime.get(time);
      if (changes === undefined) byTime.set(time, [[entry, diff]]);
      else changes.push([entry, diff]);
    }
    upper = step.upper ?? target;
  }
  const steps = [...byTime].toSorted(([a], [b]) => a - b).map(([time, changes]) => ({ time, changes }));
  return { steps, upper };
}

async function unlessCompacted<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if ((error as { code?: unknown }).code === "since-violation") return null;
    throw error;
  }
}
