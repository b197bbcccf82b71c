/** The PostgreSQL contract: connections that break in the middle of a call, and what it then came to. */
import type { AnswerLoss } from "../../../src/ports/service-controls.ts";
import { attempt, type PostgresCase, type PostgresContext } from "./case.ts";
import type { PostgresSession } from "../../../src/ports/postgres.ts";

/** Long enough for the server to notice. */
const moment = 150;

interface Call {
  /** Statements before the one whose connection breaks. */
  readonly before: readonly string[];
  readonly text: (table: string) => string;
}

const calls: readonly Call[] = [
  { before: [], text: (table) => `SELECT k FROM ${table} ORDER BY k` },
  { before: [], text: (table) => `INSERT INTO ${table} VALUES ('c')` },
  { before: [], text: (table) => `INSERT INTO ${table} VALUES ('d'), ('e'), ('f') RETURNING k` },
  { before: [], text: (table) => `INSERT INTO ${table} VALUES ('a')` },
  { before: ["BEGIN", "INSERT INTO $ VALUES ('g')"], text: (table) => `INSERT INTO ${table} VALUES ('h')` },
  { before: ["BEGIN", "INSERT INTO $ VALUES ('i')"], text: () => "COMMIT" },
  { before: ["BEGIN", "INSERT INTO $ VALUES ('j')"], text: () => "ROLLBACK" },
];

/** Makes every call over a connection of its own that breaks; returns what was told, and the keys that are there then. */
async function breakAll(context: PostgresContext, when: AnswerLoss): Promise<unknown> {
  const { postgres, fragile, table, sleep } = context;
  const reader = await postgres.connect();
  await reader.query(`CREATE TABLE ${table} (k text PRIMARY KEY)`);
  await reader.query(`INSERT INTO ${table} VALUES ('a'), ('b')`);
  let ends = 0;
  const told: unknown[] = [];
  const broken = async (act: () => Promise<unknown>): Promise<void> => {
    const heal = context.breakCalls(when);
    told.push(await attempt(act()));
    heal();
    await sleep(moment);
  };
  for (const { before, text } of calls) {
    const session: PostgresSession = await fragile.connect();
    session.onEnd(() => ends++);
    for (const each of before) await session.query(each.replace("$", table));
    await broken(() => session.query(text(table)));
  }
  await broken(() => fragile.connect());
  const { rows } = await reader.query(`SELECT k FROM ${table} ORDER BY k`);
  reader.close();
  return { told, ends, keys: rows.map(({ k }) => k as string).join("") };
}

const lost = "ECONNRESET perhaps fatal";
const nothing = "ECONNRESET fatal";
const told = [lost, lost, lost, lost, nothing, lost, nothing, nothing];

export const breaking: readonly PostgresCase[] = [
  {
    title: "a connection that breaks in the middle of a request leaves nothing of it",
    tags: ["Postgres 42"],
    run: (context) => breakAll(context, "before"),
    expected: { told, ends: 7, keys: "ab" },
  },
  {
    title: "a connection that breaks in the middle of an answer shows no row of it, and its effect stays",
    tags: ["Postgres 42"],
    run: (context) => breakAll(context, "middle"),
    expected: { told, ends: 7, keys: "abcdefi" },
  },
  {
    title: "a connection that breaks before an answer leaves the effect",
    tags: ["Postgres 42"],
    run: (context) => breakAll(context, "after"),
    expected: { told, ends: 7, keys: "abcdefi" },
  },
];
