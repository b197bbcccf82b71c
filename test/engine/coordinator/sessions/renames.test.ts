/** Clusters that get other names while objects are made on them. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../../src/base/pg-parser.ts";
import { EnvironmentWorld } from "../environment-world.ts";

beforeAll(loadPgParser);

const rounds = 40;

describe("a cluster that is renamed", () => {
  it("runs what was made on it at that moment", async () => {
    const world = new EnvironmentWorld();
    world.start("env", 1);
    let isOver = false;
    await world.run([
      async (client) => {
        await client.good("CREATE TABLE t (a int)");
        await client.good("CREATE CLUSTER x (SIZE '1-1')");
        for (let count = 0; count < rounds; count++) {
          await client.ask(`CREATE MATERIALIZED VIEW m${count} IN CLUSTER x AS SELECT a FROM t`);
          await client.host.sleep(`${count}ms`);
        }
        isOver = true;
        const made = await client.rows("SELECT id FROM mz_materialized_views ORDER BY id");
        expect(made.length).toBeGreaterThan(rounds / 4);
        const runs = world.clusters.flatMap(({ objects }) => [...objects.keys()]);
        expect(made.flat().filter((id) => !runs.includes(id as string))).toEqual([]);
        const bounds = await client.rows("SELECT object_id FROM mz_frontiers");
        expect(made.flat().filter((id) => !bounds.flat().includes(id))).toEqual([]);
      },
      async (client) => {
        for (let count = 0; !isOver; count++) {
          await client.host.sleep(`${10 + (count % 10)}ms`);
          await client.ask("ALTER CLUSTER x RENAME TO y");
          await client.ask("ALTER CLUSTER y RENAME TO x");
        }
      },
    ]);
    expect(world.endings).toEqual([]);
  });
});
