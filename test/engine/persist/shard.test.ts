/** Shards on the simulated S3 and Postgres, without faults. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { Shard } from "../../../src/engine/persist/persist.ts";
import type { Host } from "../../../src/ports/host.ts";
import { failureOf } from "./failure.ts";
import { PersistWorld } from "./persist-world.ts";

/** Runs a program with a shard of its own, and others beside it with theirs. */
async function withShard(
  ...programs: readonly ((shard: Shard<string>, host: Host, world: PersistWorld) => Promise<unknown>)[]
): Promise<PersistWorld> {
  const world = new PersistWorld();
  await world.run(programs.map((program) => (host) => program(world.client(host).shard<string>("s"), host, world)));
  return world;
}

const ok = { ok: true };

/** Appends one element at each of so many times. */
async function fill(shard: Shard<string>, from: number, to: number): Promise<void> {
  for (let time = from; time < to; time++) {
    expect(await shard.compareAndAppend([[`e${time}`, time, 1]], time, time + 1)).toEqual(ok);
  }
}

describe("a shard", () => {
  beforeAll(loadPgParser);

  it("can be read as soon as an append has resolved, and only on top of its exact upper", async () => {
    await withShard(async (shard) => {
      expect(shard.known).toEqual({ since: 0, upper: 0 });
      expect(await shard.bounds()).toEqual({ since: 0, upper: 0 });
      expect(await shard.compareAndAppend([["a", 3, 1]], 0, 5)).toEqual(ok);
      expect(await shard.compareAndAppend([["b", 6, 2]], 0, 7)).toEqual({ ok: false, upper: 5 });
      expect(await shard.compareAndAppend([["b", 6, 2]], 6, 7)).toEqual({ ok: false, upper: 5 });
      expect(await shard.compareAndAppend([["b", 6, 2]], 5, 7)).toEqual(ok);
      expect(await shard.snapshot(2)).toEqual([]);
      expect(await shard.snapshot(5)).toEqual([["a", 1]]);
      expect(await shard.snapshot(6)).toEqual([
        ["a", 1],
        ["b", 2],
      ]);
      expect(await shard.bounds()).toEqual({ since: 0, upper: 7 });
    });
  });

  it("an append without updates, or whose updates cancel out, stores no blob", async () => {
    const world = await withShard(async (shard) => {
      expect(await shard.compareAndAppend([], 0, 5)).toEqual(ok);
      const nothing: [string, number, number][] = [
        ["a", 5, 1],
        ["a", 5, -1],
      ];
      expect(await shard.compareAndAppend(nothing, 5, 6)).toEqual(ok);
      expect(await shard.snapshot(5)).toEqual([]);
    });
    expect(world.blobs).toBe(0);
    expect(world.appends.map(({ upper }) => upper)).toEqual([5, 6]);
  });

  it("what an append may not hold is a bug of its caller", async () => {
    await withShard(async (shard) => {
      await expect(shard.compareAndAppend([["a", 5, 1]], 0, 5)).rejects.toThrow(
        "updates of an append lie in its times",
      );
      await expect(shard.compareAndAppend([["a", 1, 1]], 2, 5)).rejects.toThrow(
        "updates of an append lie in its times",
      );
      await expect(shard.compareAndAppend([], 5, 5)).rejects.toThrow("an append moves the upper on");
    });
  });

  it("of two writers on one upper one wins; the blob of the other is deleted", async () => {
    const outcomes: unknown[] = [];
    const write = async (shard: Shard<string>, host: Host): Promise<void> => {
      outcomes.push(await shard.compareAndAppend([[host.name, 0, 1]], 0, 1));
    };
    const world = await withShard(write, write, write);
    expect(outcomes.filter((outcome) => (outcome as { ok: boolean }).ok)).toHaveLength(1);
    expect(outcomes.filter((outcome) => !(outcome as { ok: boolean }).ok)).toEqual([
      { ok: false, upper: 1 },
      { ok: false, upper: 1 },
    ]);
    expect(world.blobs).toBe(1);
  });

  it("appends of one process that were asked for at once are made in that order", async () => {
    await withShard(async (shard) => {
      const outcomes = await Promise.all([
        shard.compareAndAppend([["a", 0, 1]], 0, 1),
        shard.compareAndAppend([["b", 0, 1]], 0, 2),
      ]);
      expect(outcomes).toEqual([ok, { ok: false, upper: 1 }]);
    });
  });

  it("a snapshot waits until its time is complete, no longer than a notification takes", async () => {
    let [answeredAt, readAt] = [0, 0];
    await withShard(
      async (shard, host, { tank }) => {
        await host.sleep("30s");
        await shard.compareAndAppend([["a", 3, 1]], 0, 5);
        answeredAt = tank.now;
      },
      async (shard, _host, { tank }) => {
        expect(await shard.snapshot(4)).toEqual([["a", 1]]);
        readAt = tank.now;
      },
    );
    expect(readAt).toBeGreaterThan(30_000_000);
    expect(Math.abs(readAt - answeredAt)).toBeLessThan(100_000);
  });

  it("a listener is given every change after its time, once, in order", async () => {
    const seen: unknown[] = [];
    await withShard(
      async (shard, host) => {
        await fill(shard, 0, 5);
        await host.sleep("1s");
        await fill(shard, 5, 40);
        await shard.compareAndAppend([], 40, 50);
        await shard.compareAndAppend([["last", 60, 1]], 50, null);
      },
      async (shard) => {
        const listener = shard.listen(2);
        let upper: number | null = 3;
        while (upper !== null) {
          const step = await listener.next();
          expect(step.updates.every(([, time]) => time >= upper! && (step.upper === null || time < step.upper))).toBe(
            true,
          );
          seen.push(...step.updates.map(([data]) => data));
          upper = step.upper;
        }
        expect(await failureOf(listener.next())).toBe("shard-finished");
        expect(await shard.compareAndAppend([], 60, 70)).toEqual({ ok: false, upper: null });
      },
    );
    expect(seen).toEqual([...Array.from({ length: 37 }, (_, number) => `e${number + 3}`), "last"]);
  });

  it("a listener that was stopped is silent", async () => {
    let isSettled = false;
    await withShard(async (shard, host) => {
      const listener = shard.listen(0);
      const settle = (): void => void (isSettled = true);
      listener.next().then(settle, settle);
      listener.stop();
      await fill(shard, 0, 3);
      await host.sleep("20s");
    });
    expect(isSettled).toBe(false);
  });

  it("the since only rises, no further than the upper, and nothing is read below it", async () => {
    await withShard(async (shard) => {
      await fill(shard, 0, 10);
      expect(await shard.downgradeSince(4)).toBe(4);
      expect(await shard.downgradeSince(2)).toBe(4);
      expect(await shard.downgradeSince(99)).toBe(10);
      expect(await shard.bounds()).toEqual({ since: 10, upper: 10 });
      expect(await failureOf(shard.snapshot(9))).toBe("since-violation");
      expect(await failureOf(shard.listen(3).next())).toBe("since-violation");
    });
  });

  it("the since rises behind writes that its own process has not seen", async () => {
    let reached: unknown;
    await withShard(
      (shard) => fill(shard, 0, 10),
      async (shard, host) => {
        expect(await shard.bounds()).toEqual({ since: 0, upper: 0 });
        await host.sleep("30s");
        reached = [shard.known.upper, await shard.downgradeSince(7)];
      },
    );
    expect(reached).toEqual([0, 7]);
  });

  it("owners are never lowered", async () => {
    await withShard(async (shard) => {
      const [low, middle, high] = [
        { generation: 1, epoch: 9 },
        { generation: 2, epoch: 1 },
        { generation: 2, epoch: 2 },
      ] as const;
      expect(await shard.acquire(middle)).toEqual(middle);
      expect(await shard.acquire(low)).toEqual(middle);
      expect(await shard.acquire(high)).toEqual(high);
      expect(await shard.acquire(high)).toEqual(high);
      expect(await shard.acquire(middle)).toEqual(high);
    });
  });

  it("a long shard is merged, its old blobs go, and nobody reads anything else for it", async () => {
    const world = await withShard(
      async (shard, host) => {
        for (let time = 0; time < 300; time++) {
          await fill(shard, time, time + 1);
          if (time % 10 === 0) await shard.downgradeSince(time - 5 < 0 ? 0 : Math.min(time - 5, 200));
          await host.sleep("100ms");
        }
        await host.sleep("300s");
      },
      async (shard, host) => {
        await host.sleep("29s");
        // It remembers this state and hears of no other one, since it waits for none.
        const { upper } = await shard.bounds();
        await host.sleep("200s");
        const contents = await shard.snapshot(upper! - 1);
        expect(contents.map(([data]) => data).toSorted()).toEqual(
          Array.from({ length: upper! }, (_, number) => `e${number}`).toSorted(),
        );
      },
    );
    expect(world.states.get("s")!.batches.length).toBeLessThanOrEqual(17);
    expect(world.blobs).toBe(world.states.get("s")!.batches.length);
  });

  it("a dropped shard leaves no blobs", async () => {
    const world = await withShard(async (shard, host) => {
      await fill(shard, 0, 10);
      await shard.compareAndAppend([], 10, null);
      expect(await shard.downgradeSince(null)).toBeNull();
      await host.sleep("100s");
    });
    expect(world.blobs).toBe(0);
    expect(world.states.get("s")).toMatchObject({ since: null, upper: null, batches: [] });
  });

  it("names are single words", async () => {
    await withShard(async (_shard, host, world) => {
      expect(() => world.client(host).shard("a b")).toThrow("the name of a shard is one word");
    });
  });
});
