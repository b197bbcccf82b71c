/** What clients and the server say to each other, and where. */

export const port = 7000;

export type Value = string | number;

/** A change. A session numbers its own from 1 up and never uses a number for two of them. */
export type Mutation = { readonly session: string; readonly number: number; readonly key: string } & (
  | { readonly op: "put"; readonly value: string }
  | { readonly op: "add"; readonly value: number }
);

/** Asks for the values of some keys, all at one moment. */
export interface Read {
  readonly op: "get";
  readonly keys: readonly string[];
}

export type Request = Mutation | Read;

/** Values by key, null for a key that has none: those asked for, or the one that was changed. */
export interface Values {
  readonly [key: string]: Value | null;
}

/** `full`: the disk had no room and nothing happened. `stale`: the session has moved on to a later number. */
export type Reply =
  | { readonly ok: true; readonly values: Values }
  | { readonly ok: false; readonly reason: "full" | "stale" };
