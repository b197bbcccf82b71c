/** The persist client of one process: its shards, its session with consensus, and what it hears of changes. */
import type { Json } from "../../base/json.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { PersistClient, Shard } from "./persist.ts";
import type { PersistPolicies } from "./policies.ts";
import { assert } from "../../base/assert.ts";
import { BatchStore } from "./batch-store.ts";
import { consensusStatements, postgresConsensus } from "./consensus/consensus.ts";
import { StatementLane } from "./consensus/statement-lane.ts";
import { Subscription } from "./consensus/subscription.ts";
import { DurableShard } from "./durable-shard.ts";
import { ShardView } from "./shard-view.ts";

export interface PersistOptions {
  readonly ports: EnginePorts;
  readonly policies: PersistPolicies;
}

/** Opens nothing until a shard is used. A process needs one client; a second one shares nothing with it. */
export function persistClient({ ports, policies }: PersistOptions): PersistClient {
  const shards = new Map<string, DurableShard<Json>>();
  const views = new Map<string, ShardView>();
  const writer = `${ports.host.process}-${ports.host.random(0x1_0000_0000).toString(36)}`;
  const batches = new BatchStore(ports, writer);
  const lane = new StatementLane(ports, consensusStatements.table);
  const consensus = postgresConsensus(ports.host, lane);
  const subscription: Subscription = new Subscription(ports, lane, {
    announced({ shard, sequence, data, blob }) {
      const view = views.get(shard);
      if (view === undefined || sequence <= view.sequence) return;
      if (view.isAwaited && blob !== undefined) batches.offer(blob);
      view.announced(sequence, data);
    },
    isWaiting: () => [...views.values()].some(({ isAwaited }) => isAwaited),
    polled(sequences, opening) {
      for (const view of views.values()) {
        if (view.isAwaited) view.polled(sequences.get(view.name) ?? -1, opening);
      }
    },
  });
  const context = { consensus, policies, writer, batches };
  return {
    shard<D extends Json>(name: string): Shard<D> {
      let shard = shards.get(name);
      if (shard === undefined) {
        assert(/^\S{1,200}$/.test(name), "the name of a shard is one word", { name });
        const view = new ShardView(name, consensus, subscription);
        views.set(name, view);
        shard = new DurableShard(view, context);
        shards.set(name, shard);
      }
      return shard as unknown as Shard<D>;
    },
  };
}
