/** The contract of persist in memory: shards that several clients share, each client with a delay of its own. */
import type { Json } from "../../../src/base/json.ts";
import { canonicalJson } from "../../../src/base/json.ts";
import type { Frontier, Time, Update } from "../../../src/engine/collection.ts";
import { isLower } from "../../../src/engine/persist/policies.ts";
import type { Listener, Owner, PersistClient, Shard, ShardBounds } from "../../../src/engine/persist/persist.ts";

interface MemoryShard {
  since: Frontier;
  upper: Frontier;
  owner: Owner;
  updates: Update<Json>[];
}

export type MemoryShards = Map<string, MemoryShard>;

/** Called before every operation has its effect; the sum of updates is exact at every time. */
type Delay = (operation: string, shard: string) => Promise<void>;

export function memoryPersist(shards: MemoryShards, delay: Delay): PersistClient {
  const clients = new Map<string, Shard<Json>>();
  return {
    shard<D extends Json>(name: string): Shard<D> {
      let client = clients.get(name);
      if (client === undefined) clients.set(name, (client = memoryShard(shards, name, delay)));
      return client as unknown as Shard<D>;
    },
  };
}

const isBefore = (frontier: Frontier, time: Time): boolean => frontier !== null && frontier <= time;

export function stateOf(shards: MemoryShards, name: string): MemoryShard {
  let state = shards.get(name);
  if (state === undefined) {
    shards.set(name, (state = { since: 0, upper: 0, owner: { generation: 0, epoch: 0 }, updates: [] }));
  }
  return state;
}

function memoryShard(shards: MemoryShards, name: string, delay: Delay): Shard<Json> {
  let known: ShardBounds = { since: 0, upper: 0 };
  const see = (): MemoryShard => {
    const state = stateOf(shards, name);
    known = { since: state.since, upper: state.upper };
    return state;
  };
  return {
    name,
    get known() {
      return known;
    },
    async bounds() {
      await delay("bounds", name);
      see();
      return known;
    },
    async compareAndAppend(updates, expectedUpper, newUpper) {
      await delay("append", name);
      const state = see();
      if (state.upper !== expectedUpper) return { ok: false, upper: state.upper };
      for (const [, time] of updates) {
        if (time < expectedUpper || (newUpper !== null && time >= newUpper)) throw new Error(`time ${time} is outside`);
      }
      state.updates.push(...updates);
      state.upper = newUpper;
      see();
      return { ok: true };
    },
    async downgradeSince(since, as) {
      await delay("since", name);
      const state = see();
      const isReplaced = as !== undefined && isLower(as, state.owner);
      if (!isReplaced && state.since !== null && (since === null || since > state.since)) state.since = since;
      return see().since;
    },
    async acquire(owner) {
      await delay("acquire", name);
      const state = see();
      if (!isLower(owner, state.owner)) state.owner = owner;
      return state.owner;
    },
    async snapshot(asOf) {
      await delay("snapshot", name);
      while (isBefore(see().upper, asOf)) await delay("wait", name);
      const { since, updates } = see();
      if (since === null || since > asOf) throw Object.assign(new Error("since"), { code: "since-violation" });
      return consolidated(updates.filter(([, time]) => time <= asOf));
    },
    listen: (asOf) => memoryListener(see, asOf, (operation) => delay(operation, name)),
  };
}

function memoryListener(
  see: () => MemoryShard,
  asOf: Time,
  delay: (operation: string) => Promise<void>,
): Listener<Json> {
  let upper = asOf + 1;
  let isStopped = false;
  return {
    async next() {
      await delay("listen");
      while (isBefore(see().upper, upper) && see().upper! <= upper) await delay("wait");
      if (isStopped) return new Promise(() => undefined);
      const state = see();
      if (state.since === null || state.since > upper) {
        throw Object.assign(new Error("since"), { code: "since-violation" });
      }
      const from = upper;
      upper = state.upper ?? Number.MAX_SAFE_INTEGER;
      return {
        updates: state.updates.filter(([, time]) => time >= from && time < upper),
        upper: state.upper,
      };
    },
    stop() {
      isStopped = true;
    },
  };
}

function consolidated(updates: readonly Update<Json>[]): readonly (readonly [Json, number])[] {
  const counts = new Map<string, [Json, number]>();
  for (const [data, , diff] of updates) {
    const key = canonicalJson(data);
    const counted = counts.get(key);
    if (counted === undefined) counts.set(key, [data, diff]);
    else counted[1] += diff;
  }
  return [...counts.values()].filter(([, count]) => count !== 0);
}
