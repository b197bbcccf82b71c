/** `ports/postgres.ts` over the real client library, for tests that compare. It has no time-outs of its own. */
import pg from "pg";
import type { Json } from "../../../src/base/json.ts";
import type { Postgres, PostgresResult, PostgresSession } from "../../../src/ports/postgres.ts";
import { ClientFailure, hasNoEffect } from "../../../src/sim/postgres/client-failure.ts";

const int8 = 20;

/** Sessions with a real server. */
export function realClient(config: pg.ClientConfig): Postgres {
  return {
    async connect() {
      const client = new pg.Client({ ...config, types: { getTypeParser: parserOf } });
      const session = new RealSession(client);
      try {
        await client.connect();
      } catch (error) {
        throw new ClientFailure(codeOf(error), "no session", { isDefinite: true, isFatal: true });
      }
      return session;
    },
  };
}

class RealSession implements PostgresSession {
  readonly #client: pg.Client;
  readonly #endHandlers: (() => void)[] = [];
  readonly #listeners = new Map<string, ((payload: string) => void)[]>();
  #last: Promise<unknown> = Promise.resolve();
  #isInTransaction = false;
  #isEnded = false;
  /** What the server said before it ended the session. */
  #farewell: string | null = null;

  constructor(client: pg.Client) {
    this.#client = client;
    client.on("error", (error) => (this.#farewell ??= codeOf(error)));
    client.on("end", () => {
      this.#isEnded = true;
      for (const handler of this.#endHandlers.splice(0)) handler();
    });
    client.on("notification", ({ channel, payload }) => {
      for (const listener of this.#listeners.get(channel) ?? []) listener(payload ?? "");
    });
    // How the library's own parser of answers says whether a transaction is open.
    const { connection } = client as unknown as { connection: NodeJS.EventEmitter };
    connection.on("readyForQuery", ({ status }: { status: string }) => (this.#isInTransaction = status !== "I"));
  }

  query(text: string, params: readonly Json[] = []): Promise<PostgresResult> {
    const result = this.#last.then(() => this.#query(text, params));
    this.#last = result.catch(() => undefined);
    return result;
  }

  async #query(text: string, params: readonly Json[]): Promise<PostgresResult> {
    const wasInTransaction = this.#isInTransaction;
    const wasEnded = this.#isEnded;
    try {
      const result = await this.#client.query(text, [...params]);
      return { rows: result.rows, count: result.rowCount ?? 0 };
    } catch (error) {
      const code = codeOf(error);
      const isFatal = this.#isEnded || code === "ECONNRESET" || code.startsWith("57P");
      const isDefinite = !isFatal || wasEnded || hasNoEffect(text, wasInTransaction);
      throw new ClientFailure(code === "ECONNRESET" ? (this.#farewell ?? code) : code, "failed", {
        isDefinite,
        isFatal,
      });
    }
  }

  async listen(channel: string, onPayload: (payload: string) => void): Promise<void> {
    this.#listeners.set(channel, [...(this.#listeners.get(channel) ?? []), onPayload]);
    await this.query(`LISTEN "${channel}"`);
  }

  onEnd(handler: () => void): void {
    this.#endHandlers.push(handler);
  }

  close(): void {
    this.#endHandlers.length = 0;
    this.#isEnded = true;
    void this.#client.end();
  }
}

function parserOf(oid: number, format?: string): (text: string) => unknown {
  if (oid === int8) return Number;
  return pg.types.getTypeParser(oid, format as "text") as (text: string) => unknown;
}

/** The library has no code for a connection that went away. */
function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? "ECONNRESET";
}
