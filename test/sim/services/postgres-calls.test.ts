/**
 * Every call of the PostgreSQL port fails at three moments: in the middle of its request, in the middle of its answer and
 * between the two. What the client is told, and what is there afterwards.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { PostgresSession } from "../../../src/ports/postgres.ts";
import type { AnswerLoss } from "../../../src/ports/service-controls.ts";
import { attempt } from "../../contract/postgres/case.ts";
import { withSimulatedPostgres, type Simulated } from "../../contract/postgres/simulated.ts";
import { operationsOf } from "./port-operations.ts";

beforeAll(loadPgParser);

interface Row {
  /** Of the ports `Postgres` and `PostgresSession`. */
  readonly operation: string;
  readonly title: string;
  /** Statements before the fault. */
  readonly before?: readonly string[];
  /** The call; returns what its client was told. */
  readonly call: (session: PostgresSession, context: Simulated) => Promise<unknown>;
  /** The same at all three moments. */
  readonly told: unknown;
  /** Keys in the table afterwards, of which there are a, b and c at first: in the middle is as good as after. */
  readonly keys: { readonly before: string; readonly after: string };
  /** What another session is notified of, likewise; nothing unless given. */
  readonly heard?: { readonly before: readonly string[]; readonly after: readonly string[] };
}

const perhaps = "ECONNRESET perhaps fatal";
const surely = "ECONNRESET fatal";
const same = { before: "abc", after: "abc" };
const added = { before: "abc", after: "abcd" };
const insert = "INSERT INTO t VALUES ('d', 1)";
const query = (text: string) => (session: PostgresSession) => attempt(session.query(text));

/** Compare-and-set with its notification, in one statement. */
const announced =
  "WITH done AS (UPDATE t SET k = 'd' WHERE k = 'c' AND n = 1 RETURNING k) SELECT pg_notify('news', k) FROM done";

const rows: readonly Row[] = [
  {
    operation: "connect",
    title: "the opening of a session",
    call: (_, { postgres }) => attempt(postgres.connect()),
    told: surely,
    keys: same,
  },
  {
    operation: "query",
    title: "a read",
    call: query("SELECT k FROM t ORDER BY k"),
    told: perhaps,
    keys: same,
  },
  {
    operation: "query",
    title: "a read in a transaction",
    before: ["BEGIN"],
    call: query("SELECT k FROM t ORDER BY k"),
    told: surely,
    keys: same,
  },
  { operation: "query", title: "a write", call: query(insert), told: perhaps, keys: added },
  {
    operation: "query",
    title: "a write that returns rows",
    call: query("INSERT INTO t VALUES ('d', 1), ('e', 1) RETURNING k"),
    told: perhaps,
    keys: { before: "abc", after: "abcde" },
  },
  {
    operation: "query",
    title: "a compare-and-set that notifies",
    call: query(announced),
    told: perhaps,
    keys: { before: "abc", after: "abd" },
    heard: { before: [], after: ["d"] },
  },
  {
    operation: "query",
    title: "a write that fails",
    call: query("INSERT INTO t VALUES ('a', 1)"),
    told: perhaps,
    keys: same,
  },
  { operation: "query", title: "a BEGIN", call: query("BEGIN"), told: perhaps, keys: same },
  {
    operation: "query",
    title: "a write in a transaction",
    before: ["BEGIN"],
    call: query(insert),
    told: surely,
    keys: same,
  },
  {
    operation: "query",
    title: "a COMMIT",
    before: ["BEGIN", insert],
    call: query("COMMIT"),
    told: perhaps,
    keys: added,
  },
  {
    operation: "query",
    title: "a ROLLBACK",
    before: ["BEGIN", insert],
    call: query("ROLLBACK"),
    told: surely,
    keys: same,
  },
  {
    operation: "query",
    title: "a statement in front of another one",
    call: (session) => {
      const both = [session.query(insert), session.query("DELETE FROM t")];
      return Promise.all(both.map((each) => attempt(each)));
    },
    told: [perhaps, surely],
    keys: added,
  },
  {
    operation: "listen",
    title: "a subscription",
    async call(session, { sleep }) {
      const heard: string[] = [];
      const outcome = await attempt(session.listen("news", (payload) => heard.push(payload)));
      await sleep(100);
      return [outcome, heard];
    },
    told: [perhaps, []],
    keys: same,
  },
  {
    operation: "onEnd",
    title: "a session with a handler of its end",
    async call(session) {
      let ends = 0;
      session.onEnd(() => ends++);
      return [await attempt(session.query(insert)), await attempt(session.query(insert)), ends];
    },
    told: [perhaps, surely, 1],
    keys: added,
  },
  {
    operation: "close",
    title: "a session that is closed over a statement",
    async call(session, { sleep }) {
      let ends = 0;
      session.onEnd(() => ends++);
      const outcome = attempt(session.query(insert));
      session.close();
      await sleep(100);
      return [await outcome, ends];
    },
    told: [perhaps, 0],
    keys: added,
  },
];

const moments: readonly AnswerLoss[] = ["before", "middle", "after"];

/** Keys in the table, read in a session that can only be had if every other one but the listener's is over. */
async function keysLeft({ postgres, controls }: Simulated): Promise<string> {
  const heal = controls.limitConnections(2);
  const session = await postgres.connect();
  const result = await session.query("SELECT k FROM t ORDER BY k");
  session.close();
  heal();
  return result.rows.map(({ k }) => k as string).join("");
}

async function play(row: Row, when: AnswerLoss, context: Simulated): Promise<unknown> {
  const { postgres, controls, sleep, lost } = context;
  const [session, listener] = [await postgres.connect(), await postgres.connect()];
  const heard: string[] = [];
  await listener.listen("news", (payload) => heard.push(payload));
  await session.query("CREATE TABLE t (k text PRIMARY KEY, n bigint NOT NULL)");
  await session.query("INSERT INTO t VALUES ('a', 1), ('b', 1), ('c', 1)");
  for (const text of row.before ?? []) await session.query(text);
  const heal = controls.loseAnswers(1, when);
  const told = await row.call(session, context);
  heal();
  session.close();
  await sleep(100);
  return { told, keys: await keysLeft(context), heard, lost: lost.map((each) => each.when) };
}

describe("calls of PostgreSQL whose connection breaks", () => {
  it("are all that the port has", () => {
    const operations = ["Postgres", "PostgresSession"].flatMap((name) => operationsOf("postgres.ts", name));
    expect([...new Set(rows.map(({ operation }) => operation))]).toEqual(operations);
  });

  it.each(rows.flatMap((row) => moments.map((when) => ({ ...row, when }))))("$when: $title", async (row) => {
    const { when, told, keys, heard = { before: [], after: [] } } = row;
    const effect = when === "before" ? "before" : "after";
    expect(await withSimulatedPostgres((context) => play(row, when, context), { choose: () => 0 })).toEqual({
      told,
      keys: keys[effect],
      heard: heard[effect],
      lost: [when],
    });
  });

  it.each([1, 2, 3])("are no short results when %i of 3 rows have gone out", async (out) => {
    const choose = (key: string, n: number): number => (key.startsWith("postgres.cut/") ? Math.min(out, n) - 1 : 0);
    await withSimulatedPostgres(
      async ({ postgres, controls, lost }) => {
        const session = await postgres.connect();
        await session.query("CREATE TABLE t (k text PRIMARY KEY)");
        const heal = controls.loseAnswers(1, "middle");
        const statement = "INSERT INTO t VALUES ('a'), ('b'), ('c') RETURNING k";
        expect(await attempt(session.query(statement))).toBe(perhaps);
        heal();
        expect(lost).toEqual([{ statement, when: "middle", rows: out }]);
        const { count } = await (await postgres.connect()).query("SELECT k FROM t");
        expect(count).toBe(3);
      },
      { choose },
    );
  });
});
