/**
 * Consensus: a small durable value per shard that is replaced by compare-and-set, here one row each of a table in Postgres.
 * Statements that certainly had no effect are tried again in here, for ever; what may have had one is the caller's to
 * decide.
 */
import type { Host } from "../../../ports/host.ts";
import type { PostgresFailure } from "../../../ports/postgres.ts";
import type { StatementLane } from "./statement-lane.ts";
import { persevere } from "../../backoff.ts";

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
  /** Puts `next` in place of the value numbered `expected`. `unknown`: it may have happened, or may still happen. */
  compareAndSet(shard: string, expected: number, next: Version): Promise<"done" | "refused" | "unknown">;
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
    compareAndSet: (shard, expected, { sequence, data }) =>
      persevere<"done" | "refused" | "unknown", PostgresFailure>(
        host,
        async () => {
          const params = [shard, expected, sequence, data, announcement(shard, sequence, data)];
          const { count } = await lane.query(consensusStatements.compareAndSet, params);
          return count === 1 ? "done" : "refused";
        },
        ({ isDefinite }) => (isDefinite ? undefined : "unknown"),
      ),
  };
}

/** A notification carries less than 8,000 bytes. */
const payloadMax = 7_999;

/** What listeners are told of a new value: `<shard> <sequence> <data>`, without the data where that would be too long. */
function announcement(shard: string, sequence: number, data: string): string {
  const full = `${shard} ${sequence} ${data}`;
  // A code unit is at most three bytes; counting them exactly is only worth it in between.
  const fits = full.length * 3 <= payloadMax || (full.length <= payloadMax && byteLength(full) <= payloadMax);
  return fits ? full : `${shard} ${sequence}`;
}

/** The parts of a notification; `data` is undefined when it has to be read. */
export function readAnnouncement(payload: string): {
  readonly shard: string;
  readonly sequence: number;
  readonly data: string | undefined;
} {
  const first = payload.indexOf(" ");
  const second = payload.indexOf(" ", first + 1);
  const sequence = payload.slice(first + 1, second < 0 ? undefined : second);
  return {
    shard: payload.slice(0, first),
    sequence: Number(sequence),
    data: second < 0 ? undefined : payload.slice(second + 1),
  };
}

function byteLength(text: string): number {
  let bytes = 0;
  for (const { length, codePoint } of points(text)) bytes += codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : length + 2;
  return bytes;
}

function* points(text: string): Generator<{ readonly length: number; readonly codePoint: number }> {
  for (const point of text) yield { length: point.length, codePoint: point.codePointAt(0)! };
}
