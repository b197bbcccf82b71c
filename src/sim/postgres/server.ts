/**
 * What a simulated PostgreSQL server keeps when its process dies: tables and committed rows, as plain data (its log,
 * always replayed), and what faults have turned. Everything else (sessions, locks, open transactions, subscriptions)
 * belongs to one process. Replication is left out: no log positions, slots or publications.
 */
import type { Json } from "../../base/json.ts";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import type { TableShape, Values } from "./storage/table.ts";
import { micros, type Micros } from "../../base/time.ts";

/** A committed change of one row. */
export interface RowChange {
  readonly table: string;
  /** Values of the primary key, in its order; empty without one. */
  readonly key: readonly Json[];
  /** Host of the client whose statement committed it. */
  readonly by: string;
  /** By column name; null when the row was deleted. */
  readonly row: { readonly [column: string]: Json } | null;
}

export interface DurableTable {
  readonly shape: TableShape;
  /** By the row's own number, in order of their first commit. */
  readonly rows: Map<number, Values>;
}

/** One answer in `oneIn` is lost, and its session breaks. */
export interface Loss {
  readonly oneIn: number;
  readonly when: AnswerLoss;
}

/** What faults have turned; the server's process looks at it whenever something reaches it, and once a second. */
export interface PostgresFaultState {
  /** Outages under way. */
  outages: number;
  /** One answer in so many is lost, one entry a fault. */
  readonly losses: Loss[];
  /** Limits to the number of sessions, one entry a fault. */
  readonly limits: number[];
  /** Crashes asked for so far, and how long the server takes to come back from the last one. */
  crashes: number;
  startup: Micros;
}

export interface PostgresServerOptions {
  /** A keyed choice in [0, n). */
  readonly choose: (key: string, n: number) => number;
}

export interface PostgresServer extends PostgresServerOptions {
  readonly tables: Map<string, DurableTable>;
  readonly faults: PostgresFaultState;
  /** Sessions opened so far, by client host: what choices about a session are keyed by. */
  readonly opened: Map<string, number>;
  /** Host of the client whose statement is being executed. */
  client: string;
  /** Called in the commit, once per changed row, in the order in which rows were first changed. Must not throw. */
  onCommit?: (change: RowChange) => void;
}

/** An empty server; its program is `postgresProgram`. */
export function postgresServer({ choose }: PostgresServerOptions): PostgresServer {
  const faults = { outages: 0, losses: [], limits: [], crashes: 0, startup: micros(0) };
  return { choose, tables: new Map(), faults, opened: new Map(), client: "" };
}
