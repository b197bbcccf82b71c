/** Shards on the simulated S3 and Postgres, without faults. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { PersistWorld } from "./persist-world.ts";

describe("shards", () => {
  beforeAll(loadPgParser);

  it("an append on top of the exact upper is readable from then on", async () => {
    await new PersistWorld().run([
      async (host, world) => {
        const shard = world.client(host).shard<[string, number]>("s");
        expect(shard.known).toEqual({ since: 0, upper: 0 });
        expect(await shard.bounds()).toEqual({ since: 0, upper: 0 });
        expect(await shard.compareAndAppend([[["a", 1], 3, 1]], 0, 5)).toEqual({ ok: true });
        expect(await shard.compareAndAppend([[["b", 1], 6, 2]], 0, 7)).toEqual({ ok: false, upper: 5 });
        expect(await shard.compareAndAppend([[["b", 1], 6, 2]], 5, 7)).toEqual({ ok: true });
        expect(await shard.snapshot(2)).toEqual([]);
        expect(await shard.snapshot(5)).toEqual([[["a", 1], 1]]);
        expect(await shard.snapshot(6)).toEqual([
          [["a", 1], 1],
          [["b", 1], 2],
        ]);
        expect(await shard.bounds()).toEqual({ since: 0, upper: 7 });
      },
    ]);
  });
});
