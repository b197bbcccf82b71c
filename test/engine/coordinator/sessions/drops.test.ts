/** What DROP does to what runs, and to queries that wait for a replica: they need not wait for their deadline. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../../src/base/pg-parser.ts";
import { EnvironmentWorld } from "../environment-world.ts";

beforeAll(loadPgParser);

/** Code and seconds of a query on cluster `c` that no replica answers, while another session says `sql` after 2 s. */
async function dropped(sql: string): Promise<readonly [code: string, seconds: number, wasCalledOff: boolean]> {
  const world = new EnvironmentWorld();
  world.start("env", 1);
  let code = "";
  let waited = 0;
  await world.run([
    async (client) => {
      await client.good("CREATE TABLE t (a int)");
      await client.good("CREATE TABLE other (a int)");
      await client.good("CREATE CLUSTER c (SIZE '1-1')");
      await client.good("CREATE CLUSTER d (SIZE '1-1')");
      await client.good("SET cluster = c");
      for (const cluster of world.clusters) cluster.isDeaf = true;
      const began = client.host.clock.monotonic();
      code = await client.code("SELECT a FROM t");
      waited = Math.floor((client.host.clock.monotonic() - began) / 1_000_000);
    },
    async (client) => {
      await client.host.sleep("4s");
      await client.good(sql);
    },
  ]);
  expect(world.endings).toEqual([]);
  return [code, waited, world.clusters.some(({ told }) => told.includes("cancel peek"))];
}

describe("a cluster that something runs on", () => {
  it("is dropped with CASCADE alone, and named in the refusal", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    await world.run([
      async (client) => {
        await client.good("CREATE CLUSTER c (SIZE '1-1')");
        await client.good("CREATE MATERIALIZED VIEW m IN CLUSTER c AS SELECT 1 AS a");
        expect(await client.ask("DROP CLUSTER c")).toMatchObject({
          error: { code: "2BP01", message: 'cannot drop cluster "c": objects run on it' },
        });
        await client.good("DROP CLUSTER c CASCADE");
        expect(await client.rows("SELECT name FROM mz_objects")).toEqual([]);
      },
    ]);
    expect(world.services.size).toBe(1);
  });
});

describe("a query that nobody answers", () => {
  it.each([
    ["DROP TABLE t", "42P01"],
    ["DROP CLUSTER c", "42704"],
  ])("ends with %s", async (sql, code) => {
    const [ended, seconds, wasCalledOff] = await dropped(sql);
    expect([ended, seconds < 5, wasCalledOff]).toEqual([code, true, true]);
  });

  it.each([["DROP TABLE other"], ["DROP CLUSTER d"]])("waits for its deadline after %s", async (sql) => {
    const [ended, seconds, wasCalledOff] = await dropped(sql);
    expect([ended, seconds >= 30, wasCalledOff]).toEqual(["57014", true, true]);
  });
});
