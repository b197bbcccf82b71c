/**
 * Persist on a real PostgreSQL server: the statements of consensus mean there what they mean in the simulation. Blobs are
 * in a map. WAVETANK_NO_POSTGRES=1 leaves it out where there is no server for the platform.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { persistClient } from "../../../src/engine/persist/client.ts";
import { persistPolicies } from "../../../src/engine/persist/policies.ts";
import type { PersistClient } from "../../../src/engine/persist/persist.ts";
import { parseDuration } from "../../../src/base/time.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { ObjectStore } from "../../../src/ports/object-store.ts";
import { realClient } from "../../contract/postgres/real-client.ts";
import { isWithoutPostgres, RealServer } from "../../contract/postgres/real-server.ts";

let server: RealServer;

beforeAll(async () => {
  if (isWithoutPostgres) process.stderr.write("WAVETANK_NO_POSTGRES=1: persist is not run on PostgreSQL\n");
  else server = await RealServer.launch([]);
});

afterAll(async () => {
  if (!isWithoutPostgres) await server.remove();
});

/** Timers that keep nobody from ending. */
const sleep: Host["sleep"] = (duration) =>
  new Promise((resolve) => void setTimeout(resolve, parseDuration(duration) / 1_000).unref());

function client(process: string, blobs: Map<string, string>): PersistClient {
  const objects: Partial<ObjectStore> = {
    get: async (key) => (blobs.has(key) ? { body: blobs.get(key)!, etag: "" } : undefined),
    async put(key, body) {
      blobs.set(key, body);
      return { etag: "" };
    },
    delete: async (key) => void blobs.delete(key),
  };
  const ports = {
    host: { process, sleep, random: (n: number) => n - 1 } as Host,
    objects: objects as ObjectStore,
    postgres: realClient(server.config),
    kafka: () => {
      throw new TypeError("persist has no use for Kafka");
    },
  };
  return persistClient({ ports, policies: persistPolicies });
}

describe("persist on a real PostgreSQL server", () => {
  it("two writers and a listener agree on what is in a shard", async () => {
    if (isWithoutPostgres) return;
    const blobs = new Map<string, string>();
    const heard: string[] = [];
    const write = async (name: string): Promise<void> => {
      const shard = client(name, blobs).shard<string>("s");
      for (let number = 0; number < 40; number++) {
        for (let upper = shard.known.upper!; ;) {
          const outcome = await shard.compareAndAppend([[`${name}${number}`, upper, 1]], upper, upper + 1);
          if (outcome.ok) break;
          upper = outcome.upper!;
        }
        if (number % 10 === 9) await shard.downgradeSince(Math.min(shard.known.upper! - 20, heard.length));
      }
    };
    const listen = async (): Promise<void> => {
      const listener = client("listener", blobs).shard<string>("s").listen(-1);
      for (let upper: number | null = 0; upper! < 80;) {
        const step = await listener.next();
        heard.push(...step.updates.map(([data]) => data));
        upper = step.upper;
      }
    };
    const began = performance.now();
    await Promise.all([write("a"), write("b"), listen()]);
    // A notification lost would cost the period of the poll.
    expect(performance.now() - began).toBeLessThan(9_000);
    const names = ["a", "b"].flatMap((name) => Array.from({ length: 40 }, (_, number) => `${name}${number}`));
    expect(heard.toSorted()).toEqual(names.toSorted());
    const reader = client("reader", blobs).shard<string>("s");
    expect((await reader.snapshot(79)).map(([data, diff]) => `${diff}${data}`).toSorted()).toEqual(
      names.map((name) => `1${name}`).toSorted(),
    );
    const owner = { generation: 2, epoch: 1 };
    expect(await reader.acquire(owner)).toEqual(owner);
    expect(await reader.acquire({ generation: 1, epoch: 5 })).toEqual(owner);
    expect(await reader.bounds()).toMatchObject({ upper: 80 });
  });
});
