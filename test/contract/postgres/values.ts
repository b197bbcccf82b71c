/** The PostgreSQL contract: nothing and empty, and transactions that may not write or have waited too long. */
import { attempt, Pending, type PostgresCase } from "./case.ts";

/** Long enough for a statement that need not wait. */
const moment = 150;

export const values: readonly PostgresCase[] = [
  {
    title: "NULL and the empty text are two things, in rows, parameters and conditions",
    tags: ["Postgres 44"],
    async run({ postgres, table }) {
      const session = await postgres.connect();
      await session.query(`CREATE TABLE ${table} (n bigint PRIMARY KEY, k text, doc jsonb)`);
      await session.query(`INSERT INTO ${table} VALUES (1, $1, $2), (2, $3, $4), (3, '', '""')`, ["", {}, null, null]);
      await session.query(`INSERT INTO ${table} (n) VALUES (4)`);
      const numbers = async (where: string, params: readonly string[] = []): Promise<string> => {
        const { rows } = await session.query(`SELECT n FROM ${table} WHERE ${where} ORDER BY n`, params);
        return rows.map(({ n }) => n as number).join("");
      };
      const all = await session.query(`SELECT * FROM ${table} ORDER BY n`);
      const found = [
        await numbers("k = ''"),
        await numbers("k = $1", [""]),
        await numbers("k IS NULL"),
        await numbers("k = NULL"),
        await numbers("k <> 'x'"),
        await numbers("k IS NOT DISTINCT FROM NULL"),
        await numbers("coalesce(k, 'none') = 'none'"),
        await numbers("k || 'x' = 'x'"),
      ];
      const changed = await session.query(`UPDATE ${table} SET k = NULL WHERE k = '' RETURNING n, k`);
      session.close();
      return { rows: all.rows, found, changed: changed.count, left: changed.rows.map(({ k }) => k) };
    },
    expected: {
      rows: [
        { n: 1, k: "", doc: {} },
        { n: 2, k: null, doc: null },
        { n: 3, k: "", doc: "" },
        { n: 4, k: null, doc: null },
      ],
      found: ["13", "13", "24", "", "13", "24", "24", "13"],
      changed: 2,
      left: [null, null],
    },
  },
  {
    title: "a transaction that may only read is refused every write, and rolls back then",
    tags: ["Postgres 40"],
    async run({ postgres, table }) {
      const session = await postgres.connect();
      await session.query(`CREATE TABLE ${table} (k text PRIMARY KEY)`);
      await session.query(`INSERT INTO ${table} VALUES ('a')`);
      const outcomes: unknown[] = [];
      for (const text of [
        `INSERT INTO ${table} VALUES ('b')`,
        `UPDATE ${table} SET k = 'b'`,
        `DELETE FROM ${table} WHERE k = 'nothing'`,
        `SELECT k FROM ${table} FOR UPDATE`,
        `WITH done AS (DELETE FROM ${table} RETURNING k) SELECT k FROM done`,
        `CREATE TABLE ${table}_2 (k text)`,
        `DROP TABLE ${table}`,
      ]) {
        await session.query("BEGIN READ ONLY");
        await session.query(`SELECT k FROM ${table}`);
        outcomes.push(await attempt(session.query(text)), await attempt(session.query(`SELECT k FROM ${table}`)));
        await session.query("ROLLBACK");
      }
      await session.query("BEGIN READ ONLY");
      await session.query(`NOTIFY ${table}`);
      await session.query("COMMIT");
      const left = await session.query(`SELECT k FROM ${table}`);
      session.close();
      return { outcomes, left };
    },
    expected: {
      outcomes: Array.from({ length: 7 }, () => ["25006", "25P02"]).flat(),
      left: { rows: [{ k: "a" }], count: 1 },
    },
  },
  {
    title: "who waited too long in a transaction has lost that transaction, and not its session",
    tags: ["Postgres 43"],
    async run({ postgres, table, sleep }) {
      const [one, two] = [await postgres.connect(), await postgres.connect()];
      await one.query(`CREATE TABLE ${table} (k text PRIMARY KEY, n bigint NOT NULL)`);
      await one.query(`INSERT INTO ${table} VALUES ('a', 1), ('b', 1)`);
      const outcomes: unknown[] = [];
      for (const limit of ["lock_timeout", "statement_timeout"]) {
        await one.query("BEGIN");
        await one.query(`UPDATE ${table} SET n = n + 1 WHERE k = 'a'`);
        await two.query(`SET ${limit} = 100`);
        await two.query("BEGIN");
        await two.query(`UPDATE ${table} SET n = n + 10 WHERE k = 'b'`);
        outcomes.push(await attempt(two.query(`UPDATE ${table} SET n = n + 10 WHERE k = 'a'`)));
        outcomes.push(await attempt(two.query(`SELECT n FROM ${table}`)));
        // What the failed transaction held is free before anybody ends it.
        const free = new Pending(one.query(`UPDATE ${table} SET n = n + 1 WHERE k = 'b'`));
        await sleep(moment);
        outcomes.push(free.outcome === "waits" ? "waits" : "free");
        await two.query("ROLLBACK");
        await two.query(`SET ${limit} = 0`);
        await one.query("COMMIT");
        outcomes.push((await two.query(`SELECT n FROM ${table} ORDER BY k`)).rows.map(({ n }) => n));
      }
      for (const session of [one, two]) session.close();
      return outcomes;
    },
    expected: ["55P03", "25P02", "free", [2, 2], "57014", "25P02", "free", [3, 3]],
  },
];
