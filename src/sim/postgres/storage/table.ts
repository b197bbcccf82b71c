/**
 * A table in the memory of one server process: rows with their committed versions, at most one version that is not
 * committed (its writer holds the row's lock), and the index of the primary key. Not modelled: pages, secondary indexes.
 */
import type { Json } from "../../../base/json.ts";
import type { SqlType } from "../expression/value.ts";
import type { Transaction } from "./transaction.ts";
import { canonicalJson } from "../../../base/json.ts";

export interface Column {
  readonly name: string;
  readonly type: SqlType;
  readonly isRequired: boolean;
}

/** What CREATE TABLE says. `key`: places of the primary key's columns, empty without one. */
export interface TableShape {
  readonly name: string;
  readonly columns: readonly Column[];
  readonly key: readonly number[];
}

/** A row's values, in the order of the columns. Never changed in place. */
export type Values = readonly Json[];

/** `values` is null from the commit of a deletion on; `since`: number of the commit. */
interface Version {
  readonly values: Values | null;
  readonly since: number;
}

export class Row {
  readonly table: Table;
  readonly id: number;
  /** Committed ones, oldest first. Only the newest, unless an older snapshot may still look. */
  versions: Version[] = [];
  /** Not committed yet. */
  pending: { readonly writer: Transaction; readonly values: Values | null } | null = null;
  lockedBy: Transaction | null = null;
  /** Keys under which the index has this row. */
  keys: string[] = [];

  constructor(table: Table, id: number) {
    this.table = table;
    this.id = id;
  }

  /** Number of the commit that made the newest version; 0 without one. */
  get since(): number {
    return this.versions.length === 0 ? 0 : this.versions[this.versions.length - 1]!.since;
  }

  /** The newest committed values; null when there are none. */
  get committed(): Values | null {
    return this.versions.length === 0 ? null : this.versions[this.versions.length - 1]!.values;
  }

  /** What the transaction itself would change: its own version, else the newest committed one. */
  newestFor(transaction: Transaction): Values | null {
    return this.pending !== null && this.pending.writer === transaction ? this.pending.values : this.committed;
  }

  /** What the transaction sees: its own version, else the newest of its snapshot. */
  visibleTo(transaction: Transaction): Values | null {
    if (this.pending !== null && this.pending.writer === transaction) return this.pending.values;
    const { snapshot } = transaction;
    if (snapshot === null) return this.committed;
    for (let index = this.versions.length - 1; index >= 0; index--) {
      const version = this.versions[index]!;
      if (version.since <= snapshot) return version.values;
    }
    return null;
  }
}

export class Table {
  readonly shape: TableShape;
  readonly rows = new Map<number, Row>();
  /** Transactions that have used the table: dropping it waits for them. */
  readonly users = new Set<Transaction>();
  /** Who is about to drop it; everybody else waits. */
  dropper: Transaction | null = null;
  isDropped = false;
  readonly #index = new Map<string, Row[]>();
  #lastId = 0;

  constructor(shape: TableShape) {
    this.shape = shape;
  }

  /** A new row, without any version; `id` when it is read back from the log. */
  add(id = this.#lastId + 1): Row {
    const row = new Row(this, id);
    this.#lastId = Math.max(this.#lastId, id);
    this.rows.set(id, row);
    return row;
  }

  /** Key of the values in the index; undefined without a primary key. */
  keyOf(values: Values): string | undefined {
    const { key } = this.shape;
    if (key.length === 0) return undefined;
    return this.keyFrom(key.length === 1 ? [values[key[0]!]!] : key.map((place) => values[place]!));
  }

  /** The same for the primary key's values alone, in its order. */
  keyFrom(parts: readonly Json[]): string {
    const [only] = parts;
    return parts.length === 1 && typeof only === "string" ? only : canonicalJson(parts);
  }

  /** Rows that have, had or will have the key, in order of their making. */
  under(key: string): readonly Row[] {
    return this.#index.get(key) ?? [];
  }

  /** The index finds the row under the key of these values from now on. */
  enter(row: Row, values: Values): void {
    const key = this.keyOf(values);
    if (key === undefined || row.keys.includes(key)) return;
    row.keys.push(key);
    const rows = this.#index.get(key);
    if (rows === undefined) this.#index.set(key, [row]);
    else rows.push(row);
  }

  /** Forgets old versions, and the row itself when nothing of it is left. */
  prune(row: Row): void {
    if (row.versions.length > 1) row.versions = row.versions.slice(-1);
    if (row.pending === null && row.committed === null) {
      row.versions = [];
      this.rows.delete(row.id);
      for (const key of row.keys.splice(0)) this.#leave(row, key);
      return;
    }
    if (row.keys.length < 2) return;
    const held = new Set<string | undefined>();
    for (const values of [row.committed, row.pending?.values]) if (values) held.add(this.keyOf(values));
    for (const key of row.keys) if (!held.has(key)) this.#leave(row, key);
    row.keys = row.keys.filter((key) => held.has(key));
  }

  #leave(row: Row, key: string): void {
    const rows = (this.#index.get(key) ?? []).filter((other) => other !== row);
    if (rows.length === 0) this.#index.delete(key);
    else this.#index.set(key, rows);
  }
}
