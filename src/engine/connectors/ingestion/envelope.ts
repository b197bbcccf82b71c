/**
 * From records to changes. `none`: every record is a row, or an error that stays. `upsert`: the last record of a key
 * counts; its row or error is retracted by the next one, a null value deletes.
 */
import type { StoredRecord } from "../../../ports/kafka-rpc.ts";
import type { Column, Entry, ErrorValue } from "../../collection.ts";
import { isError } from "../../collection.ts";
import { dataKey } from "../../consolidation.ts";

/** Decodes a record's value; a definite error where it cannot be. */
export type DecodeValue = (value: string, columns: readonly Column[]) => Entry;

export interface Envelope {
  /** Takes in a record; returns changes of the collection, without their time. */
  apply(partition: number, record: StoredRecord): readonly (readonly [data: Entry, diff: number])[];
}

/** Made anew from the durable contents at every resume. */
export function envelope(
  kind: "none" | "upsert",
  columns: readonly Column[],
  decode: DecodeValue,
  contents: readonly (readonly [data: Entry, diff: number])[],
): Envelope {
  return kind === "none" ? new AppendOnly(columns, decode) : new Upsert(columns, decode, contents);
}

class AppendOnly implements Envelope {
  readonly #columns: readonly Column[];
  readonly #decode: DecodeValue;

  constructor(columns: readonly Column[], decode: DecodeValue) {
    this.#columns = columns;
    this.#decode = decode;
  }

  apply(partition: number, { offset, value }: StoredRecord): readonly (readonly [data: Entry, diff: number])[] {
    const where = `partition ${partition}, offset ${offset}`;
    if (value === null) return [[undecodable("the record has no value", where), 1]];
    return [[identified(this.#decode(value, this.#columns), where), 1]];
  }
}

/** The first column holds the key where it is called `key`; the others come from the value. */
class Upsert implements Envelope {
  readonly #columns: readonly Column[];
  readonly #decode: DecodeValue;
  readonly #current = new Map<string, Entry>();

  constructor(
    columns: readonly Column[],
    decode: DecodeValue,
    contents: readonly (readonly [data: Entry, diff: number])[],
  ) {
    this.#columns = columns;
    this.#decode = decode;
    for (const [entry] of contents) {
      const key = isError(entry) ? entry.identity : String(entry[0]);
      this.#current.set(key, entry);
    }
  }

  apply(partition: number, { key, value }: StoredRecord): readonly (readonly [data: Entry, diff: number])[] {
    // The identity of a NULL key's error holds the partition alone, so that a tombstone can match and retract it.
    const identity = key ?? `NULL key, partition ${partition}`;
    const old = this.#current.get(identity);
    const entry = value === null ? undefined : this.#entry(key, value, identity);
    if (entry === undefined) this.#current.delete(identity);
    else this.#current.set(identity, entry);
    if (old !== undefined && entry !== undefined && dataKey(old) === dataKey(entry)) return [];
    const changes: (readonly [data: Entry, diff: number])[] = [];
    if (old !== undefined) changes.push([old, -1]);
    if (entry !== undefined) changes.push([entry, 1]);
    return changes;
  }

  #entry(key: string | null, value: string, identity: string): Entry {
    if (key === null) return undecodable("the record has no key", identity);
    const decoded = this.#decode(value, this.#columns.slice(1));
    return isError(decoded) ? identified(decoded, identity) : [key, ...decoded];
  }
}

/** An error that names its record where a reader of the message looks for it, and in what tells it from others. */
function identified(entry: Entry, identity: string): Entry {
  return isError(entry) ? { ...entry, identity } : entry;
}

function undecodable(message: string, identity: string): ErrorValue {
  return { code: "22P02", message, identity };
}
