/** A client's session while it lasts, and what a statement of it answers. */
import type { Json } from "../../../base/json.ts";
import type { Time } from "../../collection.ts";

/** What `SET` sets. */
export interface SessionVariables {
  /** Name of the cluster that queries run on, and where objects go that name none. */
  cluster: string;
}

export interface Session {
  /** For observations. */
  readonly name: string;
  /** Of the connection: they outlast a statement. */
  readonly variables: SessionVariables;
  /** Whether the client has gone away: then nothing that was not committed is. */
  readonly isGone: boolean;
  /** Calls `run` once when the client goes away during the present statement. */
  onGone(run: () => void): void;
}

export interface Answer {
  readonly tag: string;
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly Json[])[];
  /** Null for what has no time. */
  readonly ts: Time | null;
  readonly notices?: readonly string[];
}
