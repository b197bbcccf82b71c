/**
 * The server's process: connections, sessions that wait for each other, and what faults ask for. All promises here are
 * settled in events of this process; controls only change numbers, at which it looks before it handles anything.
 */
import type { JsonObject } from "../../base/json.ts";
import type { Connection, Host } from "../../ports/host.ts";
import type { AnswerLoss } from "../../ports/service-controls.ts";
import type { ServiceEvents } from "../../ports/service-events.ts";
import { micros } from "../../base/time.ts";
import { NetError } from "../../machine/port-errors.ts";
import type { Ask, Tell } from "./messages.ts";
import { Session, type SessionResult } from "./session.ts";
import { SqlFailure } from "./sql-failure.ts";
import { StatementCache } from "./statement-cache.ts";
import { Database } from "./storage/database.ts";
import type { Steps } from "./storage/locking.ts";
import type { Notification, Transaction } from "./storage/transaction.ts";
import type { PostgresServer } from "./server.ts";

/** One client's session with its connection. */
interface Seat {
  readonly session: Session;
  readonly connection: Connection;
  /** Key of the choices about it. */
  readonly key: string;
  /** Statements read so far. */
  asked: number;
  isEnded: boolean;
  /** A statement is running: notifications wait for its end. */
  isBusy: boolean;
  readonly inbox: Notification[];
  /** While it waits for another transaction: goes on, with a failure or without. */
  wake: ((failure: SqlFailure | null) => void) | null;
}

/** In the order in which a call comes by them. */
const moments: readonly AnswerLoss[] = ["before", "middle", "after"];

export class Backend {
  readonly #host: Host;
  readonly #server: PostgresServer;
  readonly #seats = new Set<Seat>();
  readonly #statements = new StatementCache();
  #database: Database;
  #crashes: number;
  /** By the monotonic clock: when recovery is over. */
  #startsAt = 0;

  constructor(host: Host, server: PostgresServer) {
    this.#host = host;
    this.#server = server;
    this.#database = new Database(server);
    this.#crashes = server.faults.crashes;
  }

  /** Serves one connection until it ends. */
  async serve(connection: Connection): Promise<void> {
    this.attend(null);
    const refusal = this.#refusal();
    if (refusal !== null) {
      tell(connection, { kind: "ended", code: refusal, message: "no session can be had" });
      return connection.close();
    }
    const seat = this.#seat(connection);
    for (const when of moments) if (this.#breaks(seat, when, "")) return;
    tell(connection, { kind: "ready" });
    for (;;) {
      const ask = await received(connection);
      if (seat.isEnded) return;
      if (ask === undefined) return this.#end(seat);
      seat.asked++;
      const isLast = this.attend(seat);
      if (seat.isEnded) return;
      // A server that is told to stop may find a statement that has just come in, or not.
      if (isLast && this.#server.choose(`postgres.last/${seat.key}/${seat.asked}`, 2) === 0) return this.#dismiss(seat);
      if (this.#breaks(seat, "before", ask.text)) return;
      await this.#answer(seat, ask, isLast);
      if (seat.isEnded) return;
    }
  }

  /**
   * Does what faults have asked for since the last look. `asking`: a session whose statement has just arrived; true when it
   * must end because of an outage, which is left to the caller.
   */
  attend(asking: Seat | null): boolean {
    const { faults } = this.#server;
    if (faults.crashes !== this.#crashes) {
      this.#crashes = faults.crashes;
      this.#startsAt = this.#host.clock.monotonic() + faults.startup;
      this.#emit("postgres.restarted", { connections: this.#seats.size });
      for (const seat of this.#seats) this.#end(seat);
      this.#database = new Database(this.#server);
    }
    if (faults.outages === 0 || this.#seats.size === 0) return false;
    this.#emit("postgres.refused", { code: "57P01" });
    for (const seat of this.#seats) if (seat !== asking) this.#dismiss(seat);
    return asking !== null && !asking.isEnded;
  }

  #refusal(): string | null {
    const { outages, limits } = this.#server.faults;
    if (outages > 0 || this.#host.clock.monotonic() < this.#startsAt) {
      this.#emit("postgres.refused", { code: "57P03" });
      return "57P03";
    }
    if (limits.length === 0 || this.#seats.size < Math.min(...limits)) return null;
    this.#emit("postgres.connections-exhausted", { limit: Math.min(...limits) });
    return "53300";
  }

  #seat(connection: Connection): Seat {
    const { opened } = this.#server;
    const client = connection.peer.host;
    const number = (opened.get(client) ?? 0) + 1;
    opened.set(client, number);
    const session = new Session(this.#database, this.#statements, (notification) => this.#publish(notification));
    const seat: Seat = {
      session,
      connection,
      key: `${client}/${number}`,
      asked: 0,
      isEnded: false,
      isBusy: false,
      inbox: [],
      wake: null,
    };
    this.#seats.add(seat);
    return seat;
  }

  /** Ends a session without a word: its client has gone, or the server has crashed. */
  #end(seat: Seat): void {
    seat.isEnded = true;
    this.#seats.delete(seat);
    seat.session.end();
    seat.wake?.(null);
    seat.connection.close();
  }

  /** Ends a session as an administrator does. */
  #dismiss(seat: Seat): void {
    tell(seat.connection, { kind: "ended", code: "57P01", message: "the server ends the session" });
    this.#end(seat);
  }

  async #answer(seat: Seat, ask: Ask, isLast: boolean): Promise<void> {
    seat.isBusy = true;
    const outcome = await this.#perform(seat, ask);
    if (seat.isEnded || outcome === null) return;
    seat.isBusy = false;
    if (isLast) return this.#dismiss(seat);
    const rows = outcome instanceof SqlFailure ? [] : outcome.rows;
    if (this.#breaks(seat, "middle", ask.text, rows) || this.#breaks(seat, "after", ask.text)) return;
    this.#flush(seat);
    const { status } = seat.session;
    if (outcome instanceof SqlFailure) {
      tell(seat.connection, { kind: "failure", code: outcome.code, message: outcome.message, status });
    } else tell(seat.connection, { kind: "result", rows: outcome.rows, count: outcome.count, status });
  }

  /** Runs a statement, waiting where it must; null when the session ended meanwhile. */
  async #perform(seat: Seat, { text, params }: Ask): Promise<SessionResult | SqlFailure | null> {
    const { session } = seat;
    const startedAt = this.#host.clock.monotonic();
    const steps: Steps<SessionResult> = session.execute(text, params);
    const client = seat.connection.peer.host;
    try {
      this.#server.client = client;
      let step = steps.next();
      while (step.done !== true) {
        const failure = await this.#wait(seat, step.value, startedAt);
        if (seat.isEnded) return null;
        this.#server.client = client;
        step = failure === null ? steps.next() : steps.throw(failure);
      }
      return step.value;
    } catch (error) {
      if (error instanceof SqlFailure) return error;
      throw error;
    }
  }

  /** Waits until another transaction has ended: null, or the failure that the waiting itself is. */
  #wait(seat: Seat, blocker: Transaction, startedAt: number): Promise<SqlFailure | null> | SqlFailure | null {
    const { session } = seat;
    const waiting = session.transaction!;
    if (blocker.isOver) return null;
    // The real server looks for deadlocks after a second; who closes the circle is then the one that it fails.
    if (waiting.wouldDeadlock(blocker)) return new SqlFailure("40P01", "the transactions wait for each other");
    waiting.waitsFor = blocker;
    return new Promise((resolve) => {
      let isOver = false;
      const wake = (failure: SqlFailure | null): void => {
        if (isOver) return;
        isOver = true;
        waiting.waitsFor = null;
        seat.wake = null;
        resolve(failure);
      };
      seat.wake = wake;
      blocker.waiters.push(() => wake(null));
      const { lockTimeout, statementTimeout } = session;
      if (lockTimeout > 0) this.#wakeAfter(lockTimeout * 1_000, wake, new SqlFailure("55P03", "lock timeout"));
      if (statementTimeout === 0) return;
      const left = startedAt + statementTimeout * 1_000 - this.#host.clock.monotonic();
      this.#wakeAfter(Math.max(0, left), wake, new SqlFailure("57014", "statement timeout"));
    });
  }

  #wakeAfter(delay: number, wake: (failure: SqlFailure) => void, failure: SqlFailure): void {
    void this.#host.sleep(micros(delay)).then(() => wake(failure));
  }

  /** Whether the connection breaks at this place of a call; then the session has ended, and some of `rows` may be out. */
  #breaks(seat: Seat, when: AnswerLoss, statement: string, rows: SessionResult["rows"] = []): boolean {
    const { choose, faults } = this.#server;
    const call = `${seat.key}/${seat.asked}`;
    const isHit = faults.losses.some(
      (loss, index) => loss.when === when && choose(`postgres.lost/${call}/${index}`, loss.oneIn) === 0,
    );
    if (!isHit) return false;
    const out = rows.length === 0 ? 0 : 1 + choose(`postgres.cut/${call}`, rows.length);
    if (when === "middle") tell(seat.connection, { kind: "part", rows: rows.slice(0, out) });
    this.#emit("postgres.answer-lost", { statement, when, rows: out });
    this.#end(seat);
    return true;
  }

  /** To everybody who listens, in the order of commits. */
  #publish(notification: Notification): void {
    for (const seat of this.#seats) {
      if (!seat.session.channels.has(notification.channel)) continue;
      seat.inbox.push(notification);
      if (!seat.isBusy) this.#flush(seat);
    }
  }

  /** A session learns of notifications while it is in no transaction. */
  #flush(seat: Seat): void {
    if (seat.session.status !== "idle") return;
    for (const { channel, payload } of seat.inbox.splice(0)) {
      tell(seat.connection, { kind: "notification", channel, payload });
    }
  }

  #emit<K extends keyof ServiceEvents>(kind: K, data: ServiceEvents[K] & JsonObject): void {
    this.#host.emit(kind, data);
  }
}

/** Sends, unless the connection is broken: that shows when the next statement is read. */
function tell(connection: Connection, message: Tell): boolean {
  try {
    connection.send(message);
    return true;
  } catch (error) {
    if (error instanceof NetError) return false;
    throw error;
  }
}

/** The next statement; undefined when none will come. */
async function received(connection: Connection): Promise<Ask | undefined> {
  try {
    return (await connection.receive()) as Ask | undefined;
  } catch (error) {
    if (error instanceof NetError) return undefined;
    throw error;
  }
}
