/** The PostgreSQL contract: sessions, how they end, and what they are notified of. */
import { attempt, Pending, type PostgresCase } from "./case.ts";
import type { PostgresSession } from "../../../src/ports/postgres.ts";

/** Long enough for a message that need not wait. */
const moment = 150;

/** Compare-and-set as the engine does it: the winner notifies, in the same statement. */
function compareAndSet(table: string): string {
  return (
    `WITH done AS (UPDATE ${table} SET sequence_number = $3, data = $4 WHERE shard = $1 AND sequence_number = $2 ` +
    `RETURNING shard, sequence_number) SELECT pg_notify('${table}', shard || ' ' || sequence_number) FROM done`
  );
}

async function makeConsensus(session: PostgresSession, table: string): Promise<void> {
  await session.query(
    `CREATE TABLE IF NOT EXISTS ${table} (shard text PRIMARY KEY, sequence_number bigint NOT NULL, data text NOT NULL)`,
  );
  await session.query(`INSERT INTO ${table} VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, ["s", 1, "one"]);
}

export const sessions: readonly PostgresCase[] = [
  {
    title: "one of two compare-and-sets wins, says so in its count, and notifies those who listen",
    async run({ postgres, table, sleep }) {
      const [one, two] = [await postgres.connect(), await postgres.connect()];
      await makeConsensus(one, table);
      const heard: string[] = [];
      await two.listen(table, (payload) => heard.push(payload));
      const won = await one.query(compareAndSet(table), ["s", 1, 2, "two"]);
      const lost = await two.query(compareAndSet(table), ["s", 1, 2, "other"]);
      await sleep(moment);
      const { rows } = await two.query(`SELECT sequence_number, data FROM ${table} WHERE shard = $1`, ["s"]);
      one.close();
      two.close();
      return { won, lost, rows, heard };
    },
    expected: {
      won: { rows: [{ pg_notify: "" }], count: 1 },
      lost: { rows: [], count: 0 },
      rows: [{ sequence_number: 2, data: "two" }],
      heard: ["s 2"],
    },
  },
  {
    title: "notifications come after their commit, in the order of commits, once each, and to who is idle",
    async run({ postgres, table, sleep }) {
      const [one, two, three] = [await postgres.connect(), await postgres.connect(), await postgres.connect()];
      const heard: string[] = [];
      for (const [name, session] of [["two", two] as const, ["three", three] as const]) {
        await session.listen(table, (payload) => heard.push(`${name} ${payload}`));
      }
      await one.query("BEGIN");
      await one.query(`NOTIFY ${table}, 'late'`);
      await one.query(`SELECT pg_notify('${table}', 'late')`);
      await one.query(`NOTIFY ${table}, 'later'`);
      await two.query(`NOTIFY ${table}, 'early'`);
      await three.query("BEGIN");
      await sleep(moment);
      const before = heard.filter((each) => each.startsWith("two"));
      await one.query("COMMIT");
      await sleep(moment);
      const busy = heard.filter((each) => each.startsWith("three"));
      await three.query("COMMIT");
      await one.query("BEGIN");
      await one.query(`NOTIFY ${table}, 'never'`);
      await one.query("ROLLBACK");
      await three.query("UNLISTEN *");
      await one.query(`NOTIFY ${table}, 'end'`);
      await sleep(moment);
      for (const session of [one, two, three]) session.close();
      return {
        before,
        busy,
        two: heard.filter((each) => each.startsWith("two")),
        three: heard.filter((each) => each.startsWith("three")),
      };
    },
    expected: {
      before: ["two early"],
      busy: ["three early"],
      two: ["two early", "two late", "two later", "two end"],
      three: ["three early", "three late", "three later"],
    },
  },
  {
    title: "statements of one session asked for at once go one by one",
    async run({ postgres, table }) {
      const session = await postgres.connect();
      await session.query(`CREATE TABLE ${table} (n bigint)`);
      const outcomes = await Promise.all([
        session.query("BEGIN"),
        session.query(`INSERT INTO ${table} VALUES (1)`),
        attempt(session.query("SELEC")),
        attempt(session.query(`SELECT * FROM ${table}`)),
        session.query("ROLLBACK"),
        session.query(`SELECT * FROM ${table}`),
      ]);
      session.close();
      return [outcomes[2], outcomes[3], outcomes[5]];
    },
    expected: ["42601", "25P02", { rows: [], count: 0 }],
  },
  {
    title: "closing a session rolls back what it had open, and does not count as its end",
    async run({ postgres, table, sleep }) {
      const [one, two] = [await postgres.connect(), await postgres.connect()];
      let ends = 0;
      one.onEnd(() => ends++);
      await one.query(`CREATE TABLE ${table} (k text PRIMARY KEY)`);
      await one.query("BEGIN");
      await one.query(`INSERT INTO ${table} VALUES ('a')`);
      one.close();
      const late = await attempt(one.query("SELECT 1"));
      await sleep(moment);
      const put = await attempt(two.query(`INSERT INTO ${table} VALUES ('a')`));
      two.close();
      return { late, put, ends };
    },
    expected: { late: "ECONNRESET fatal", put: { rows: [], count: 1 }, ends: 0 },
  },
  {
    title: "when all sessions are taken the next one is refused, and had once another has ended",
    tags: ["Postgres 9"],
    async run({ postgres, limit, sleep }) {
      const open: PostgresSession[] = [];
      for (let index = 0; index < limit; index++) open.push(await postgres.connect());
      const refused = await attempt(postgres.connect());
      open[0]!.close();
      await sleep(moment);
      const next = await postgres.connect();
      const { count } = await next.query("SELECT 1");
      for (const session of [...open.slice(1), next]) session.close();
      await sleep(moment);
      return { refused, count };
    },
    expected: { refused: "53300 fatal", count: 1 },
  },
  {
    title: "where nobody listens a connection is refused",
    tags: ["Postgres 42"],
    run: ({ nobody }) => attempt(nobody.connect()),
    expected: "ECONNREFUSED fatal",
  },
  {
    title: "a crash ends sessions, also those that wait; what was committed stays and nothing else does",
    tags: ["Postgres 42"],
    async run({ postgres, table, sleep, crash }) {
      const [one, two] = [await postgres.connect(), await postgres.connect()];
      let ends = 0;
      for (const session of [one, two]) session.onEnd(() => ends++);
      await makeConsensus(one, table);
      await one.query("BEGIN");
      await one.query(`UPDATE ${table} SET data = 'lost'`);
      const waiting = new Pending(two.query(`UPDATE ${table} SET data = 'also lost'`));
      await sleep(moment);
      await crash();
      const outcome = String(await waiting.done);
      const after = String(await attempt(one.query("SELECT 1")));
      const next = await postgres.connect();
      const { rows } = await next.query(`SELECT data FROM ${table}`);
      next.close();
      const fate = (text: string): string => text.replace(/^\w+/, "ended");
      return { outcome: fate(outcome), after: fate(after), ends, rows };
    },
    expected: { outcome: "ended perhaps fatal", after: "ended fatal", ends: 2, rows: [{ data: "one" }] },
  },
  {
    title: "an administrator's stop ends sessions with a word, and refuses new ones",
    tags: ["Postgres 33", "Postgres 42"],
    async run({ postgres, table, sleep, stop }) {
      const [one, two] = [await postgres.connect(), await postgres.connect()];
      let ends = 0;
      one.onEnd(() => ends++);
      await makeConsensus(one, table);
      await one.query("BEGIN");
      await one.query(`UPDATE ${table} SET data = 'lost'`);
      const waiting = new Pending(two.query(`UPDATE ${table} SET data = 'also lost'`));
      await sleep(moment);
      const start = await stop();
      const outcome = await waiting.done;
      const refused = String(await attempt(postgres.connect()));
      await start();
      const next = await postgres.connect();
      const { rows } = await next.query(`SELECT data FROM ${table}`);
      next.close();
      return { outcome, ends, isRefused: /^(57P03|ECONNREFUSED) fatal$/.test(refused), rows };
    },
    expected: { outcome: "57P01 perhaps fatal", ends: 1, isRefused: true, rows: [{ data: "one" }] },
  },
];
