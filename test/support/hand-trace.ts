/** Traces written by hand, and what an invariant makes of them. */
import { micros } from "../../src/base/time.ts";
import type { Json } from "../../src/base/json.ts";
import type { Breach, InvariantDefinition } from "../../src/runner/definition.ts";
import type { EngineEvents } from "../../src/ports/engine-events.ts";

/** An observation: what was seen, of which process, at which second. Left out: nobody, a millisecond after the last one. */
export type Seen = readonly [kind: string, data: object, process?: string, second?: number | undefined];

/** The first breach, that at the end included; undefined when there is none. */
export function firstBreach(invariant: InvariantDefinition<any>, trace: readonly Seen[]): Breach | undefined {
  const state = invariant.state();
  let at = 0;
  for (const [event, [kind, data, process = "", second]] of trace.entries()) {
    at = second === undefined ? at + 1_000 : second * 1_000_000;
    const seen = { event: event + 1, at: micros(at), process, kind, data: data as Json };
    const breach = invariant.on[kind]?.(state, data as never, seen);
    if (breach !== undefined && breach !== null) return breach as Breach;
  }
  return invariant.atEnd?.(state) ?? undefined;
}

type Changed = EngineEvents["shard.changed"];

/** Changes of shards, one on top of the other, with what is not told taken from the one before. */
export function shardHistory(): (shard: string, change: Partial<Changed>) => Seen {
  const shards = new Map<string, Changed>();
  return (shard, change) => {
    const before = shards.get(shard);
    const upper = before === undefined ? 0 : before.upper;
    const next: Changed = {
      shard,
      sequence: (before?.sequence ?? 0) + 1,
      since: before === undefined ? 0 : before.since,
      upper,
      lower: upper,
      updates: [],
      owner: { generation: 1, epoch: 1 },
      change: change.upper === undefined ? "since" : "append",
      ...change,
    };
    shards.set(shard, next);
    return ["shard.changed", next];
  };
}

/** An append of entries to the catalog at the time just below its new upper: those to retract, then those to insert. */
export function catalogHistory(): (gone: readonly Json[], come: readonly Json[], upper?: number) => Seen {
  const change = shardHistory();
  let last = 0;
  return (gone, come, upper = last + 1) => {
    last = upper;
    const updates = [
      ...gone.map((entry) => [entry, upper - 1, -1] as const),
      ...come.map((entry) => [entry, upper - 1, 1] as const),
    ];
    return change("catalog", { upper, updates });
  };
}
