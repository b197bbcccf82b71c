/**
 * What a PostgreSQL server owes to a client of `ports/postgres.ts`: cases as plain functions that return plain data, and
 * what they return. They run on the simulator and on the real server. Tags are statements of the tests' own list; of what
 * is not there the port has nothing:
 * 1-8, 10, 12-32, 34, 35, 37-39, 41, 45, 46: logical replication (slots, snapshots, publications, positions in the log);
 * 11: roles, passwords, several databases; 36: ending one session as an administrator, which looks to its client like the
 * stop of the server. In part: 9 without slots, senders and limits of roles; 33 without senders, for which the stop would
 * wait; 40 without standbys, but with transactions that may only read; 44 without numeric, timestamps and floats.
 */
import { breaking } from "./postgres/breaking.ts";
import { locking } from "./postgres/locking.ts";
import { sessions } from "./postgres/sessions.ts";
import { values } from "./postgres/values.ts";
import type { PostgresCase } from "./postgres/case.ts";
import { attempt } from "./postgres/case.ts";

const statements: readonly PostgresCase[] = [
  {
    title: "values come back as what they are, and columns in the order asked for",
    async run({ postgres, table }) {
      const session = await postgres.connect();
      await session.query(
        `CREATE TABLE ${table} (k text PRIMARY KEY, n bigint NOT NULL, is_on boolean, doc jsonb, m integer)`,
      );
      await session.query(`INSERT INTO ${table} VALUES ($1, $2, $3, $4, $5), ('b', -7, NULL, 'null', NULL)`, [
        "a'ü😀",
        9_007_199_254_740_991,
        true,
        { z: [1, "x", null], a: { b: false } },
        5,
      ]);
      const all = await session.query(`SELECT * FROM ${table} ORDER BY n`);
      const some = await session.query(`SELECT n, k AS name, n - 1, coalesce(is_on, false) FROM ${table} WHERE n < 0`);
      session.close();
      return { all, columns: Object.keys(some.rows[0]!), some };
    },
    expected: {
      all: {
        rows: [
          { k: "b", n: -7, is_on: null, doc: null, m: null },
          { k: "a'ü😀", n: 9_007_199_254_740_991, is_on: true, doc: { a: { b: false }, z: [1, "x", null] }, m: 5 },
        ],
        count: 2,
      },
      columns: ["n", "name", "?column?", "coalesce"],
      some: { rows: [{ n: -7, name: "b", "?column?": -8, coalesce: false }], count: 1 },
    },
  },
  {
    title: "failures have the codes of the real server, certainly did nothing, and leave the session usable",
    tags: ["Postgres 43"],
    async run({ postgres, table }) {
      const session = await postgres.connect();
      await session.query(`CREATE TABLE ${table} (k text PRIMARY KEY, n bigint NOT NULL, is_on boolean, doc jsonb)`);
      await session.query(`INSERT INTO ${table} VALUES ('a', 1, true, '{}')`);
      const texts = [
        `INSERT INTO ${table} VALUES ('a', 2)`,
        `INSERT INTO ${table} VALUES ('b', NULL)`,
        `INSERT INTO ${table} (n) VALUES (1)`,
        `INSERT INTO ${table} VALUES ('b', 'x')`,
        `INSERT INTO ${table} VALUES ('b', true)`,
        `INSERT INTO ${table} (k, k) VALUES ('b', 'c')`,
        `INSERT INTO ${table} (k, n) VALUES ('b')`,
        `INSERT INTO ${table} (k, n) VALUES ('b', 1) ON CONFLICT (n) DO NOTHING`,
        `INSERT INTO ${table} (k, n) VALUES ('b', 1), ('b', 2) ON CONFLICT (k) DO UPDATE SET n = 3`,
        `UPDATE ${table} SET n = n + 1 WHERE k = 1`,
        `UPDATE ${table} SET n = 1, n = 2`,
        `UPDATE ${table} SET x = 1`,
        `SELECT x FROM ${table}`,
        `SELECT other.k FROM ${table}`,
        `SELECT * FROM ${table} WHERE n`,
        `SELECT * FROM ${table} WHERE n = 'x'`,
        `SELECT * FROM ${table} LIMIT -1`,
        `SELECT coalesce(n, is_on) FROM ${table}`,
        "SELECT * FROM nowhere",
        "SELECT 2147483647 + 1",
        "SELECT 'x'::bigint",
        "SELECT '{'::jsonb",
        "SELECT true::bigint",
        "SELECT pg_notify('', 'x')",
        "SELEC 1",
        "DROP TABLE nowhere",
        `CREATE TABLE ${table} (k text)`,
        `CREATE TABLE ${table}_2 (k text PRIMARY KEY, PRIMARY KEY (k))`,
      ];
      const outcomes: unknown[] = [];
      for (const text of texts) outcomes.push((await attempt(session.query(text))) as unknown);
      outcomes.push(await attempt(session.query(`SELECT k FROM ${table} WHERE n = $1`, ["x"])));
      outcomes.push(await attempt(session.query(`SELECT k FROM ${table} WHERE n = $1`)));
      outcomes.push(await attempt(session.query(`SELECT k FROM ${table} WHERE n = $1`, [1, 2])));
      outcomes.push(await attempt(session.query("SELECT $2::text", ["a", "b"])));
      outcomes.push(await session.query(`SELECT k, n FROM ${table}`));
      session.close();
      return outcomes;
    },
    expected: [
      ..."23505 23502 23502 22P02 42804 42701 42601 42P10 21000 42883 42601 42703 42703 42P01 42804 22P02".split(" "),
      ..."2201W 42804 42P01 22003 22P02 22P02 42846 22023 42601 42P01 42P07 42P16 22P02 42P02 08P01 42P18".split(" "),
      { rows: [{ k: "a", n: 1 }], count: 1 },
    ],
  },
  {
    title: "ON CONFLICT does nothing or updates, and counts what it changed",
    async run({ postgres, table }) {
      const session = await postgres.connect();
      await session.query(`CREATE TABLE ${table} (k text PRIMARY KEY, n bigint NOT NULL)`);
      const put = `INSERT INTO ${table} VALUES ($1, $2)`;
      const outcomes = [
        await session.query(`${put} ON CONFLICT DO NOTHING`, ["a", 1]),
        await session.query(`${put} ON CONFLICT DO NOTHING RETURNING k`, ["a", 2]),
        await session.query(
          `${put}, ('b', 5) ON CONFLICT (k) DO UPDATE SET n = excluded.n + ${table}.n RETURNING k, n`,
          ["a", 2],
        ),
        await session.query(`${put} ON CONFLICT (k) DO UPDATE SET n = 0 WHERE ${table}.n > 100`, ["a", 2]),
        await session.query(`UPDATE ${table} AS t SET n = greatest(t.n, 4) RETURNING k`),
        await session.query(`SELECT * FROM ${table} ORDER BY k DESC LIMIT 1`),
        await session.query(`DELETE FROM ${table} WHERE n = $1 RETURNING *`, [4]),
      ];
      session.close();
      return outcomes;
    },
    expected: [
      { rows: [], count: 1 },
      { rows: [], count: 0 },
      {
        rows: [
          { k: "a", n: 3 },
          { k: "b", n: 5 },
        ],
        count: 2,
      },
      { rows: [], count: 0 },
      { rows: [{ k: "a" }, { k: "b" }], count: 2 },
      { rows: [{ k: "b", n: 5 }], count: 1 },
      { rows: [{ k: "a", n: 4 }], count: 1 },
    ],
  },
  {
    title: "a failed transaction accepts nothing but its end, and its COMMIT rolls back",
    async run({ postgres, table }) {
      const session = await postgres.connect();
      await session.query(`CREATE TABLE ${table} (k text PRIMARY KEY)`);
      await session.query("BEGIN");
      await session.query(`INSERT INTO ${table} VALUES ('a')`);
      const outcomes = [
        await attempt(session.query(`INSERT INTO ${table} VALUES ('a')`)),
        await attempt(session.query(`SELECT * FROM ${table}`)),
        await attempt(session.query("SELEC")),
        await attempt(session.query("BEGIN")),
        await attempt(session.query("COMMIT")),
        await attempt(session.query(`SELECT * FROM ${table}`)),
      ];
      session.close();
      return outcomes.map((each) => (typeof each === "string" ? each : (each as { rows: unknown }).rows));
    },
    expected: ["23505", "25P02", "42601", "25P02", [], []],
  },
  {
    title: "tables are made and dropped by transactions like rows",
    async run({ postgres, table }) {
      const [one, two] = [await postgres.connect(), await postgres.connect()];
      await one.query("BEGIN");
      await one.query(`CREATE TABLE ${table} (k text PRIMARY KEY)`);
      await one.query(`INSERT INTO ${table} VALUES ('a')`);
      const before = await attempt(two.query(`SELECT * FROM ${table}`));
      await one.query("ROLLBACK");
      const rolledBack = await attempt(one.query(`SELECT * FROM ${table}`));
      await one.query(`CREATE TABLE IF NOT EXISTS ${table} (k text PRIMARY KEY)`);
      await two.query(`CREATE TABLE IF NOT EXISTS ${table} (other bigint)`);
      const made = await attempt(two.query(`SELECT k FROM ${table}`));
      await two.query(`DROP TABLE ${table}`);
      await two.query(`DROP TABLE IF EXISTS ${table}`);
      const dropped = await attempt(one.query(`SELECT k FROM ${table}`));
      one.close();
      two.close();
      return { before, rolledBack, made, dropped };
    },
    expected: { before: "42P01", rolledBack: "42P01", made: { rows: [], count: 0 }, dropped: "42P01" },
  },
];

/** Every case, in order. */
export const postgresCases: readonly PostgresCase[] = [...statements, ...values, ...locking, ...sessions, ...breaking];
