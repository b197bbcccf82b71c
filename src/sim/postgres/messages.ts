/**
 * What goes over a connection between client and simulated server: one message a statement and one back, notifications
 * whenever there are any. Deliberately not PostgreSQL's own protocol.
 */
import type { Json } from "../../base/json.ts";
import type { SessionStatus } from "./session.ts";

/** Where servers listen. */
export const postgresPort = 5432;

/** From the client: a statement. Closing the connection ends the session. */
export interface Ask {
  readonly text: string;
  readonly params: readonly Json[];
}

/** From the server. */
export type Tell =
  /** The session is open; the first message of all, unless it is `ended`. */
  | { readonly kind: "ready" }
  /** The session is over, or was refused; nothing follows. */
  | { readonly kind: "ended"; readonly code: string; readonly message: string }
  /** Some rows of an answer that breaks off behind them; all others come whole. */
  | { readonly kind: "part"; readonly rows: readonly { readonly [column: string]: Json }[] }
  | {
      readonly kind: "result";
      readonly rows: readonly { readonly [column: string]: Json }[];
      readonly count: number;
      readonly status: SessionStatus;
    }
  | { readonly kind: "failure"; readonly code: string; readonly message: string; readonly status: SessionStatus }
  | { readonly kind: "notification"; readonly channel: string; readonly payload: string };
