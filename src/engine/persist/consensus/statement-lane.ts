/**
 * One session with Postgres for a process: statements go one after the other, in the order in which they were asked for.
 * The session is opened when it is first needed and again after it was lost, for ever; no statement is repeated here.
 */
import type { Json } from "../../../base/json.ts";
import type { EnginePorts } from "../../../ports/engine-ports.ts";
import type { PostgresFailure, PostgresResult, PostgresSession } from "../../../ports/postgres.ts";
import { micros } from "../../../base/time.ts";
import { backoff, backoffSteps, withCode, type Backoff } from "../../backoff.ts";

interface Statement {
  readonly text: string;
  readonly params: readonly Json[];
  readonly resolve: (result: PostgresResult) => void;
  readonly reject: (error: unknown) => void;
}

/** How long a statement and a connection attempt may take: 5 s, in µs, so that nothing is parsed per statement. */
export const statementTimeout = micros(5_000_000);

export class StatementLane {
  readonly #ports: EnginePorts;
  readonly #prepare: string;
  readonly #backoff: Backoff;
  readonly #queue: Statement[] = [];
  #session: PostgresSession | null = null;
  #isPrepared = false;
  #isBusy = false;

  /** `prepare` is run once, before any other statement. */
  constructor(ports: EnginePorts, prepare: string) {
    this.#ports = ports;
    this.#prepare = prepare;
    this.#backoff = backoff({ ...backoffSteps.session, host: ports.host });
  }

  /** Runs a statement once a session is there; rejects with a `PostgresFailure` when it failed or its answer was lost. */
  query(text: string, params: readonly Json[] = []): Promise<PostgresResult> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ text, params, resolve, reject });
      if (!this.#isBusy) void this.#work();
    });
  }

  async #work(): Promise<void> {
    this.#isBusy = true;
    while (this.#queue.length > 0) {
      const session = this.#session ?? (await this.#open());
      const { text, params, resolve, reject } = this.#queue.shift()!;
      try {
        resolve(await session.query(text, params, { timeout: statementTimeout }));
      } catch (error) {
        this.#failed(session, error);
        reject(error);
      }
    }
    this.#isBusy = false;
  }

  async #open(): Promise<PostgresSession> {
    for (;;) {
      let session: PostgresSession | undefined;
      try {
        session = await this.#ports.postgres.connect({ timeout: statementTimeout });
        if (!this.#isPrepared) await session.query(this.#prepare, [], { timeout: statementTimeout });
        this.#isPrepared = true;
        this.#backoff.reset();
        const opened = session;
        opened.onEnd(() => this.#ended(opened));
        this.#session = opened;
        return opened;
      } catch (error) {
        withCode(error);
        session?.close();
        await this.#ports.host.sleep(this.#backoff.next());
      }
    }
  }

  #failed(session: PostgresSession, error: unknown): void {
    withCode(error);
    if ((error as PostgresFailure).isFatal) this.#ended(session);
  }

  #ended(session: PostgresSession): void {
    if (this.#session === session) this.#session = null;
  }
}
