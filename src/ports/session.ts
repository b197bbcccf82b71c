/** A client's session with the database: one statement in flight, answers carry their timestamp. Port 6875, one message each way. */
import type { Json } from "../base/json.ts";

export interface SessionRequest {
  readonly sql: string;
  /** The client's own name for its session, for observations alone; the server names it after the peer without. */
  readonly session?: string;
  /** The client's own count of its statements, likewise; the server counts per connection without. */
  readonly number?: number;
}

export interface SqlErrorInfo {
  /** SQLSTATE. */
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
  /** Character in the statement, from 1. */
  readonly position?: number;
}

export type SessionReply =
  | {
      readonly ok: true;
      /** Command tag: `CREATE SOURCE`, `INSERT 0 2`, `SELECT 3`. */
      readonly tag: string;
      readonly columns: readonly string[];
      readonly rows: readonly (readonly Json[])[];
      /** Logical time of the read, or of the write's commit, milliseconds; null for what has none. */
      readonly timestamp: number | null;
      readonly notices: readonly string[];
    }
  | { readonly ok: false; readonly error: SqlErrorInfo };
