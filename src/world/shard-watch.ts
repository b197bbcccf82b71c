/**
 * Watches what is durable where it is stored: every change of a shard's state in consensus becomes an observation, in the
 * moment of its commit, whoever lives to hear the answer. Checkers take it for the truth.
 */
import type { Json } from "../base/json.ts";
import type { WriteControls } from "../ports/service-controls.ts";
import type { World } from "../ports/world.ts";
import type { ObjectStoreServer } from "../sim/s3/object-store-server.ts";
import type { PostgresServer, RowChange } from "../sim/postgres/server.ts";
import type { ShardState } from "../engine/persist/shard-state.ts";
import { decodeBatch, decodeShardState, shardChange } from "../engine/persist/shard-codec.ts";

/** Makes the world emit `shard.changed`, and lets faults wait for the writes of a host. */
export function watchShards(world: World, postgres: PostgresServer, objects: ObjectStoreServer): void {
  const states = new Map<string, ShardState>();
  const waiting = new Set<{ readonly host: string; left: number; readonly act: () => void }>();
  world.provide("writes", {
    afterWrites: (host, count, act) => {
      const entry = { host, left: count, act };
      waiting.add(entry);
      return () => void waiting.delete(entry);
    },
  } satisfies WriteControls);
  postgres.onCommit = ({ table, row, by }: RowChange) => {
    if (table !== "consensus" || row === null) return;
    for (const entry of waiting) {
      if (entry.host !== by || --entry.left > 0) continue;
      waiting.delete(entry);
      entry.act();
    }
    const shard = row["shard"] as string;
    const after = decodeShardState(row["data"] as string);
    const change = shardChange(states.get(shard), after);
    states.set(shard, after);
    if (change === undefined) return;
    const updates = change.appended.flatMap(({ key }) => {
      const body = key === null ? undefined : objects.peek(key);
      return body === undefined ? [] : decodeBatch(body);
    });
    const { sequence, since, upper, owner } = after;
    const seen = { shard, sequence, since, upper, lower: change.lower, owner, change: change.kind };
    world.emit("shard.changed", { ...seen, updates: updates as unknown as Json } as unknown as Json);
  };
}
