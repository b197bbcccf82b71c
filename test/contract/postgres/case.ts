/** What a case of the PostgreSQL contract is given, and how it says what became of things. */
import type { Postgres, PostgresFailure } from "../../../src/ports/postgres.ts";
import type { AnswerLoss } from "../../../src/ports/service-controls.ts";

export interface PostgresContext {
  readonly postgres: Postgres;
  /** A client of a place where nobody listens. */
  readonly nobody: Postgres;
  /** Name for a table that is not there yet; lower case. */
  readonly table: string;
  sleep(millis: number): Promise<void>;
  /** So many sessions may be open at once. */
  readonly limit: number;
  /** A client whose connections `breakCalls` breaks. */
  readonly fragile: Postgres;
  /** From now on the connection of every call of `fragile` breaks at that moment, until what is returned is called. */
  breakCalls(when: AnswerLoss): () => void;
  /** The server dies and comes back with what was committed; resolves when it serves again. */
  crash(): Promise<void>;
  /** An administrator stops the server; the promise resolves once it does not serve. Returns how to start it again. */
  stop(): Promise<() => Promise<void>>;
}

export interface PostgresCase {
  readonly title: string;
  readonly tags?: readonly string[];
  readonly run: (context: PostgresContext) => Promise<unknown>;
  readonly expected: unknown;
}

/** What a promise came to: its value or, with marks for what is not certain or ended the session, the code of its failure. */
export async function attempt(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    const { code, isDefinite, isFatal } = error as PostgresFailure;
    if (typeof code !== "string") throw error;
    return `${code}${isDefinite ? "" : " perhaps"}${isFatal ? " fatal" : ""}`;
  }
}

/** A promise to look at while it may be waiting. */
export class Pending {
  outcome: unknown = "waits";
  readonly done: Promise<unknown>;

  constructor(promise: Promise<unknown>) {
    this.done = attempt(promise).then((outcome) => (this.outcome = outcome));
  }
}
