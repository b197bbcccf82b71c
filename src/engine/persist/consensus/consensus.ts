/**
 * Consensus: a small durable value per shard that is replaced by compare-and-set, here one row each of a table in Postgres.
 * Statements that certainly had no effect are tried again in here, for ever; what may have had one is the caller's to
 * decide.
 */
import type { Host } from "../../../ports/host.ts";
import type { PostgresFailure } from "../../../ports/postgres.ts";
import type { StatementLane } from "./statement-lane.ts";
import type { StoredBatch } from "../batch-store.ts";
import { persevere } from "../../backoff.ts";
import { writeAnnouncement } from "./announcement.ts";

/** One value of a shard, and how many there were before it. */
export interface Version {
  readonly sequence: number;
  readonly data: string;
}

export interface Consensus {
  /** The value in force at some moment after the call; undefined when there never was one. */
  head(shard: string): Promise<Version | undefined>;
  /** Makes sure that there is a value; one that is there already stays. */
  create(shard: string, first: Version): Promise<void>;
  /**
   * Puts `next` in place of the value numbered `expected` and announces it, with the blob that is new with it. `unknown`: it
   * may have happened, or may still happen.
   */
  compareAndSet(
    shard: string,
    expected: number,
    next: Version,
    blob?: StoredBatch,
  ): Promise<"done" | "refused" | "unknown">;
}

/** The statements, in the exact words that the server keeps parsed. */
export const consensusStatements = {
  table:
    "CREATE TABLE IF NOT EXISTS consensus " +
    "(shard text primary key, sequence_number bigint not null, data text not null)",
  head: "SELECT sequence_number, data FROM consensus WHERE shard = $1",
  create: "INSERT INTO consensus (shard, sequence_number, data) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
  compareAndSet:
    "WITH done AS (UPDATE consensus SET sequence_number = $3, data = $4 " +
    "WHERE shard = $1 AND sequence_number = $2 RETURNING shard) SELECT pg_notify('shards', $5) FROM done",
  sequences: "SELECT shard, sequence_number FROM consensus",
} as const;

/** Consensus over a session with Postgres. */
export function postgresConsensus(host: Host, lane: StatementLane): Consensus {
  return {
    head: (shard) =>
      persevere(host, async () => {
        const { rows } = await lane.query(consensusStatements.head, [shard]);
        const row = rows[0] as { readonly sequence_number: number; readonly data: string } | undefined;
        return row === undefined ? undefined : { sequence: row.sequence_number, data: row.data };
      }),
    create: (shard, { sequence, data }) =>
      persevere(host, async () => void (await lane.query(consensusStatements.create, [shard, sequence, data]))),
    compareAndSet: (shard, expected, { sequence, data }, blob) =>
      persevere<"done" | "refused" | "unknown", PostgresFailure>(
        host,
        async () => {
          const params = [shard, expected, sequence, data, writeAnnouncement({ shard, sequence, data, blob })];
          const { count } = await lane.query(consensusStatements.compareAndSet, params);
          return count === 1 ? "done" : "refused";
        },
        ({ isDefinite }) => (isDefinite ? undefined : "unknown"),
      ),
  };
}
