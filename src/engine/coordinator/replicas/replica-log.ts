/**
 * The durable history of replicas' processes: a row when one is first seen, when one ended, and when it runs again. What
 * happens between two looks is told by the count of ends: none is missed, though several may share a row. Letting go of
 * old rows is left out.
 */
import type { Row, Time } from "../../collection.ts";
import type { RowLog, TableRow } from "../health/row-log.ts";

/** Name of the rows' table in the shard that all tables share. */
export const replicaStatusTable = "s-replica-status";

/** A process as it was just seen. */
export interface SeenProcess {
  /** Name of the service: each generation runs a replica as one of its own. */
  readonly service: string;
  /** Id of the replica. */
  readonly replica: string;
  readonly index: number;
  readonly isRunning: boolean;
  /** For what its last incarnation ended. */
  readonly reason: string | null;
  readonly ends: number;
  /** When it began to run, or to wait. */
  readonly at: Time;
}

export interface ReplicaStatusRow {
  readonly service: string;
  readonly seq: number;
  readonly at: Time;
  readonly replica: string;
  readonly index: number;
  readonly status: "online" | "offline";
  readonly reason: string | null;
  /** Incarnations that had ended. */
  readonly ends: number;
}

export class ReplicaLog implements RowLog {
  /** Durable rows, by `seq`. */
  readonly history: ReplicaStatusRow[] = [];
  readonly #onNews: () => void;
  readonly #latest = new Map<string, ReplicaStatusRow>();
  #waiting: ReplicaStatusRow[] = [];
  #taken: readonly ReplicaStatusRow[] = [];
  #seq = 0;

  /** `onNews`: something waits to be written. */
  constructor(onNews: () => void) {
    this.#onNews = onNews;
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Rows that were durable before this process. */
  restore(rows: readonly Row[]): void {
    for (const row of rows.map(decode).toSorted((a, b) => a.seq - b.seq)) {
      this.history.push(row);
      this.#latest.set(keyOf(row), row);
      this.#seq = row.seq;
    }
  }

  /** Takes what was seen; rows come of what is news. */
  seen(process: SeenProcess): void {
    const { isRunning, reason, ends, at } = process;
    const { service, replica, index } = process;
    const named = { at, service, replica, index, ends };
    const last = this.#latest.get(keyOf(process));
    // Fewer ends than before: the service was declared anew, and counts from its beginning.
    if (last === undefined || ends !== last.ends) {
      if (ends > 0) this.#add({ ...named, status: "offline", reason });
      if (isRunning) this.#add({ ...named, status: "online", reason: null });
    } else if (isRunning && last.status === "offline") {
      this.#add({ ...named, status: "online", reason: null });
    }
  }

  take(): readonly TableRow[] {
    if (this.#taken.length === 0) {
      this.#taken = this.#waiting;
      this.#waiting = [];
    }
    return this.#taken.map((row) => ({ table: replicaStatusTable, row: encode(row) }));
  }

  recorded(): void {
    this.history.push(...this.#taken);
    this.#taken = [];
  }

  #add(row: Omit<ReplicaStatusRow, "seq">): void {
    const numbered = { ...row, seq: ++this.#seq };
    this.#latest.set(keyOf(row), numbered);
    this.#waiting.push(numbered);
    this.#onNews();
  }
}

function keyOf({ service, index }: { readonly service: string; readonly index: number }): string {
  return `${service}/${index}`;
}

function encode({ seq, at, service, replica, index, status, reason, ends }: ReplicaStatusRow): Row {
  return [seq, at, service, replica, index, status, reason, ends];
}

function decode(row: Row): ReplicaStatusRow {
  const [seq, at, service, replica, index, status, reason, ends] = row;
  return {
    seq: seq as number,
    at: at as Time,
    service: service as string,
    replica: replica as string,
    index: index as number,
    status: status as ReplicaStatusRow["status"],
    reason: reason as string | null,
    ends: ends as number,
  };
}
