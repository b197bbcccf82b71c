/**
 * Hearing of changes to shards: a session that listens to notifications, and behind it a slow poll, because a session can
 * be deaf without being told. Starts when somebody first waits for a change; a poll is one statement for all shards.
 */
import type { EnginePorts } from "../../../ports/engine-ports.ts";
import type { PostgresSession } from "../../../ports/postgres.ts";
import type { StatementLane } from "./statement-lane.ts";
import { backoff, backoffSteps, withCode } from "../../backoff.ts";
import { readAnnouncement, type Announcement } from "./announcement.ts";
import { consensusStatements } from "./consensus.ts";
import { statementTimeout } from "./statement-lane.ts";

export interface Audience {
  /** A shard has a new value. */
  announced(announcement: Announcement): void;
  /** Whether anybody waits for a change of any shard. */
  isWaiting(): boolean;
  /** What numbers the values of all shards had when a poll was answered that was asked under this opening. */
  polled(sequences: ReadonlyMap<string, number>, opening: number): void;
}

const pollPeriod = "10s";
const channel = "shards";

export class Subscription {
  readonly #ports: EnginePorts;
  readonly #lane: StatementLane;
  readonly #audience: Audience;
  #session: PostgresSession | null = null;
  /** Ends the present session's part. */
  #leave: (() => void) | null = null;
  #openings = 0;
  #isStarted = false;
  #isPolling = false;
  #isPollWanted = false;

  constructor(ports: EnginePorts, lane: StatementLane, audience: Audience) {
    this.#ports = ports;
    this.#lane = lane;
    this.#audience = audience;
  }

  /** How often a session began to listen. What was read before the present one began may be out of date. */
  get openings(): number {
    return this.#openings;
  }

  /** Starts listening and polling, once. */
  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    void this.#keepSession();
    void this.#keepPolling();
  }

  async #keepSession(): Promise<void> {
    const { host, postgres } = this.#ports;
    const delays = backoff({ ...backoffSteps.session, host });
    for (;;) {
      let session: PostgresSession | undefined;
      try {
        session = await postgres.connect({ timeout: statementTimeout });
        await this.#listen(session);
        delays.reset();
      } catch (error) {
        withCode(error);
        session?.close();
      }
      await host.sleep(delays.next());
    }
  }

  /** Listens over a new session; resolves when that was lost, and rejects when it did not come to it. */
  async #listen(session: PostgresSession): Promise<void> {
    const ended = new Promise<void>((resolve) => (this.#leave = resolve));
    session.onEnd(() => this.#leave?.());
    await session.listen(channel, (payload) => this.#audience.announced(readAnnouncement(payload)));
    this.#session = session;
    this.#openings++;
    // What changed before the session listened was not announced to it.
    void this.#poll();
    await ended;
    this.#session = null;
    session.close();
    void this.#poll();
  }

  async #keepPolling(): Promise<void> {
    for (;;) {
      await this.#ports.host.sleep(pollPeriod);
      void this.#poll();
    }
  }

  /** Looks at all shards, one poll at a time. */
  async #poll(): Promise<void> {
    this.#isPollWanted = true;
    if (this.#isPolling) return;
    this.#isPolling = true;
    while (this.#isPollWanted) {
      this.#isPollWanted = false;
      if (this.#audience.isWaiting()) await this.#pollOnce();
    }
    this.#isPolling = false;
  }

  async #pollOnce(): Promise<void> {
    // Over the listening session, so that the poll also finds out whether that is still there.
    const session = this.#session;
    const opening = this.#openings;
    try {
      const { rows } = await (session === null
        ? this.#lane.query(consensusStatements.sequences)
        : session.query(consensusStatements.sequences, [], { timeout: statementTimeout }));
      this.#audience.polled(
        new Map(rows.map((row) => [row["shard"] as string, row["sequence_number"] as number])),
        opening,
      );
    } catch (error) {
      withCode(error);
      if (session !== null && session === this.#session) this.#leave?.();
    }
  }
}
