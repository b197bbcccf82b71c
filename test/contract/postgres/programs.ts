/**
 * Random programs for one or two sessions over one table, and how they are run so that two servers can be compared: every
 * step is done, fails or waits before the next one begins. Left out because the real server leaves it open: order of rows
 * without ORDER BY, and which of several rows are locked first.
 */
import fc from "fast-check";
import type { Json } from "../../../src/base/json.ts";
import type { PostgresResult, PostgresSession } from "../../../src/ports/postgres.ts";
import { Pending } from "./case.ts";

export interface Step {
  readonly session: number;
  readonly text: string;
  readonly params: readonly Json[];
}

/** Where a program runs. */
export interface Stage {
  /** Two sessions that are idle. */
  readonly sessions: readonly [PostgresSession, PostgresSession];
  /** Returns when the statement is done or certainly waits; `isLast`: for nobody who could still end. */
  settle(statement: Pending, isLast: boolean): Promise<void>;
}

const pick = fc.constantFrom;
const key = pick("'a'", "'b'", "'c'", "'d'");
const number = pick("0", "1", "2", "-1", "3", "n + 1", "n - 2", "greatest(n, 1)", "coalesce(n, 0) + 1");
const constant = pick("0", "1", "2", "-1", "2147483647", "'7'", "NULL", "least(3, 2)");
/** Mostly sound; some are of the wrong type. */
const odd = pick("'x'", "k", "true", "2147483647 + 1", "nothing", "'1'::text", "$1 + 1");
const flag = pick("true", "false", "NULL", "n > 1", "NOT b", "'t'");
const document = pick("NULL", `'{"a": 1}'`, `'[1, {"b": null}]'`, "'{'", "j");
const one = fc
  .tuple(key, pick("", "", " AND n > 0", " AND n = 1", " AND b IS NULL"))
  .map(([k, and]) => `k = ${k}${and}`);
const many = pick(
  "n = 1",
  "n > 0 AND n <> 2",
  "b",
  "NOT b OR n < 0",
  "b IS NOT DISTINCT FROM false",
  "k IN ('a', 'c')",
  "k NOT IN ('a', NULL)",
  "k > 'a' AND k <= 'c'",
  `j = '{"a": 1}'`,
  "j IS NOT NULL",
  "n + 1 > 1",
  "n",
  "k = 1",
);
const returning = pick("", " RETURNING k, n", " RETURNING *", " RETURNING n + 1 AS next, k || '!' AS name");

const row = fc
  .tuple(key, fc.oneof({ weight: 5, arbitrary: constant }, odd), flag, document)
  .map((v) => `(${v.join(", ")})`);
const conflict = pick(
  "",
  "",
  " ON CONFLICT DO NOTHING",
  " ON CONFLICT (k) DO NOTHING",
  " ON CONFLICT (k) DO UPDATE SET n = t.n + excluded.n",
  " ON CONFLICT (k) DO UPDATE SET b = excluded.b WHERE t.n > 0",
  " ON CONFLICT (n) DO NOTHING",
);
const insert = fc
  .tuple(fc.array(row, { minLength: 1, maxLength: 2 }), conflict, returning)
  .map(([rows, on, back]) => `INSERT INTO t VALUES ${rows.join(", ")}${on}${back}`);
const set = fc.oneof(
  { weight: 5, arbitrary: number.map((value) => `n = ${value}`) },
  { weight: 1, arbitrary: odd.map((value) => `n = ${value}`) },
  { weight: 1, arbitrary: flag.map((value) => `b = ${value}, n = 2`) },
  { weight: 1, arbitrary: document.map((value) => `j = ${value}`) },
  { weight: 2, arbitrary: key.map((value) => `k = ${value}`) },
);
const order = pick(" ORDER BY k", " ORDER BY n, k", " ORDER BY 2 DESC, k DESC", " ORDER BY b NULLS FIRST, k LIMIT 2");

function changes(where: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    fc.tuple(set, where, returning).map(([to, w, back]) => `UPDATE t SET ${to} WHERE ${w}${back}`),
    fc.tuple(where, returning).map(([w, back]) => `DELETE FROM t WHERE ${w}${back}`),
    fc.tuple(where, order).map(([w, by]) => `SELECT k, n, b FROM t WHERE ${w}${by} FOR UPDATE`),
  );
}

const read = fc.tuple(fc.oneof(one, many), order).map(([w, by]) => `SELECT k, n, b, j FROM t WHERE ${w}${by}`);
const bare = pick(
  "SELECT 1 + 1 AS n",
  "SELECT coalesce(NULL, 'x'), NULL",
  "SELECT '5'::bigint, 1::text || 'x', 0::boolean",
);
const ends = pick("COMMIT", "COMMIT", "ROLLBACK");
const begins = pick("BEGIN", "BEGIN", "BEGIN ISOLATION LEVEL REPEATABLE READ", "BEGIN READ ONLY");

const withParams = fc.constantFrom<Pick<Step, "text" | "params">>(
  { text: "UPDATE t SET n = $3 WHERE k = $1 AND n = $2 RETURNING n", params: ["a", 1, 2] },
  {
    text: "WITH done AS (UPDATE t SET n = n + 1 WHERE k = $1 AND n = $2 RETURNING k, n) SELECT pg_notify('c', k) FROM done",
    params: ["b", "1"],
  },
  { text: "INSERT INTO t (k, n, j) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING", params: ["c", 5, { x: [1] }] },
  { text: "SELECT n FROM t WHERE k = $1", params: ["a"] },
  { text: "SELECT $1 + 1, $2", params: ["41", "x"] },
  { text: "SELECT n FROM t WHERE n = $1 ORDER BY k", params: ["one"] },
  { text: "INSERT INTO t (k, n) VALUES ($1, $2)", params: [null, 1] },
);

function steps(session: fc.Arbitrary<number>, change: fc.Arbitrary<string>): fc.Arbitrary<readonly Step[]> {
  const text = fc.oneof(
    { weight: 3, arbitrary: insert },
    { weight: 6, arbitrary: change },
    { weight: 2, arbitrary: read },
    { weight: 1, arbitrary: bare },
    { weight: 3, arbitrary: begins },
    { weight: 3, arbitrary: ends },
  );
  const statement = fc.oneof(
    { weight: 6, arbitrary: text.map((each) => ({ text: each, params: [] as readonly Json[] })) },
    { weight: 1, arbitrary: withParams },
  );
  const step = fc.tuple(session, statement).map(([number, each]) => ({ session: number, ...each }));
  return fc.array(step, { minLength: 4, maxLength: 20, size: "max" });
}

/** Programs of one session: whatever the subset has. */
export const soloPrograms = steps(fc.constant(0), fc.oneof(changes(one), changes(many)));
/** Programs of two sessions: statements that change rows are about one key each. */
export const duoPrograms = steps(fc.nat(1), changes(one));

/** Runs a program on the table `t` with nothing but the rows a and b; returns what became of every step and of the table. */
export async function play(program: readonly Step[], { sessions, settle }: Stage): Promise<readonly string[]> {
  await sessions[0].query("CREATE TABLE IF NOT EXISTS t (k text PRIMARY KEY, n bigint NOT NULL, b boolean, j jsonb)");
  await sessions[0].query("DELETE FROM t");
  await sessions[0].query("INSERT INTO t VALUES ('a', 1, true, NULL), ('b', 1, NULL, '{\"a\": 1}')");
  const said: string[] = [];
  const waiting: [Pending | null, Pending | null] = [null, null];
  const note = (place: number, text: string, pending: Pending): void => {
    said.push(`${place}: ${text} → ${told(pending.outcome, text)}`);
    waiting[place] = pending.outcome === "waits" ? pending : null;
  };
  const texts = ["", ""];
  for (const { session, text, params } of [...program, ...closing]) {
    if (waiting[session] !== null) continue;
    const statement = new Pending(sessions[session]!.query(text, params));
    const other = waiting[1 - session]!;
    await settle(statement, other !== null);
    texts[session] = text;
    note(session, text, statement);
    if (other === null) continue;
    await settle(other, false);
    if (other.outcome !== "waits") note(1 - session, texts[1 - session]!, other);
  }
  const { rows } = await sessions[0].query("SELECT * FROM t ORDER BY k");
  return [...said, JSON.stringify(rows)];
}

/** Of two sessions at most one waits, and the other one's end frees it. */
const closing: readonly Step[] = [0, 1, 0].map((session) => ({ session, text: "ROLLBACK", params: [] }));

/** One line for an outcome. */
function told(outcome: unknown, text: string): string {
  if (typeof outcome === "string") return outcome;
  const { rows, count } = outcome as PostgresResult;
  const lines = rows.map((each) => JSON.stringify(each));
  return `${count} ${(text.includes("ORDER BY") ? lines : lines.toSorted()).join(" ")}`;
}
