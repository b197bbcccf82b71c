/** Clusters and their replicas as a user sees them: made, looked at, changed and dropped by SQL in a whole world. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../src/base/pg-parser.ts";
import { crash, replicaCrash } from "../../src/faults/public.ts";
import type { StreamingWorld } from "../../src/streaming.ts";
import { inDatabase, type Steps } from "./in-database.ts";

beforeAll(loadPgParser);

/** Runs `steps` in a world with a table `t (a int)` that holds 1 and 2. */
async function inWorld(steps: Steps): Promise<void> {
  await inDatabase(["CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)"], steps);
}

/** SQLSTATE of a statement that is refused. */
async function refusal(db: StreamingWorld, sql: string): Promise<unknown> {
  return db.rows(sql).then(
    () => "accepted",
    (error: { readonly code?: unknown }) => error.code,
  );
}

describe("clusters", () => {
  it("begin with one of one replica, of the size that the world was made with", async () => {
    await inWorld(async (db) => {
      expect(await db.rows("SELECT * FROM mz_clusters")).toEqual([["c1", "default", "3-2", 1]]);
      expect(await db.rows("SELECT * FROM mz_cluster_replicas")).toEqual([["r1", "r1", "c1", "default", "3-2"]]);
      expect(await db.rows("SHOW cluster")).toEqual([["default"]]);
      expect(await db.rows("SHOW CLUSTERS")).toEqual([["default", "3-2", 1]]);
    });
  });

  it("run views on all their replicas, and answer while one of these is left", async () => {
    await inWorld(async (db, { world, faults }) => {
      await db.ensure("CREATE CLUSTER c REPLICAS (big (SIZE '2-2'), small (SIZE '1-1'))");
      await db.ensure("CREATE MATERIALIZED VIEW m IN CLUSTER c AS SELECT count(*) AS n FROM t");
      await world.sleep("20s");
      expect(await db.rows("SELECT object_id, replica_id, hydrated FROM mz_hydration_statuses")).toEqual([
        ["u2", "r2", true],
        ["u2", "r3", true],
      ]);
      await db.rows("SET cluster = c");
      faults.inject(crash, { host: "clusterd-r2-0" });
      await db.ensure("INSERT INTO t VALUES (3)");
      expect(await db.rows("SELECT n FROM m")).toEqual([[3]]);
      await db.ensure("DROP CLUSTER REPLICA c.big");
      await world.sleep("5s");
      expect(world.host("clusterd-r2-1").hasLeft()).toBe(true);
      expect(await db.rows("SELECT n FROM m")).toEqual([[3]]);
      await db.ensure("DROP CLUSTER REPLICA c.small");
      expect(await refusal(db, "SELECT n FROM m")).toBe("55000");
      expect(await db.rows("SELECT name FROM mz_objects WHERE type = 'materialized-view'")).toEqual([["m"]]);
    });
  });

  it("keep as many replicas as they manage, all of their size", async () => {
    await inWorld(async (db, { world }) => {
      const replicas = () => db.rows("SELECT id, name, size FROM mz_cluster_replicas WHERE cluster = 'c'");
      await db.ensure("CREATE CLUSTER c (SIZE '1-1', REPLICATION FACTOR 2)");
      expect(await replicas()).toEqual([
        ["r2", "r1", "1-1"],
        ["r3", "r2", "1-1"],
      ]);
      await db.ensure("ALTER CLUSTER c SET (REPLICATION FACTOR 1)");
      expect(await replicas()).toEqual([["r2", "r1", "1-1"]]);
      await db.ensure("ALTER CLUSTER c SET (SIZE '2-1')");
      expect(await replicas()).toEqual([["r4", "r1", "2-1"]]);
      await world.sleep("20s");
      expect(world.host("clusterd-r2-0").hasLeft()).toBe(true);
      expect(world.host("clusterd-r4-1").processes()).toEqual(["clusterd-r4-1#1"]);
      expect(await refusal(db, "CREATE CLUSTER REPLICA c.r2 SIZE '1-1'")).toBe("55000");
      expect(await refusal(db, "DROP CLUSTER REPLICA c.r1")).toBe("55000");
    });
  });

  it("get other names, with what is stored of the objects on them, and their replicas run on", async () => {
    await inWorld(async (db, { world, faults }) => {
      await db.ensure("CREATE CLUSTER c REPLICAS (one (SIZE '1-1'))");
      await db.ensure("CREATE MATERIALIZED VIEW m IN CLUSTER c AS SELECT a FROM t");
      await db.ensure("CREATE MATERIALIZED VIEW n AS SELECT a FROM t");
      await db.rows("ALTER CLUSTER c RENAME TO d");
      await db.rows('ALTER CLUSTER "default" RENAME TO old');
      await db.rows("ALTER CLUSTER d RENAME TO default");
      await db.rows("ALTER CLUSTER REPLICA default.one RENAME TO uno");
      const stored = async (view: string) => (await db.rows(`SHOW CREATE MATERIALIZED VIEW ${view}`))[0]![1];
      const looks = async (): Promise<void> => {
        expect(await stored("m")).toBe('CREATE MATERIALIZED VIEW "m" AS SELECT "a" FROM "t"');
        expect(await stored("n")).toBe('CREATE MATERIALIZED VIEW "n" IN CLUSTER "old" AS SELECT "a" FROM "t"');
        expect(await db.rows("SHOW CLUSTER REPLICAS")).toEqual([
          ["default", "uno", "1-1"],
          ["old", "r1", "3-2"],
        ]);
      };
      await looks();
      faults.inject(crash, { host: "env-1" });
      await world.sleep("10s");
      await db.rows("SHOW cluster").catch(() => undefined);
      await looks();
      expect(await db.rows("SELECT count(*) FROM m")).toEqual([[2]]);
      expect(world.host("clusterd-r2-0").processes()).toEqual(["clusterd-r2-0#1"]);
      expect(await refusal(db, "SET cluster = c")).toBe("42704");
    });
  });

  it("are dropped with what runs on them, and what depends on that, only if told so", async () => {
    await inWorld(async (db) => {
      await db.ensure("CREATE CLUSTER c (SIZE '1-1')");
      await db.ensure("CREATE MATERIALIZED VIEW m IN CLUSTER c AS SELECT a FROM t");
      await db.ensure("CREATE MATERIALIZED VIEW n AS SELECT a FROM m");
      expect(await refusal(db, "DROP CLUSTER c")).toBe("2BP01");
      expect(await db.rows("SELECT count(*) FROM m")).toEqual([[2]]);
      await db.ensure("DROP CLUSTER c CASCADE");
      expect(await db.rows("SELECT name FROM mz_objects")).toEqual([["t"]]);
      expect(await db.rows("SHOW CLUSTERS")).toEqual([["default", "3-2", 1]]);
      expect(await refusal(db, "CREATE MATERIALIZED VIEW m IN CLUSTER c AS SELECT a FROM t")).toBe("42704");
    });
  });

  it("are where a session's objects go, and stay there over restarts", async () => {
    await inWorld(async (db, { world, faults }) => {
      await db.ensure("CREATE CLUSTER c (SIZE '1-1')");
      await db.rows("SET cluster TO c");
      await db.rows("CREATE MATERIALIZED VIEW m AS SELECT a FROM t");
      expect(await db.rows("SHOW cluster")).toEqual([["c"]]);
      expect(await db.rows("SHOW CREATE MATERIALIZED VIEW m")).toEqual([
        ["m", `CREATE MATERIALIZED VIEW "m" IN CLUSTER "c" AS SELECT "a" FROM "t"`],
      ]);
      faults.inject(crash, { host: "env-1" });
      await world.sleep("20s");
      await db.ensure("INSERT INTO t VALUES (3)");
      // The session is a new one, as its client hears with the first statement.
      await db.rows("SHOW cluster").catch(() => undefined);
      expect(await db.rows("SHOW cluster")).toEqual([["default"]]);
      expect(await db.rows("SELECT count(*) FROM m")).toEqual([[3]]);
      expect(await db.rows("SELECT replica_id FROM mz_hydration_statuses WHERE hydrated")).toEqual([["r2"]]);
    });
  });
});

describe("replicas", () => {
  it("show which process ended, why, and when it runs again; the history outlasts the environment", async () => {
    await inWorld(async (db, { world, faults }) => {
      await world.sleep("15s");
      const statuses = () => db.rows("SELECT replica_id, process_id, status FROM mz_cluster_replica_statuses");
      const online = [0, 1, 2].map((index) => ["r1", index, "online"]);
      expect(await statuses()).toEqual(online);
      faults.inject(replicaCrash, { prefix: "clusterd" });
      await world.sleep("30s");
      expect(await statuses()).toEqual(online);
      const history = () =>
        db.rows(
          "SELECT occurred_at, status, reason FROM mz_cluster_replica_status_history WHERE process_id = 1 ORDER BY occurred_at",
        );
      const before = await history();
      expect(before.map(([, ...told]) => told).slice(0, 3)).toEqual([
        ["online", null],
        ["offline", "killed"],
        ["online", null],
      ]);
      faults.inject(crash, { host: "env-1" });
      await world.sleep("20s");
      // The session ended with the environment, as its client hears with the first statement.
      await history().catch(() => undefined);
      expect((await history()).slice(0, before.length)).toEqual(before);
    });
  });

  it("that the catalog does not know are removed by the environment of their generation", async () => {
    await inWorld(async (db, { world, faults }) => {
      await db.ensure("CREATE CLUSTER c (SIZE '1-1')");
      await world.sleep("10s");
      // The catalog drops it, and nobody lives to tell the orchestrator.
      await db.rows("DROP CLUSTER c");
      faults.inject(crash, { host: "env-1" });
      await world.sleep("40s");
      expect(world.host("clusterd-r2-0").hasLeft()).toBe(true);
    });
  });
});
