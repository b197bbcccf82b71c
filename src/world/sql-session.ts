/**
 * A client's session with the database: one statement in flight. A statement whose answer never came is unknown to it and
 * to every checker: it may have happened, once. One that certainly did not leave is tried again at whichever environment
 * answers.
 */
import type { Json } from "../base/json.ts";
import type { Connection } from "../ports/host.ts";
import type { SessionReply, SqlErrorInfo } from "../ports/session.ts";
import type { DriverHost, World } from "../ports/world.ts";

/** The database refused the statement, with SQLSTATE `code`. */
export class SqlRefusal extends Error {
  override readonly name = "SqlRefusal";
  readonly code: string;
  readonly info: SqlErrorInfo;

  constructor(info: SqlErrorInfo) {
    super(info.message);
    this.code = info.code;
    this.info = info;
  }
}

/** The answer never came. */
export class SqlUnknown extends Error {
  override readonly name = "SqlUnknown";
  readonly code = "unknown";
}

/** Nobody took the statement for as long as the client was willing to wait: it certainly did not happen. */
export class SqlUnavailable extends Error {
  override readonly name = "SqlUnavailable";
  readonly code = "unavailable";
}

export type SqlRow = readonly Json[];

export interface SqlSessionOptions {
  readonly name: string;
  /** Addresses of the environments, the one to try first first. */
  readonly addresses: () => readonly string[];
}

/** How long a client waits for an answer, and for somebody to ask. */
const patience = 60_000_000;

export class SqlSession {
  readonly #world: World;
  readonly #host: DriverHost;
  readonly #options: SqlSessionOptions;
  #connection: Connection | null = null;
  #count = 0;
  #last: Promise<unknown> = Promise.resolve();

  constructor(world: World, host: DriverHost, options: SqlSessionOptions) {
    this.#world = world;
    this.#host = host;
    this.#options = options;
  }

  /** Sends a statement once the one before it has ended. Rejects with one of the three errors above. */
  query(sql: string): Promise<Extract<SessionReply, { ok: true }>> {
    const run = this.#last.then(
      () => this.#query(sql),
      () => this.#query(sql),
    );
    this.#last = run;
    return run;
  }

  async #query(sql: string): Promise<Extract<SessionReply, { ok: true }>> {
    const number = ++this.#count;
    const session = this.#options.name;
    const connection = await this.#connected();
    this.#world.emit("client.asked", { session, number, sql });
    const reply = await this.#ask(connection, sql);
    if (reply === undefined) {
      this.#world.emit("client.unknown", { session, number, sql });
      throw new SqlUnknown(`no answer to: ${sql}`);
    }
    const told = reply.ok
      ? { ok: true, code: null, rows: reply.rows, ts: reply.timestamp }
      : { ok: false, code: reply.error.code, rows: [], ts: null };
    this.#world.emit("client.answered", { session, number, sql, ...told });
    if (!reply.ok) throw new SqlRefusal(reply.error);
    return reply;
  }

  async #ask(connection: Connection, sql: string): Promise<SessionReply | undefined> {
    let isLate = false;
    const giveUp = async (): Promise<undefined> => {
      await this.#host.sleep("60s");
      isLate = true;
      return undefined;
    };
    try {
      connection.send({ sql, session: this.#options.name });
      const reply = await Promise.race([connection.receive(), giveUp()]);
      if (reply === undefined) this.#connection = null;
      if (isLate) connection.close();
      return reply as SessionReply | undefined;
    } catch (error) {
      if (typeof (error as { readonly code?: unknown }).code !== "string") throw error;
      this.#connection = null;
      return undefined;
    }
  }

  async #connected(): Promise<Connection> {
    const endsAt = this.#world.now + patience;
    while (this.#connection === null) {
      for (const address of this.#options.addresses()) {
        try {
          this.#connection = await this.#host.connect(address, { timeout: "2s" });
          return this.#connection;
        } catch (error) {
          if (typeof (error as { readonly code?: unknown }).code !== "string") throw error;
        }
      }
      if (this.#world.now > endsAt) throw new SqlUnavailable("no environment takes statements");
      await this.#host.sleep("500ms");
    }
    return this.#connection;
  }
}
