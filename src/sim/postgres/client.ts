/**
 * The client of the simulated PostgreSQL server: `ports/postgres.ts` over one connection a session. Like the real client
 * library it has no pool, does not reconnect and does not repeat anything. Statements asked for at once go one by one.
 */
import type { Json } from "../../base/json.ts";
import type { Duration, Micros } from "../../base/time.ts";
import type { Connection, Host } from "../../ports/host.ts";
import type { Postgres, PostgresResult, PostgresSession } from "../../ports/postgres.ts";
import { micros, parseDuration } from "../../base/time.ts";
import { NetError } from "../../machine/port-errors.ts";
import { ClientFailure, hasNoEffect } from "./client-failure.ts";
import type { Tell } from "./messages.ts";

type Wait = Duration | Micros;

/** How long a statement may take, or the opening of a session, unless the caller says. */
const defaultTimeout: Duration = "5s";

interface Query {
  readonly text: string;
  readonly params: readonly Json[];
  /** By the monotonic clock. */
  readonly deadline: number;
  readonly resolve: (result: PostgresResult) => void;
  readonly reject: (failure: ClientFailure) => void;
  isSent: boolean;
}

/** Sessions of one process with the server at an address (`host:5432`). */
export function postgresClient(host: Host, address: string): Postgres {
  return {
    async connect({ timeout = defaultTimeout } = {}) {
      const deadline = host.clock.monotonic() + parseDuration(timeout);
      let connection: Connection;
      try {
        connection = await host.connect(address, { timeout });
      } catch (error) {
        if (!(error instanceof NetError)) throw error;
        throw new ClientFailure(error.code, `no session with ${address}`, { isDefinite: true, isFatal: true });
      }
      const session = new ClientSession(host, connection);
      await session.opened(deadline);
      return session;
    },
  };
}

class ClientSession implements PostgresSession {
  readonly #host: Host;
  readonly #connection: Connection;
  /** Statements without an answer; only the first one is under way. */
  readonly #queries: Query[] = [];
  readonly #listeners = new Map<string, ((payload: string) => void)[]>();
  readonly #endHandlers: (() => void)[] = [];
  /** Earliest moment at which somebody looks whether time is up. */
  #looksAt = Number.MAX_SAFE_INTEGER;
  #opening: Omit<Query, "text" | "params" | "isSent"> | null = null;
  #isInTransaction = false;
  #isEnded = false;

  constructor(host: Host, connection: Connection) {
    this.#host = host;
    this.#connection = connection;
  }

  /** Waits for the server's word that the session is open. */
  async opened(deadline: number): Promise<void> {
    await new Promise<PostgresResult>((resolve, reject) => {
      this.#opening = { deadline, resolve, reject };
      this.#watch(deadline);
      void this.#read();
    });
  }

  query(
    text: string,
    params: readonly Json[] = [],
    options: { readonly timeout?: Wait } = {},
  ): Promise<PostgresResult> {
    const deadline = this.#host.clock.monotonic() + parseDuration(options.timeout ?? defaultTimeout);
    return new Promise((resolve, reject) => {
      const query: Query = { text, params, deadline, resolve, reject, isSent: false };
      if (this.#isEnded) return this.#fail(query, "ECONNRESET", "the session has ended");
      this.#queries.push(query);
      if (this.#queries.length === 1) this.#send(query);
    });
  }

  async listen(channel: string, onPayload: (payload: string) => void): Promise<void> {
    await this.query(`LISTEN "${channel.replaceAll('"', '""')}"`);
    const listeners = this.#listeners.get(channel);
    if (listeners === undefined) this.#listeners.set(channel, [onPayload]);
    else listeners.push(onPayload);
  }

  onEnd(handler: () => void): void {
    this.#endHandlers.push(handler);
  }

  close(): void {
    if (this.#isEnded) return;
    this.#endHandlers.length = 0;
    this.#end("ECONNRESET", "the session was closed");
  }

  #send(query: Query): void {
    query.isSent = true;
    this.#watch(query.deadline);
    try {
      this.#connection.send({ text: query.text, params: query.params });
    } catch (error) {
      if (!(error instanceof NetError)) throw error;
      query.isSent = false;
      this.#end(error.code === "EPIPE" ? "ECONNRESET" : error.code, "the session has ended");
    }
  }

  async #read(): Promise<void> {
    for (;;) {
      let message: Tell | undefined;
      try {
        message = (await this.#connection.receive()) as Tell | undefined;
      } catch (error) {
        if (!(error instanceof NetError)) throw error;
        return this.#end(error.code, "the session broke");
      }
      if (this.#isEnded) return;
      if (message === undefined) return this.#end("ECONNRESET", "the server closed the session");
      if (message.kind === "ended") return this.#end(message.code, message.message);
      this.#handle(message);
    }
  }

  #handle(message: Exclude<Tell, { kind: "ended" }>): void {
    switch (message.kind) {
      case "ready":
        this.#opening?.resolve({ rows: [], count: 0 });
        this.#opening = null;
        return;
      case "part":
        // Nobody is shown rows of an answer whose end is missing: the count could be anything.
        return;
      case "notification":
        for (const listener of this.#listeners.get(message.channel) ?? []) listener(message.payload);
        return;
      case "result":
      case "failure": {
        const query = this.#queries.shift()!;
        this.#isInTransaction = message.status !== "idle";
        if (message.kind === "result") query.resolve({ rows: message.rows, count: message.count });
        else query.reject(new ClientFailure(message.code, message.message, { isDefinite: true, isFatal: false }));
        if (this.#queries.length > 0) this.#send(this.#queries[0]!);
      }
    }
  }

  /** Looks at a moment whether time is up; one look serves all statements that come before it. */
  #watch(deadline: number): void {
    if (this.#looksAt <= deadline) return;
    this.#looksAt = deadline;
    const delay = Math.max(0, deadline - this.#host.clock.monotonic());
    void this.#host.sleep(micros(delay)).then(() => this.#look(deadline));
  }

  #look(moment: number): void {
    if (this.#isEnded || this.#looksAt !== moment) return;
    this.#looksAt = Number.MAX_SAFE_INTEGER;
    const waiting = this.#opening ?? this.#queries[0];
    if (waiting === undefined) return;
    if (this.#host.clock.monotonic() < waiting.deadline) return this.#watch(waiting.deadline);
    this.#end("ETIMEDOUT", "no answer in time");
  }

  #end(code: string, message: string): void {
    if (this.#isEnded) return;
    this.#isEnded = true;
    this.#connection.close();
    const opening = this.#opening;
    this.#opening = null;
    opening?.reject(new ClientFailure(code, message, { isDefinite: true, isFatal: true }));
    for (const query of this.#queries.splice(0)) this.#fail(query, code, message);
    for (const handler of this.#endHandlers.splice(0)) handler();
  }

  #fail({ text, isSent, reject }: Query, code: string, message: string): void {
    const isDefinite = !isSent || hasNoEffect(text, this.#isInTransaction);
    reject(new ClientFailure(code, message, { isDefinite, isFatal: true }));
  }
}
