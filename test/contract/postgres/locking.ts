/** The PostgreSQL contract: transactions that meet at a row. */
import { attempt, Pending, type PostgresCase, type PostgresContext } from "./case.ts";
import type { PostgresSession } from "../../../src/ports/postgres.ts";

/** Long enough for a statement that need not wait. */
const moment = 150;

interface Two {
  readonly one: PostgresSession;
  readonly two: PostgresSession;
}

/** Two sessions over a table with the rows a = 1 and b = 1. */
async function two({ postgres, table }: PostgresContext): Promise<Two> {
  const [first, second] = [await postgres.connect(), await postgres.connect()];
  await first.query(`CREATE TABLE ${table} (k text PRIMARY KEY, n bigint NOT NULL)`);
  await first.query(`INSERT INTO ${table} VALUES ('a', 1), ('b', 1)`);
  return { one: first, two: second };
}

function close({ one, two: other }: Two): void {
  one.close();
  other.close();
}

export const locking: readonly PostgresCase[] = [
  {
    title: "a second writer waits for the first and then looks again at what it left",
    async run(context) {
      const both = await two(context);
      const { table, sleep } = context;
      const cas = `UPDATE ${table} SET n = n + 1 WHERE k = 'a' AND n = $1 RETURNING n`;
      await both.one.query("BEGIN");
      const first = await both.one.query(cas, [1]);
      const second = new Pending(both.two.query(cas, [1]));
      const counter = await context.postgres.connect();
      const blind = new Pending(counter.query(`UPDATE ${table} SET n = n + 10 WHERE k = 'a'`));
      await sleep(moment);
      const before = [second.outcome, blind.outcome];
      await both.one.query("COMMIT");
      await Promise.all([second.done, blind.done]);
      const { rows } = await counter.query(`SELECT n FROM ${table} WHERE k = 'a'`);
      counter.close();
      close(both);
      return { first, before, after: [second.outcome, blind.outcome], rows };
    },
    expected: {
      first: { rows: [{ n: 2 }], count: 1 },
      before: ["waits", "waits"],
      after: [
        { rows: [], count: 0 },
        { rows: [], count: 1 },
      ],
      rows: [{ n: 12 }],
    },
  },
  {
    title: "a second writer goes on as if nothing had been when the first rolls back, fails or leaves",
    async run(context) {
      const both = await two(context);
      const { table, sleep, postgres } = context;
      const raise = `UPDATE ${table} SET n = n + 1 WHERE k = 'a' RETURNING n`;
      const outcomes: unknown[] = [];
      for (const how of ["rollback", "failure", "close"]) {
        const first = await postgres.connect();
        await first.query("BEGIN");
        await first.query(raise);
        const second = new Pending(both.two.query(raise));
        await sleep(moment);
        outcomes.push(second.outcome);
        if (how === "rollback") await first.query("ROLLBACK");
        if (how === "failure") outcomes.push(await attempt(first.query("SELECT nothing")));
        if (how === "close") first.close();
        outcomes.push(await second.done);
        first.close();
      }
      close(both);
      return outcomes;
    },
    expected: [
      "waits",
      { rows: [{ n: 2 }], count: 1 },
      "waits",
      "42703",
      { rows: [{ n: 3 }], count: 1 },
      "waits",
      { rows: [{ n: 4 }], count: 1 },
    ],
  },
  {
    title: "REPEATABLE READ sees one moment, and the first committer wins",
    tags: ["Postgres 43"],
    async run(context) {
      const both = await two(context);
      const { table } = context;
      const read = `SELECT k, n FROM ${table} ORDER BY k`;
      await both.one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
      const start = await both.one.query(read);
      await both.two.query(`UPDATE ${table} SET n = 5 WHERE k = 'a'`);
      await both.two.query(`DELETE FROM ${table} WHERE k = 'b'`);
      await both.two.query(`INSERT INTO ${table} VALUES ('c', 1)`);
      const again = await both.one.query(read);
      const invisible = await attempt(both.one.query(`UPDATE ${table} SET n = 1 WHERE k = 'c'`));
      const changed = await attempt(both.one.query(`UPDATE ${table} SET n = n + 1 WHERE k = 'a'`));
      await both.one.query("ROLLBACK");
      await both.one.query("BEGIN ISOLATION LEVEL REPEATABLE READ");
      await both.one.query(read);
      await both.two.query(`INSERT INTO ${table} VALUES ('d', 1)`);
      const duplicate = await attempt(both.one.query(`INSERT INTO ${table} VALUES ('d', 2) ON CONFLICT DO NOTHING`));
      await both.one.query("ROLLBACK");
      await both.one.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
      await both.one.query(read);
      await both.two.query(`DELETE FROM ${table} WHERE k = 'a'`);
      const gone = await attempt(both.one.query(`DELETE FROM ${table} WHERE k = 'a'`));
      await both.one.query("ROLLBACK");
      const end = await both.one.query(read);
      close(both);
      return { same: [start, again], invisible, changed, duplicate, gone, end };
    },
    expected: {
      same: Array.from({ length: 2 }, () => ({
        rows: [
          { k: "a", n: 1 },
          { k: "b", n: 1 },
        ],
        count: 2,
      })),
      invisible: { rows: [], count: 0 },
      changed: "40001",
      duplicate: "40001",
      gone: "40001",
      end: {
        rows: [
          { k: "c", n: 1 },
          { k: "d", n: 1 },
        ],
        count: 2,
      },
    },
  },
  {
    title: "SERIALIZABLE does not let two transactions each write what the other has read",
    tags: ["Postgres 43"],
    async run(context) {
      const both = await two(context);
      const { table } = context;
      for (const session of [both.one, both.two]) {
        await session.query("BEGIN ISOLATION LEVEL SERIALIZABLE");
        await session.query(`SELECT n FROM ${table} WHERE k = 'a'`);
        await session.query(`SELECT n FROM ${table} WHERE k = 'b'`);
      }
      await both.one.query(`UPDATE ${table} SET n = 0 WHERE k = 'a'`);
      await both.two.query(`UPDATE ${table} SET n = 0 WHERE k = 'b'`);
      await both.one.query("COMMIT");
      const second = await attempt(both.two.query("COMMIT"));
      const { rows } = await both.two.query(`SELECT n FROM ${table} ORDER BY k`);
      close(both);
      return { second, rows };
    },
    expected: { second: "40001", rows: [{ n: 0 }, { n: 1 }] },
  },
  {
    title: "an insertion waits for another one of the same key, and for who removes that key",
    async run(context) {
      const both = await two(context);
      const { table, sleep } = context;
      const put = (key: string): string => `INSERT INTO ${table} VALUES ('${key}', 2)`;
      const outcomes: unknown[] = [];
      const race = async (first: string, second: string, end: string): Promise<void> => {
        await both.one.query("BEGIN");
        await both.one.query(first);
        const pending = new Pending(both.two.query(second));
        await sleep(moment);
        outcomes.push(pending.outcome);
        await both.one.query(end);
        const outcome = await pending.done;
        outcomes.push(typeof outcome === "string" ? outcome : (outcome as { count: number }).count);
      };
      await race(put("c"), put("c"), "COMMIT");
      await race(put("d"), put("d"), "ROLLBACK");
      await race(put("e"), `${put("e")} ON CONFLICT DO NOTHING`, "COMMIT");
      await race(put("f"), `${put("f")} ON CONFLICT (k) DO UPDATE SET n = ${table}.n + 1`, "COMMIT");
      await race(`DELETE FROM ${table} WHERE k = 'a'`, put("a"), "COMMIT");
      await race(`UPDATE ${table} SET k = 'z' WHERE k = 'b'`, put("b"), "COMMIT");
      await race(`UPDATE ${table} SET n = 3 WHERE k = 'b'`, put("b"), "COMMIT");
      const { rows } = await both.one.query(`SELECT k, n FROM ${table} ORDER BY k`);
      close(both);
      return { outcomes, rows: rows.map(({ k, n }) => `${k as string}${n as number}`) };
    },
    expected: {
      outcomes: ["waits", "23505", "waits", 1, "waits", 0, "waits", 1, "waits", 1, "waits", 1, "waits", "23505"],
      rows: ["a2", "b3", "c2", "d2", "e2", "f3", "z1"],
    },
  },
  {
    title: "FOR UPDATE holds a row against writers; others may refuse to wait or pass it over",
    tags: ["Postgres 43"],
    async run(context) {
      const both = await two(context);
      const { table, sleep } = context;
      const lock = `SELECT k FROM ${table} ORDER BY k LIMIT 1 FOR UPDATE`;
      await both.one.query("BEGIN");
      const held = await both.one.query(lock);
      const skipped = await both.two.query(`${lock} SKIP LOCKED`);
      const refused = await attempt(both.two.query(`${lock} NOWAIT`));
      const duplicate = await attempt(both.two.query(`INSERT INTO ${table} VALUES ('a', 9)`));
      const read = await both.two.query(`SELECT n FROM ${table} WHERE k = 'a'`);
      const waiting = new Pending(both.two.query(`UPDATE ${table} SET n = n + 1 WHERE k = 'a'`));
      await sleep(moment);
      const before = waiting.outcome;
      await both.one.query("COMMIT");
      await waiting.done;
      close(both);
      return { held, skipped, refused, duplicate, read, before, after: waiting.outcome };
    },
    expected: {
      held: { rows: [{ k: "a" }], count: 1 },
      skipped: { rows: [{ k: "b" }], count: 1 },
      refused: "55P03",
      duplicate: "23505",
      read: { rows: [{ n: 1 }], count: 1 },
      before: "waits",
      after: { rows: [], count: 1 },
    },
  },
  {
    title: "who waits too long, or for somebody who waits for it, fails and can go on",
    tags: ["Postgres 43"],
    async run(context) {
      const both = await two(context);
      const { table } = context;
      const raise = (key: string): string => `UPDATE ${table} SET n = n + 1 WHERE k = '${key}'`;
      const outcomes: unknown[] = [];
      await both.one.query("BEGIN");
      await both.one.query(raise("a"));
      for (const limit of ["lock_timeout", "statement_timeout"]) {
        await both.two.query(`SET ${limit} = 100`);
        outcomes.push(await attempt(both.two.query(raise("a"))));
        await both.two.query(`SET ${limit} = 0`);
      }
      await both.two.query("BEGIN");
      await both.two.query(raise("b"));
      const first = new Pending(both.one.query(raise("b")));
      await context.sleep(moment);
      outcomes.push(first.outcome, await attempt(both.two.query(raise("a"))));
      outcomes.push(await first.done, await attempt(both.two.query("ROLLBACK")));
      await both.one.query("COMMIT");
      outcomes.push((await both.two.query(`SELECT n FROM ${table} ORDER BY k`)).rows);
      close(both);
      return outcomes.map((each) => (typeof each === "object" && each !== null && "count" in each ? "done" : each));
    },
    expected: ["55P03", "57014", "waits", "40P01", "done", "done", [{ n: 2 }, { n: 2 }]],
  },
  {
    title: "dropping a table waits for those who use it, and those who come later wait for that",
    async run(context) {
      const both = await two(context);
      const { table, sleep, postgres } = context;
      await both.one.query("BEGIN");
      await both.one.query(`SELECT * FROM ${table}`);
      const dropping = new Pending(both.two.query(`DROP TABLE ${table}`));
      await sleep(moment);
      const third = await postgres.connect();
      const late = new Pending(third.query(`SELECT * FROM ${table}`));
      await sleep(moment);
      const before = [dropping.outcome, late.outcome];
      await both.one.query("COMMIT");
      await dropping.done;
      const outcome = await late.done;
      third.close();
      close(both);
      return { before, outcome };
    },
    expected: { before: ["waits", "waits"], outcome: "42P01" },
  },
];
