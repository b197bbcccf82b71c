/**
 * Times of writes and reads. The oracle's own state is not seen, and what a process says of it may be lost with it: that
 * a time was applied may never be heard. But a time was allocated in an event before the one in which it is used, so
 * whatever anybody applies or reads was allocated by somebody who said so; and it is applied only once its write is
 * durable, which is never missed. So an applied or read time must be below the durable upper of the tables, or be the
 * time of a transaction of the catalog.
 *
 * Clients see all that they ask and are told, in real time: what one was told before another asked comes before it. Reads
 * that name their time themselves are not judged and prove nothing.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Frontier } from "../state/frontier.ts";
import type { Observed } from "../state/observed.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isBefore } from "../state/frontier.ts";
import { readStatement } from "../state/statement.ts";

interface State {
  readonly catalog: CatalogContents;
  /** Times of transactions of the catalog. */
  readonly transactions: Set<number>;
  tables: Frontier;
  readonly allocated: Set<number>;
  highest: number;
  /** The last time that each process was given. */
  readonly own: Map<string, number>;
  /** Open reads and INSERTs by session and number: the latest time that anybody was told before they were asked. */
  readonly floors: Map<string, { readonly isWrite: boolean; readonly floor: number }>;
  /** The latest time that anybody was told. */
  told: number;
}

/** S-LIN-2: time never runs back, for writers, readers and clients. */
export const oracleTimes = defineInvariant<State, Observed>({
  id: "S-LIN-2",
  doc: "Times of writes are unique and rise; nobody reads at a time before its writes are durable; answers respect real time.",
  state: () => ({
    catalog: new CatalogContents(),
    transactions: new Set(),
    tables: 0,
    allocated: new Set(),
    highest: 0,
    own: new Map(),
    floors: new Map(),
    told: 0,
  }),
  on: {
    "shard.changed": (state, changed) => {
      if (changed.shard === "tables") state.tables = changed.upper;
      for (const time of state.catalog.apply(changed).contentTimes) state.transactions.add(time);
    },
    "oracle.write-allocated": (state, { ts }, { process }) => allocated(state, ts, process),
    "oracle.applied": (state, { ts }, { process }) => {
      const own = state.own.get(process) ?? 0;
      if (ts <= own) return durable(state, ts, "applied");
      const message = `${process} applied the time ${ts}, which it was not given`;
      return { subject: "applied", message, expected: { atMost: own }, observed: ts };
    },
    "oracle.read": (state, { ts }) => {
      if (ts <= state.highest) return durable(state, ts, "read");
      const message = `the oracle told the time ${ts}, which nobody was given`;
      return { subject: "read", message, expected: { atMost: state.highest }, observed: ts };
    },
    "client.asked": (state, { session, number, sql }) => {
      const statement = readStatement(sql);
      const isRead = statement.kind === "select" && !statement.hasTime;
      if (!isRead && statement.kind !== "insert") return;
      state.floors.set(`${session}/${number}`, { isWrite: !isRead, floor: state.told });
    },
    "client.unknown": ({ floors }, { session, number }) => void floors.delete(`${session}/${number}`),
    "client.answered": (state, answered) => told(state, answered),
  },
});

function allocated(state: State, ts: number, process: string): Breach | undefined {
  const own = state.own.get(process) ?? 0;
  const isTaken = state.allocated.has(ts);
  state.own.set(process, ts);
  state.allocated.add(ts);
  state.highest = Math.max(state.highest, ts);
  if (isTaken) {
    return {
      subject: "allocated twice",
      message: `the time ${ts} was given twice`,
      expected: "a new time",
      observed: ts,
    };
  }
  if (ts > own) return undefined;
  const message = `${process} was given the time ${ts} after ${own}`;
  return { subject: "allocated", message, expected: { above: own }, observed: ts };
}

function durable({ transactions, tables }: State, ts: number, how: string): Breach | undefined {
  if (ts === 0 || transactions.has(ts) || isBefore(ts, tables)) return undefined;
  const message = `the time ${ts} was ${how} before what is written at it was durable`;
  return { subject: `${how} early`, message, expected: { below: tables }, observed: ts };
}

function told(state: State, { session, number, sql, ok, ts }: Observed["client.answered"]): Breach | undefined {
  const key = `${session}/${number}`;
  const open = state.floors.get(key);
  state.floors.delete(key);
  if (!ok || ts === null) return undefined;
  const statement = readStatement(sql);
  if (statement.kind === "select" && statement.hasTime) return undefined;
  state.told = Math.max(state.told, ts);
  if (open === undefined) return undefined;
  const { isWrite, floor } = open;
  if (isWrite ? ts > floor || floor === 0 : ts >= floor) return undefined;
  return {
    subject: isWrite ? "write" : "read",
    message: `a ${isWrite ? "write" : "read"} took place at ${ts}, and ${floor} had been told before it was asked for`,
    expected: isWrite ? { above: floor } : { atLeast: floor },
    observed: ts,
  };
}
