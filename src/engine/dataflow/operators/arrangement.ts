/** Rows kept by a key, with how often each is there. */
import type { Datum, Row } from "../../collection.ts";
import { datumsKey } from "../multiset.ts";

export interface Held {
  readonly row: Row;
  count: number;
}

export class Arrangement {
  readonly #columns: readonly number[];
  readonly #groups = new Map<string, Map<string, Held>>();

  constructor(columns: readonly number[]) {
    this.#columns = columns;
  }

  /** The values of the key in a row. */
  keyOf(row: Row): Datum[] {
    return this.#columns.map((column) => row[column]!);
  }

  /** The rows of a key, in the order in which they came. */
  rows(key: string): Iterable<Held> {
    return this.#groups.get(key)?.values() ?? [];
  }

  update(key: string, row: Row, diff: number): void {
    let group = this.#groups.get(key);
    if (group === undefined) this.#groups.set(key, (group = new Map()));
    const text = datumsKey(row);
    const held = group.get(text);
    if (held === undefined) return void group.set(text, { row, count: diff });
    held.count += diff;
    if (held.count !== 0) return;
    group.delete(text);
    if (group.size === 0) this.#groups.delete(key);
  }
}
