/** The simulated PostgreSQL server beside its contract: what it tells oracles, what it refuses, what it costs. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { RowChange } from "../../../src/sim/postgres/server.ts";
import { postgresProgram } from "../../../src/sim/postgres/program.ts";
import { postgresServer } from "../../../src/sim/postgres/server.ts";
import { attempt } from "../../contract/postgres/case.ts";
import { withSimulatedPostgres } from "../../contract/postgres/simulated.ts";
import { runBody } from "../../support/bodies.ts";

beforeAll(loadPgParser);

describe("the hook of commits", () => {
  it("is told of every row that a commit changed, and of nothing else", async () => {
    await withSimulatedPostgres(async ({ postgres, server }) => {
      const changes: RowChange[] = [];
      const by = "client";
      server.onCommit = (change) => changes.push(change);
      const session = await postgres.connect();
      const texts = [
        "CREATE TABLE t (a text, b bigint, c boolean, PRIMARY KEY (b, a))",
        "INSERT INTO t VALUES ('x', 1, true)",
        "BEGIN",
        "INSERT INTO t VALUES ('never', 1, true)",
        "ROLLBACK",
        "BEGIN",
        "INSERT INTO t VALUES ('gone', 1, true)",
        "DELETE FROM t WHERE a = 'gone'",
        "UPDATE t SET c = false",
        "UPDATE t SET b = 2",
        "COMMIT",
        "DELETE FROM t",
      ];
      for (const text of texts) await session.query(text);
      expect(changes).toEqual([
        { table: "t", by, key: [1, "x"], row: { a: "x", b: 1, c: true } },
        { table: "t", by, key: [1, "x"], row: null },
        { table: "t", by, key: [2, "x"], row: { a: "x", b: 2, c: false } },
        { table: "t", by, key: [2, "x"], row: null },
      ]);
      expect(server.tables.get("t")!.rows.size).toBe(0);
    });
  });
});

describe("what is not simulated", () => {
  it.each([
    "SELECT count(*) FROM t",
    "SELECT DISTINCT k FROM t",
    "SELECT * FROM t, t AS u",
    "SELECT * FROM (SELECT 1) AS s",
    "SELECT (SELECT 1)",
    "SELECT 1 UNION SELECT 2",
    "SELECT k FROM t GROUP BY k",
    "SELECT k FROM t FOR SHARE",
    "SELECT k LIKE 'a%' FROM t",
    "SELECT 1.5",
    "SELECT 2 * 3",
    "SELECT now()",
    'SELECT k COLLATE "C" FROM t',
    "SELECT '{}'::jsonb -> 'a'",
    "SELECT 1; SELECT 2",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "WITH a AS (DELETE FROM t) SELECT * FROM a",
    "INSERT INTO t SELECT * FROM t",
    "UPDATE t SET n = u.n FROM t AS u",
    "DELETE FROM t USING t AS u",
    "CREATE TABLE u (k text DEFAULT 'x')",
    "CREATE TABLE u (k text UNIQUE)",
    "CREATE TABLE u (k timestamp)",
    "CREATE TEMPORARY TABLE u (k text)",
    "CREATE INDEX i ON t (n)",
    "ALTER TABLE t ADD COLUMN m bigint",
    "TRUNCATE t",
    "SAVEPOINT s",
    "SET search_path = x",
    "SHOW statement_timeout",
    "COPY t TO STDOUT",
    "VALUES (1)",
    "SELECT * FROM public.t",
  ])("is refused as such: %s", async (text) => {
    await withSimulatedPostgres(async ({ postgres }) => {
      const session = await postgres.connect();
      await session.query("CREATE TABLE t (k text PRIMARY KEY, n bigint NOT NULL)");
      expect(await attempt(session.query(text))).toBe("0A000");
      expect(await session.query("SELECT * FROM t")).toEqual({ rows: [], count: 0 });
    });
  });

  it("is named", async () => {
    await withSimulatedPostgres(async ({ postgres }) => {
      const session = await postgres.connect();
      await expect(session.query("SELECT count(*) FROM nowhere")).rejects.toThrow('table "nowhere" does not exist');
      await expect(session.query("SELECT max(1)")).rejects.toThrow("function max is not simulated");
    });
  });
});

describe("an idle server", () => {
  it("takes one event a second", async () => {
    const run = await runBody(async ({ world }) => {
      const server = postgresServer({ choose: () => 0 });
      world.host("server").start(postgresProgram(server), { ambient: "ports" });
      await world.sleep("9s");
    });
    expect(run.verdict).toBe("passed");
    expect(run.events).toBeLessThan(20);
  });
});
