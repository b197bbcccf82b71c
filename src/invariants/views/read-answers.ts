/** ORACLE-READ. */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import type { Row } from "../oracle/relation.ts";
import type { SyntaxNode } from "../oracle/syntax-node.ts";
import { defineInvariant } from "../define-invariant.ts";
import { batchEvaluate, sameRows } from "../oracle/batch-evaluate.ts";
import { rowText } from "../oracle/relation.ts";
import { Collections } from "../state/collections.ts";
import { isBefore } from "../state/frontier.ts";
import { Contents, readingOf, relationsOf, type KnownNames, type Reading } from "./reading.ts";

type Answered = Observed["client.answered"];

interface Read {
  readonly answer: Answered;
  readonly ts: number;
  readonly reading: Reading;
}

interface State {
  readonly collections: Collections;
  /** By collection. */
  readonly contents: Map<string, Contents>;
  readonly names: KnownNames;
  readonly parses: Map<string, SyntaxNode>;
  /** What statements under way would read, by session and number. */
  readonly asked: Map<string, Reading>;
  /** Answers for whose time an input is not known to be complete. */
  early: Read[];
}

/**
 * ORACLE-READ: rows that a client gets are what its query says of tables and sources at the time of the answer. The time
 * is part of the answer, and the contents at that time are durable by then, whoever computed the answer and whatever died.
 * Queries that failed are not judged, nor those whose relations were dropped or made while they were under way, since it
 * is not known which ones were read; nor reads of a view at a time from before it.
 */
export const readAnswers = defineInvariant<State, Observed>({
  id: "ORACLE-READ",
  doc: "A read returns what its query says of its inputs at the time of the read.",
  state: () => ({
    collections: new Collections(),
    contents: new Map(),
    names: new Map(),
    parses: new Map(),
    asked: new Map(),
    early: [],
  }),
  on: {
    "client.asked": ({ collections, asked, names }, { session, number, sql }) => {
      const reading = /^\s*SELECT\b/i.test(sql) ? readingOf(sql, collections, names) : undefined;
      if (reading !== undefined && reading.items.length > 0) asked.set(`${session} ${number}`, reading);
    },
    "client.unknown": ({ asked }, { session, number }) => void asked.delete(`${session} ${number}`),
    "client.answered": (state, answer) => {
      const key = `${answer.session} ${answer.number}`;
      const reading = state.asked.get(key);
      state.asked.delete(key);
      const { ok, ts, sql } = answer;
      if (reading === undefined || !ok || ts === null) return undefined;
      const now = readingOf(sql, state.collections, state.names)?.items ?? [];
      if (now.length !== reading.items.length || now.some(({ id }, at) => id !== reading.items[at]!.id))
        return undefined;
      if (reading.items.some(({ id }) => ts < (state.collections.get(id)?.start ?? 0))) return undefined;
      const read = { answer, ts, reading };
      if (isComplete(read)) return judged(state, read);
      state.early.push(read);
      return undefined;
    },
    "shard.changed": (state, data) => {
      state.collections.changed(data);
      const ready = state.early.filter(isComplete);
      if (ready.length === 0) return undefined;
      state.early = state.early.filter((read) => !ready.includes(read));
      for (const read of ready) {
        const breach = judged(state, read);
        if (breach !== undefined) return breach;
      }
      return undefined;
    },
  },
});

function isComplete({ ts, reading }: Read): boolean {
  return reading.bases.every(({ upper }) => isBefore(ts, upper));
}

function judged({ contents, parses }: State, { answer, ts, reading }: Read): Breach | undefined {
  const bases = reading.bases.map((base) => {
    const known = contents.get(base.item.id) ?? new Contents(base);
    contents.set(base.item.id, known);
    known.moveTo(ts);
    return known;
  });
  const { sql, rows } = answer;
  const subject = reading.items[0]!.name;
  const expected = batchEvaluate(sql, relationsOf(bases), reading.views, parses);
  if (!expected.ok) {
    const { code, message } = expected.error;
    return { subject, message: `${sql} at ${ts} had to fail`, expected: `${code} ${message}`, observed: rows };
  }
  const wanted = expected.rows.flatMap(([row, count]): readonly Row[] => Array.from({ length: count }, () => row));
  const isOrdered = /\bORDER\s+BY\b/i.test(sql);
  const isSame = isOrdered
    ? wanted.length === rows.length && wanted.every((row, at) => rowText(row) === rowText(rows[at] as Row))
    : sameRows(
        expected.rows,
        rows.map((row) => [row as Row, 1]),
      );
  if (isSame) return undefined;
  return { subject, message: `${sql} at ${ts} returned other rows than there were`, expected: wanted, observed: rows };
}
