/** L-CTL-1. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { Frontier } from "../state/frontier.ts";
import type { Collection } from "../state/collections.ts";
import { defineInvariant } from "../define-invariant.ts";
import { SinkItems } from "../sinks/committed-progress.ts";
import { Collections } from "../state/collections.ts";
import { isBefore } from "../state/frontier.ts";
import { readingOf, type KnownNames, type Reading } from "../views/reading.ts";
import { LiveObjects } from "./live-objects.ts";

interface State {
  readonly collections: Collections;
  readonly sinks: SinkItems;
  readonly live: LiveObjects;
  readonly names: KnownNames;
  readonly sinces: Map<string, Frontier>;
  /** The oracle's latest time, in ms. */
  applied: number;
}

/**
 * How far a since may be behind all that holds it, in ms: 10 s are kept readable, it moves in steps of 10 s, it is looked at
 * every 5 s, and views may have to catch up.
 */
const behindMillis = 35_000;

/**
 * L-CTL-1: in the end sinces follow. A shard is held by the views over it only as far as tables and sources below them
 * have come, for views follow these; and by its sinks as far as they have come, which is another rule's. Views in clusters
 * without replicas hold what they read for as long as that lasts.
 */
export const movingSinces = defineInvariant<State, Observed>({
  id: "L-CTL-1",
  doc: "The since of every collection follows its upper and those who read it.",
  state: () => ({
    collections: new Collections(),
    sinks: new SinkItems(),
    live: new LiveObjects(),
    names: new Map(),
    sinces: new Map(),
    applied: 0,
  }),
  on: {
    "shard.changed": ({ collections, sinks, live, sinces }, data) => {
      collections.changed(data);
      sinks.changed(data);
      live.changed(data);
      sinces.set(data.shard, data.since);
    },
    "oracle.applied": (state, { ts }) => void (state.applied = Math.max(state.applied, ts)),
  },
  atEnd: (state) => {
    const { live, collections } = state;
    const shards = new Set<string>();
    for (const id of collections.catalog.items.keys()) {
      const shard = live.shards.get(id);
      if (shard === undefined || collections.get(id) === undefined || shards.has(shard)) continue;
      shards.add(shard);
      const breach = judged(state, shard);
      if (breach !== undefined) return breach;
    }
    return undefined;
  },
});

function judged(state: State, shard: string): Breach | undefined {
  const { sinces, applied } = state;
  const since = sinces.has(shard) ? sinces.get(shard)! : 0;
  const due = Math.min(applied, ...holds(state, shard)) - behindMillis;
  if (due <= 0 || !isBefore(since, due)) return undefined;
  const message = `the since of ${shard} stands still`;
  return { subject: shard, message, expected: { atLeast: due }, observed: since };
}

/** The times up to which a shard is needed. */
function holds(state: State, shard: string): readonly number[] {
  const { collections, sinks, live } = state;
  const isThere = (id: string): boolean => live.shards.get(id) === shard;
  const times: Frontier[] = [];
  for (const item of collections.catalog.items.values()) {
    const collection = collections.get(item.id);
    if (collection === undefined) continue;
    const reading = readingOf(
      item.kind === "materialized-view" ? item.sql : `SELECT * FROM "${item.name}"`,
      collections,
      state.names,
    );
    if (reading === undefined || !(isThere(item.id) || reading.items.some(({ id }) => isThere(id)))) continue;
    times.push(...uppersOf(state, collection, reading));
  }
  for (const { item, from } of sinks.live) {
    if (isThere(from)) times.push(collections.upperOf(live.shards.get(item.id) ?? ""));
  }
  return times.filter((time) => time !== null);
}

/** Uppers of what a collection is made from in the end; its own as well while nobody computes it. */
function uppersOf({ live }: State, { item, upper }: Collection, { bases }: Reading): readonly Frontier[] {
  const object = live.objects.get(item.id);
  const own = object === undefined || object.kind !== "materialized-view" || !live.isRun(object) ? [upper] : [];
  return [...own, ...bases.map((base) => base.upper)];
}
