/** Reports of health on their way into the table of status rows: what is durable, what waits, and what is no news. */
import type { Time } from "../../collection.ts";
import type { HealthUpdate } from "../../compute/protocol.ts";
import type { RowLog, TableRow } from "./row-log.ts";
import {
  countAgain,
  emptyFold,
  encodeStatus,
  foldStatus,
  statusTable,
  type ConnectorType,
  type StatusFold,
  type StatusRow,
} from "./status-row.ts";

interface Waiting {
  readonly update: HealthUpdate;
  readonly type: ConnectorType;
}

export class StatusLog implements RowLog {
  readonly fold: StatusFold = emptyFold();
  /** In order of arrival; the last of an object is the one that newer reports may replace. */
  #waiting: Waiting[] = [];
  #taken: readonly StatusRow[] = [];
  readonly #onRecorded: (rows: readonly StatusRow[]) => void;

  /** `onRecorded` is told of rows that became durable. */
  constructor(onRecorded: (rows: readonly StatusRow[]) => void = () => undefined) {
    this.#onRecorded = onRecorded;
  }

  /** Rows that were durable before this process. */
  restore(rows: readonly StatusRow[]): void {
    for (const row of rows.toSorted((a, b) => a.seq - b.seq)) foldStatus(this.fold, row);
  }

  get isWaiting(): boolean {
    return this.#waiting.length > 0;
  }

  /** Takes a report. One that says what its object's last row says, or will say, is counted and becomes no row. */
  add(update: HealthUpdate, type: ConnectorType): void {
    const at = this.#waiting.findLastIndex(({ update: { id } }) => id === update.id);
    const before = at < 0 ? this.#last(update.id) : this.#waiting[at]!.update;
    if (before?.status === "dropped") return;
    if (before === undefined || !isSame(before, update)) this.#waiting.push({ update, type });
    else if (at >= 0) this.#waiting[at] = { update, type };
    else countAgain(this.fold, update);
  }

  /** The object is gone: its last row. */
  drop(id: string, type: ConnectorType, incarnation: number, at: Time): void {
    const quiet = { error: null, class: null, code: null, namespace: "internal", hint: null, occurrences: 0 } as const;
    this.add({ id, incarnation, status: "dropped", ...quiet, at }, type);
  }

  /** Numbers what waits, for one append; the same rows until `recorded` says that it is durable. */
  take(): readonly TableRow[] {
    if (this.#taken.length === 0) {
      const { lastSeq } = this.fold;
      this.#taken = this.#waiting.map(({ update, type }, index) => ({ ...update, type, seq: lastSeq + index + 1 }));
      this.#waiting = [];
    }
    return this.#taken.map((row) => ({ table: statusTable, row: encodeStatus(row) }));
  }

  /** What was taken last is durable. Returns it. */
  recorded(): readonly StatusRow[] {
    const rows = this.#taken;
    this.#taken = [];
    for (const row of rows) foldStatus(this.fold, row);
    this.#onRecorded(rows);
    return rows;
  }

  #last(id: string): HealthUpdate | undefined {
    return this.#taken.findLast((row) => row.id === id) ?? this.fold.latest.get(id);
  }
}

/** Whether a row of the one would say what a row of the other says; neither the count nor the time is news. */
function isSame(a: HealthUpdate, b: HealthUpdate): boolean {
  return (
    a.incarnation === b.incarnation &&
    a.status === b.status &&
    a.error === b.error &&
    a.class === b.class &&
    a.code === b.code &&
    a.namespace === b.namespace
  );
}
