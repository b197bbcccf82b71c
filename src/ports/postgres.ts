/** A PostgreSQL session. Rejections are `PostgresFailure`s. */
import type { Json } from "../base/json.ts";
import type { Duration, Micros } from "../base/time.ts";

export interface PostgresFailure extends Error {
  /** SQLSTATE when the server answered, else the network's code (`ECONNREFUSED`, `ECONNRESET`, `ETIMEDOUT` …). */
  readonly code: string;
  /** The statement certainly had no effect. A lost answer to COMMIT, or to a statement outside a transaction, is not. */
  readonly isDefinite: boolean;
  /** The session is gone; open another one. */
  readonly isFatal: boolean;
}

export interface PostgresResult {
  /** By column name, in the order of the query. bigint values are safe integers, text is text. */
  readonly rows: readonly { readonly [column: string]: Json }[];
  /** Rows read or changed, as the command tag says. */
  readonly count: number;
}

export interface PostgresSession {
  /** One statement at a time; parameters are `$1`, `$2` … */
  query(
    text: string,
    params?: readonly Json[],
    options?: { readonly timeout?: Duration | Micros },
  ): Promise<PostgresResult>;
  /** Subscribes to a channel of NOTIFY. `onPayload` is called once per notification, after its transaction committed. */
  listen(channel: string, onPayload: (payload: string) => void): Promise<void>;
  /** Called once when the session has ended without having been closed. */
  onEnd(handler: () => void): void;
  close(): void;
}

export interface Postgres {
  /** Opens a session. `53300` when all connections are taken, `57P03` while the server starts or stops. */
  connect(options?: { readonly timeout?: Duration | Micros }): Promise<PostgresSession>;
}
