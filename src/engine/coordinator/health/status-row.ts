/**
 * The history of health as rows of a table that has no name, and what it adds up to. A row is what a connector reported,
 * numbered, if it differs from the object's row before; how often it was reported since is counted beside the rows and
 * starts over from them with each environment. `dropped` is the last row of an object, and nothing counts behind it.
 * Letting go of old rows is left out.
 */
import type { Row, Time } from "../../collection.ts";
import type { HealthStatus, HealthUpdate } from "../../compute/protocol.ts";

/** Stands for a table's id in the shard of all tables. */
export const statusTable = "s-status";

export type ConnectorType = "source" | "sink";

export interface StatusRow extends HealthUpdate {
  /** Grows by one per row, over all objects and all environments. */
  readonly seq: number;
  readonly type: ConnectorType;
}

/** The row as it is stored. */
export function encodeStatus(row: StatusRow): Row {
  const { seq, id, type, incarnation, status, error, class: errorClass, code, namespace, hint, occurrences, at } = row;
  return [seq, id, type, incarnation, status, error, errorClass, code, namespace, hint, occurrences, at];
}

/** The inverse of `encodeStatus`. */
export function decodeStatus(row: Row): StatusRow {
  const [seq, id, type, incarnation, status, error, errorClass, code, namespace, hint, occurrences, at] = row;
  return {
    seq: seq as number,
    id: id as string,
    type: type as ConnectorType,
    incarnation: incarnation as number,
    status: status as HealthStatus,
    error: error as string | null,
    class: errorClass as HealthUpdate["class"],
    code: code as string | null,
    namespace: namespace as HealthUpdate["namespace"],
    hint: hint as string | null,
    occurrences: occurrences as number,
    at: at as Time,
  };
}

/** One error of a connector: its present episode, or the last one. Times are milliseconds of wall clocks. */
export interface ConnectorError {
  readonly row: StatusRow;
  readonly firstSeen: Time;
  readonly lastSeen: Time;
  /** Attempts that failed this way in a row, as far as is known. */
  readonly occurrences: number;
  readonly resolvedAt: Time | null;
}

/** What the history comes to. */
export interface StatusFold {
  /** The last row that counts, by object. */
  readonly latest: Map<string, StatusRow>;
  /** By connector, namespace and code. */
  readonly errors: Map<string, ConnectorError>;
  /** In order of their numbers. */
  readonly history: StatusRow[];
  lastSeq: number;
}

/** A history without rows. */
export function emptyFold(): StatusFold {
  return { latest: new Map(), errors: new Map(), history: [], lastSeq: 0 };
}

/** Adds one row, in place. Rows come in order of their numbers. */
export function foldStatus(fold: StatusFold, row: StatusRow): void {
  fold.lastSeq = Math.max(fold.lastSeq, row.seq);
  fold.history.push(row);
  if (fold.latest.get(row.id)?.status === "dropped") return;
  fold.latest.set(row.id, row);
  if (row.error !== null) {
    const before = fold.errors.get(errorKey(row));
    const firstSeen = before !== undefined && before.resolvedAt === null ? before.firstSeen : row.at;
    const { at: lastSeen, occurrences } = row;
    fold.errors.set(errorKey(row), { row, firstSeen, lastSeen, occurrences, resolvedAt: null });
  } else if (row.status === "running" || row.status === "dropped") {
    for (const [key, error] of fold.errors) {
      if (error.row.id !== row.id || error.resolvedAt !== null) continue;
      fold.errors.set(key, { ...error, resolvedAt: row.at });
    }
  }
}

/** Counts a report that says what the last row of its object says, in place: it is no news, but it happened again. */
export function countAgain(fold: StatusFold, update: HealthUpdate): void {
  const error = fold.errors.get(errorKey(update));
  if (error === undefined || error.resolvedAt !== null) return;
  fold.errors.set(errorKey(update), { ...error, lastSeen: update.at, occurrences: update.occurrences });
}

/** The error of class `input` that an object was last known to be held up by; undefined once it ran again. */
export function openInputError({ errors }: StatusFold, id: string): StatusRow | undefined {
  const open = [...errors.values()].filter(
    ({ row, resolvedAt }) => row.id === id && row.class === "input" && resolvedAt === null,
  );
  return open.map(({ row }) => row).toSorted((a, b) => b.seq - a.seq)[0];
}

function errorKey({ id, namespace, code }: Pick<HealthUpdate, "id" | "namespace" | "code">): string {
  return `${id} ${namespace} ${code}`;
}
