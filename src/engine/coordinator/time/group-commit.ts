/**
 * Writes to tables: all that come within a moment share one time and one append to the shard that all tables share. Without
 * any the uppers of all tables move by an empty one when somebody reads, and else seldom. The order is what makes it safe beside a leader
 * that was replaced and does not know it: a time is allocated, then the catalog moves beyond it (which a successor's
 * token makes fail), then the rows are appended, then reads may happen there, then clients hear of it.
 */
import type { Host } from "../../../ports/host.ts";
import type { Row, Time } from "../../collection.ts";
import type { Catalog } from "../../catalog/catalog.ts";
import type { Lane } from "../../catalog/lane.ts";
import type { Shard } from "../../persist/persist.ts";
import type { RowLog, TableRow } from "../health/row-log.ts";
import type { CoordinatorPolicies, WriteStep } from "../policies.ts";
import type { TimestampOracle } from "./oracle.ts";
import { isSystemTable } from "../health/row-log.ts";
import { reasonOf, type End } from "../fate.ts";
import { SqlError } from "../../sql/sql-error.ts";

export interface GroupCommitOptions {
  readonly host: Host;
  readonly catalog: Catalog;
  readonly oracle: TimestampOracle;
  readonly tables: Shard<TableRow>;
  /** Whose rows ride along. */
  readonly logs: readonly RowLog[];
  readonly policies: CoordinatorPolicies;
  /** Everything that takes a time for a write goes one after the other: reads never miss one below them. */
  readonly writes: Lane;
  readonly exists: (table: string) => boolean;
  readonly end: End;
  readonly onUpper: (upper: Time) => void;
}

interface Insert {
  readonly table: string;
  readonly rows: readonly Row[];
  readonly resolve: (ts: Time) => void;
  readonly reject: (error: SqlError) => void;
}

/** Milliseconds between two commits with writes, between two without while somebody reads, and while nobody does. */
const writePeriod = 50;
const readPeriod = 1_000;
const idlePeriod = 5_000;

export class GroupCommit {
  readonly #options: GroupCommitOptions;
  #inserts: Insert[] = [];
  #waiting: { readonly ts: Time; readonly resolve: () => void }[] = [];
  #upper: Time = 0;
  #lastAt = Number.MIN_SAFE_INTEGER;
  /** Sleeps that were asked for; only the last one counts when it ends. */
  #alarms = 0;
  #isSoon = false;

  constructor(options: GroupCommitOptions) {
    this.#options = options;
  }

  /** Begins to commit by itself, after one commit that makes every append of a predecessor fail. Resolves with its time. */
  async start(): Promise<Time> {
    this.#upper = (await this.#options.tables.bounds()).upper ?? Number.MAX_SAFE_INTEGER;
    const ts = await this.#commit();
    this.#arm(idlePeriod);
    return ts;
  }

  /** Writes rows; resolves with their time once they are durable and may be read. 42P01 when the table is gone. */
  insert(table: string, rows: readonly Row[]): Promise<Time> {
    return new Promise((resolve, reject) => {
      this.#inserts.push({ table, rows, resolve, reject });
      this.soon();
    });
  }

  /** Resolves once reads may happen at `ts`. */
  reached(ts: Time): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push({ ts, resolve });
      this.#reached();
      if (this.#waiting.length > 0) this.soon();
    });
  }

  /** Somebody reads: whoever comes after it is to find a time that is not much older than a second. */
  refresh(): void {
    const now = Math.floor(this.#options.host.clock.monotonic() / 1_000);
    if (this.#lastAt + readPeriod <= now) this.soon();
  }

  /** Asks for a commit now, or as soon as the last one is long enough ago. */
  soon(): void {
    if (this.#isSoon) return;
    this.#isSoon = true;
    const now = Math.floor(this.#options.host.clock.monotonic() / 1_000);
    this.#arm(Math.max(0, this.#lastAt + writePeriod - now));
  }

  #arm(millis: number): void {
    const alarm = ++this.#alarms;
    void this.#ring(alarm, millis);
  }

  async #ring(alarm: number, millis: number): Promise<void> {
    if (millis > 0) await this.#options.host.sleep(`${millis}ms`);
    if (alarm !== this.#alarms) return;
    try {
      await this.#commit();
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
    }
    if (alarm === this.#alarms) this.#arm(this.#pause());
  }

  #pause(): number {
    if (this.#inserts.length > 0) return writePeriod;
    return this.#waiting.length > 0 ? readPeriod : idlePeriod;
  }

  #commit(): Promise<Time> {
    return this.#options.writes.run(async () => {
      this.#isSoon = false;
      const inserts = this.#takeInserts();
      const rows = [
        ...inserts.flatMap(({ table, rows: some }) => some.map((row) => ({ table, row }))),
        ...this.#options.logs.flatMap((log) => log.take()),
      ];
      try {
        return await this.#write(rows, (at) => {
          for (const { resolve } of inserts) resolve(at);
        });
      } catch (error) {
        if (error instanceof SqlError) for (const { reject } of inserts) reject(error);
        throw error;
      } finally {
        this.#lastAt = Math.floor(this.#options.host.clock.monotonic() / 1_000);
      }
    });
  }

  #takeInserts(): readonly Insert[] {
    const taken = this.#inserts;
    this.#inserts = [];
    return taken.filter(({ table, reject }) => {
      if (this.#options.exists(table)) return true;
      reject(new SqlError("42P01", "the table was dropped"));
      return false;
    });
  }

  /** Tries with one time after the other until all steps have gone through with one. */
  async #write(rows: readonly TableRow[], answer: (ts: Time) => void): Promise<Time> {
    const { oracle, catalog, policies } = this.#options;
    const done = new Set<WriteStep>();
    for (;;) {
      const ts = await oracle.allocate(Math.max(this.#upper, catalog.upper));
      let isThrough = true;
      for (const step of policies.writeSteps()) {
        if (done.has("append") && step === "append") continue;
        isThrough = await this.#step(step, ts, rows, answer);
        if (!isThrough) break;
        done.add(step);
      }
      if (isThrough) return ts;
    }
  }

  /** One step; false when another time is needed. */
  async #step(step: WriteStep, ts: Time, rows: readonly TableRow[], answer: (ts: Time) => void): Promise<boolean> {
    const { catalog, tables, oracle, end } = this.#options;
    switch (step) {
      case "advance-catalog": {
        const advanced = await catalog.advance(ts);
        if (advanced.ok || advanced.late) return advanced.ok;
        return end(reasonOf(advanced.refusal));
      }
      case "append": {
        const updates = rows.map((row) => [row, ts, 1] as const);
        const appended = await tables.compareAndAppend(updates, this.#upper, ts + 1);
        this.#upper = appended.ok ? ts + 1 : (appended.upper ?? Number.MAX_SAFE_INTEGER);
        this.#options.onUpper(this.#upper);
        if (appended.ok) this.#durable(ts, rows);
        return appended.ok;
      }
      case "apply":
        await oracle.apply(ts);
        this.#reached();
        return true;
      case "answer":
        answer(ts);
        return true;
    }
  }

  #durable(ts: Time, rows: readonly TableRow[]): void {
    const { host, catalog, logs } = this.#options;
    const tables = [...new Set(rows.map(({ table }) => table))].filter((table) => !isSystemTable(table));
    if (tables.length > 0) host.emit("table.written", { ...catalog.token, ts, tables });
    for (const log of logs) log.recorded();
  }

  #reached(): void {
    const { applied } = this.#options.oracle;
    const waiting = this.#waiting;
    this.#waiting = waiting.filter(({ ts }) => ts > applied);
    for (const { ts, resolve } of waiting) if (ts <= applied) resolve();
  }
}
