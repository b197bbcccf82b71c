import { describe, expect, it } from "vitest";
import type { World } from "../../src/ports/world.ts";
import { enginePolicies, StreamingWorld } from "../../src/streaming.ts";
import { runBody } from "../support/bodies.ts";

/** A source, a table and a view over both, with a row in each. */
async function prepared(world: World): Promise<StreamingWorld> {
  const db = new StreamingWorld({ world, policies: enginePolicies });
  await db.upstream.createTopic("orders", 2);
  await db.ensure("CREATE CONNECTION k TO KAFKA (BROKERS ('broker-1:9092', 'broker-2:9092', 'broker-3:9092'))");
  await db.ensure("CREATE SOURCE orders (id int, n int) FROM KAFKA CONNECTION k (TOPIC 'orders') FORMAT JSON");
  await db.ensure("CREATE TABLE names (id int, name text)");
  await db.ensure("CREATE MATERIALIZED VIEW named AS SELECT name, n FROM orders o JOIN names t ON o.id = t.id");
  await db.upstream.produce("orders", "a", '{"id":1,"n":7}');
  await db.rows("INSERT INTO names VALUES (1, 'Ada')");
  return db;
}

describe("a world in which nothing happens", () => {
  it("costs a handful of events a second", async () => {
    const eventsUntil = async (sleep: "20s" | "120s"): Promise<number> => {
      const body = async ({ world }: { readonly world: World }): Promise<void> => {
        await prepared(world);
        await world.sleep(sleep);
      };
      const { verdict, events } = await runBody(body);
      expect(verdict).toBe("passed");
      return events;
    };
    const perSecond = ((await eventsUntil("120s")) - (await eventsUntil("20s"))) / 100;
    expect(perSecond).toBeLessThan(30);
  });

  it("answers who reads after a silence no later than one who reads all the time", async () => {
    const waited: number[] = [];
    const { verdict } = await runBody(async ({ world }) => {
      const db = await prepared(world);
      for (let round = 0; round < 12; round++) {
        await world.sleep(`${3_000 + round * 700}ms`);
        // A write's time is later than what a silent source has said of itself.
        await db.rows(`INSERT INTO names VALUES (${round + 2}, 'Bo')`);
        const from = world.now;
        expect(await db.rows("SELECT * FROM named")).toEqual([["Ada", 7]]);
        waited.push(world.now - from);
      }
    });
    expect(verdict).toBe("passed");
    expect(Math.max(...waited)).toBeLessThan(1_000_000);
  });

  it("shows what came in between to whoever reads again a moment later", async () => {
    const { verdict } = await runBody(async ({ world }) => {
      const db = await prepared(world);
      for (let n = 1; n <= 8; n++) {
        await world.sleep("7s");
        await db.upstream.produce("orders", "b", `{"id":1,"n":${n * 10}}`);
        await world.sleep("1s");
        await db.rows("SELECT * FROM named");
        await world.sleep("1s");
        expect(await db.rows("SELECT * FROM named")).toHaveLength(n + 1);
      }
    });
    expect(verdict).toBe("passed");
  });
});
