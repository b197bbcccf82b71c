/**
 * The timestamp oracle: one row in Postgres that all environments share. Every statement is one atomic UPDATE that only
 * raises, so one whose answer was lost is repeated: at worst a time was allocated that nobody uses.
 */
import type { EnginePorts } from "../../../ports/engine-ports.ts";
import type { PostgresResult } from "../../../ports/postgres.ts";
import type { Json } from "../../../base/json.ts";
import type { Time } from "../../collection.ts";
import type { Token } from "../../catalog/token.ts";
import { persevere } from "../../backoff.ts";
import { Shared } from "../../catalog/lane.ts";
import { StatementLane } from "../../persist/consensus/statement-lane.ts";

/** The statements, in the exact words that the server keeps parsed. */
export const oracleStatements = {
  table: "CREATE TABLE IF NOT EXISTS oracle (name text primary key, read_ts bigint not null, write_ts bigint not null)",
  row: "INSERT INTO oracle (name, read_ts, write_ts) VALUES ('main', 0, 0) ON CONFLICT DO NOTHING",
  allocate: "UPDATE oracle SET write_ts = greatest(write_ts + 1, $1) WHERE name = 'main' RETURNING write_ts",
  apply:
    "UPDATE oracle SET read_ts = greatest(read_ts, $1), write_ts = greatest(write_ts, $1) " +
    "WHERE name = 'main' RETURNING read_ts",
  read: "SELECT read_ts FROM oracle WHERE name = 'main'",
} as const;

export class TimestampOracle {
  readonly #ports: EnginePorts;
  readonly #token: Token;
  readonly #lane: StatementLane;
  readonly #reads: Shared<Time>;
  #applied: Time = 0;

  /** Observations carry the token of the environment that asks. */
  constructor(ports: EnginePorts, token: Token) {
    this.#ports = ports;
    this.#token = token;
    this.#lane = new StatementLane(ports, oracleStatements.table);
    this.#reads = new Shared(() => this.#ask(oracleStatements.read, [], "read_ts"));
  }

  /** The highest applied time that this process knows of, without asking. */
  get applied(): Time {
    return this.#applied;
  }

  /** Makes the row if there is none. Before anything else. */
  async begin(): Promise<void> {
    await this.#persevere(oracleStatements.row, []);
  }

  /** A time for a write: above every one allocated before by anybody, at least `atLeast`, near the wall clock. */
  async allocate(atLeast: Time): Promise<Time> {
    const now = Math.floor(this.#ports.host.clock.wall() / 1_000);
    const ts = await this.#ask(oracleStatements.allocate, [Math.max(now, atLeast)], "write_ts");
    this.#ports.host.emit("oracle.write-allocated", { ...this.#token, ts });
    return ts;
  }

  /** Says that all writes at or below `ts` are durable: reads may happen there from now on. */
  async apply(ts: Time): Promise<void> {
    const applied = await this.#ask(oracleStatements.apply, [ts], "read_ts");
    this.#applied = Math.max(this.#applied, applied);
    this.#ports.host.emit("oracle.applied", { ...this.#token, ts });
  }

  /** The highest applied time, as of some moment after the call. */
  async read(): Promise<Time> {
    const ts = await this.#reads.ask();
    this.#applied = Math.max(this.#applied, ts);
    this.#ports.host.emit("oracle.read", { ...this.#token, ts });
    return ts;
  }

  async #ask(text: string, params: readonly Json[], column: string): Promise<Time> {
    const { rows } = await this.#persevere(text, params);
    return rows[0]![column] as number;
  }

  #persevere(text: string, params: readonly Json[]): Promise<PostgresResult> {
    return persevere(this.#ports.host, () => this.#lane.query(text, params));
  }
}
