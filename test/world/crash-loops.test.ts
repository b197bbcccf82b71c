/** Replicas that die again and again: beside healthy ones, and of a view that kills whoever renders it (domain rule W8). */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../src/base/pg-parser.ts";
import { crash, replicaCrashLoop } from "../../src/faults/public.ts";
import { inDatabase, type Steps } from "./in-database.ts";

beforeAll(loadPgParser);

/** Runs `steps` in a world with a table `t (n int)`; returns why processes ended by themselves. */
async function inWorld(steps: Steps): Promise<readonly string[]> {
  const { trace } = await inDatabase(["CREATE TABLE t (n int)"], steps, { run: { record: true } });
  const ends = trace.filter(({ kind }) => kind === "process.exited");
  return ends.map(({ text }) => (JSON.parse(text) as { readonly reason: string }).reason);
}

describe("a replica that dies again and again beside a healthy one", () => {
  it("keeps nobody from being served, and catches up once it lives", async () => {
    const reasons = await inWorld(async (db, { world, faults }) => {
      await db.ensure("CREATE CLUSTER c (SIZE '2-1', REPLICATION FACTOR 2)");
      await db.ensure("CREATE MATERIALIZED VIEW doubles IN CLUSTER c AS SELECT n + n AS d FROM t");
      await db.rows("SET cluster = c");
      await world.sleep("15s");
      const heal = faults.inject(replicaCrashLoop, { service: "g1-r2" });
      for (let n = 1; n <= 8; n++) {
        await world.sleep("5s");
        const asked = world.now;
        await db.rows(`INSERT INTO t VALUES (${n})`);
        expect(await db.rows("SELECT count(*) FROM doubles")).toEqual([[n]]);
        expect(world.now - asked).toBeLessThan(2_000_000);
      }
      heal();
      await world.sleep("40s");
      expect(await db.rows("SELECT replica_id, hydrated FROM mz_hydration_statuses ORDER BY replica_id")).toEqual([
        ["r2", true],
        ["r3", true],
      ]);
    });
    expect(reasons.filter((reason) => reason === "out-of-memory").length).toBeGreaterThan(3);
  });
});

describe("a view that kills whoever renders it (W8)", () => {
  it("can be dropped while nothing of its replica lives, and everything else is served again within 25 s", async () => {
    const reasons = await inWorld(async (db, { world, faults }) => {
      await db.ensure("CREATE CLUSTER c REPLICAS (r1 (SIZE '2-1'))");
      await db.ensure("CREATE MATERIALIZED VIEW good IN CLUSTER c AS SELECT count(*) AS rows FROM t");
      await db.rows("INSERT INTO t VALUES (1)");
      await db.rows("SET cluster = c");
      expect(await db.rows("SELECT rows FROM good")).toEqual([[1]]);
      await db.ensure("CREATE MATERIALIZED VIEW bad IN CLUSTER c AS SELECT mz_panic('bad') AS never FROM t");
      await world.sleep("30s");
      // Whoever leads next hands it on like everything else.
      faults.inject(crash, { host: "env-1" });
      await world.sleep("15s");
      await db.ensure("INSERT INTO t VALUES (2)");
      const asked = world.now;
      await db.ensure("DROP MATERIALIZED VIEW bad");
      expect(world.now - asked).toBeLessThan(1_000_000);
      // Its first session ended with the environment.
      const later = db.session("later");
      await later.query("SET cluster = c");
      expect((await later.query("SELECT rows FROM good")).rows).toEqual([[2]]);
      expect(world.now - asked).toBeLessThan(25_000_000);
      const before = world.host("clusterd-r2-0").processes();
      await world.sleep("60s");
      expect(world.host("clusterd-r2-0").processes()).toEqual(before);
    });
    expect(reasons.filter((reason) => reason === "poison").length).toBeGreaterThan(3);
  });
});
