/**
 * What a sink has to send, decided from what changed in its input: the contents at the time that it begins to read, as one
 * time, and then the changes of each time. While the input holds an error nothing is sent; what changed meanwhile comes at
 * the time at which the last error goes. Messages are texts of what they mean, so that their wording does not count.
 */
import type { Json, JsonObject } from "../../base/json.ts";
import type { Change } from "../state/collections.ts";
import type { SinkStatement } from "../state/connector-statement.ts";
import type { Frontier } from "../state/frontier.ts";
import type { SentMessage } from "./transactions.ts";
import { isErrorElement, Multiset } from "../state/multiset.ts";

/** Messages of one logical time, each with how often it is sent. */
export interface Sending {
  readonly time: number;
  /** Consolidated changes of rows. */
  readonly changes: readonly (readonly [row: readonly Json[], diff: number])[];
}

/** Reads an input's changes in order of time, once. */
export class SinkInput {
  readonly #changes: readonly Change[];
  /** Changes up to here are taken for one time, this one. */
  readonly #asOf: number;
  readonly #errors = new Multiset();
  #held = new Multiset();
  #next = 0;

  constructor(changes: readonly Change[], asOf: number) {
    this.#changes = changes;
    this.#asOf = asOf;
  }

  /** Whether an error is in force behind all that was read. */
  get isHeld(): boolean {
    return !this.#errors.isEmpty;
  }

  /** What is to be sent for times below `upper` that were not read yet. */
  read(upper: Frontier): readonly Sending[] {
    const sendings: Sending[] = [];
    for (;;) {
      const first = this.#changes[this.#next];
      if (first === undefined) break;
      const time = this.#timeOf(first);
      if (upper !== null && time >= upper) break;
      for (; this.#next < this.#changes.length; this.#next++) {
        const change = this.#changes[this.#next]!;
        if (this.#timeOf(change) !== time) break;
        (isErrorElement(change.data) ? this.#errors : this.#held).add(change.data, change.diff);
      }
      if (!this.#errors.isEmpty) continue;
      const changes = this.#held.entries() as unknown as Sending["changes"];
      this.#held = new Multiset();
      if (changes.length > 0) sendings.push({ time, changes });
    }
    return sendings;
  }

  #timeOf({ time }: Change): number {
    return Math.max(time, this.#asOf);
  }
}

/**
 * The messages for changes at one time, in any order: `upsert` sends each key's last row or none, `debezium` what was and
 * what is. `columns` are names in their order.
 */
export function impliedMessages(
  { changes }: Sending,
  { key, envelope }: SinkStatement,
  columns: readonly string[],
): readonly string[] {
  const places = key.map((name) => columns.indexOf(name));
  const groups = new Map<string, { readonly key: Json; readonly before: Json[]; readonly after: Json[] }>();
  for (const [row, diff] of changes) {
    const cells = places.map((place) => row[place] ?? null);
    const text = JSON.stringify(places.length === 0 ? row : cells);
    const group = groups.get(text) ?? { key: places.length === 0 ? null : cells, before: [], after: [] };
    groups.set(text, group);
    for (let left = Math.abs(diff); left > 0; left--) (diff < 0 ? group.before : group.after).push(row);
  }
  return [...groups.values()].flatMap(({ key: cells, before, after }) => {
    if (envelope === "upsert")
      return after.length > 1 ? after.map((row) => text(cells, row)) : [text(cells, after[0] ?? null)];
    return Array.from({ length: Math.max(before.length, after.length) }, (_, at) =>
      text(cells, { before: before[at] ?? null, after: after[at] ?? null }),
    );
  });
}

/** What a message means, in the same words. */
export function meaning({ key, value }: SentMessage, { envelope }: SinkStatement): string {
  const cells = key === null ? null : Object.values(key as JsonObject);
  if (envelope === "upsert" || value === null) return text(cells, cellsOf(value));
  const { before, after } = value as { readonly before?: Json; readonly after?: Json };
  return text(cells, { before: cellsOf(before ?? null), after: cellsOf(after ?? null) });
}

/** Names of the columns, in order, when the message holds a row. */
export function columnNames({ value }: SentMessage, { envelope }: SinkStatement): readonly string[] | undefined {
  if (value === null) return undefined;
  if (envelope === "upsert") return Object.keys(value as JsonObject);
  const { before, after } = value as { readonly before?: JsonObject | null; readonly after?: JsonObject | null };
  const row = after ?? before ?? undefined;
  return row === undefined ? undefined : Object.keys(row);
}

function cellsOf(row: Json): Json {
  return row === null ? null : Object.values(row as JsonObject);
}

function text(key: Json, value: Json): string {
  return JSON.stringify([key, value]);
}
