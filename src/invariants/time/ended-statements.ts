/**
 * Statements that hang. Clients keep their own patience and say when they gave up, so that every statement ends for them
 * in time whatever became of it. While there are faults a statement may be lost with its connection. Afterwards one may
 * still be, on a connection that was broken silently before; it costs the client that connection, so a second statement
 * of one session that nobody answers for as long as the client waits has no excuse.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

interface Open {
  readonly session: string;
  readonly sql: string;
  readonly at: number;
}

interface State {
  /** By session and number, in the order in which they were asked. */
  readonly open: Map<string, Open>;
  overAt: number | null;
  /** Sessions of which a statement that was asked since then was never answered. */
  readonly hung: Set<string>;
}

/** T8, virtual microseconds. */
const within = 75_000_000;
/** Waiting for longer than this is no broken connection that the client saw. */
const patience = 40_000_000;

/** L-QRY-1: a statement is answered, with rows or with a coded error. */
export const endedStatements = defineInvariant<State, Observed>({
  id: "L-QRY-1",
  doc: "Every statement ends within 75 s, and once faults are over with an answer.",
  state: () => ({ open: new Map(), overAt: null, hung: new Set() }),
  on: {
    "client.asked": (state, { session, number, sql }, { at }) => {
      const breach = overdue(state, at);
      state.open.set(`${session}/${number}`, { session, sql, at });
      return breach;
    },
    "client.answered": (state, { session, number }, { at }) => {
      const breach = overdue(state, at);
      state.open.delete(`${session}/${number}`);
      return breach;
    },
    "client.unknown": (state, { session, number }, { at }) => {
      const key = `${session}/${number}`;
      const breach = overdue(state, at) ?? hangs(state, state.open.get(key), at);
      state.open.delete(key);
      return breach;
    },
    "shard.changed": (state, _, { at }) => overdue(state, at),
    "faults.over": (state, _, { at }) => void (state.overAt ??= at),
  },
  atEnd: ({ open }) => {
    const [first] = open.values();
    if (first === undefined) return undefined;
    const message = `"${first.sql}" of ${first.session} was never answered`;
    return { subject: "outstanding", message, expected: 0, observed: open.size };
  },
});

function overdue({ open }: State, now: number): Breach | undefined {
  const [oldest] = open.values();
  if (oldest === undefined || now - oldest.at <= within) return undefined;
  const message = `"${oldest.sql}" of ${oldest.session} has neither been answered nor given up`;
  return { subject: "overdue", message, expected: { within }, observed: now - oldest.at };
}

function hangs({ overAt, hung }: State, asked: Open | undefined, now: number): Breach | undefined {
  if (asked === undefined || overAt === null || asked.at < overAt || now - asked.at < patience) return undefined;
  if (!hung.has(asked.session)) {
    hung.add(asked.session);
    return undefined;
  }
  const message = `"${asked.sql}" of ${asked.session} hung on a connection that no fault has touched`;
  return { subject: "hangs", message, expected: "an answer", observed: now - asked.at };
}
