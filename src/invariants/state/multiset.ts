/** What a shard's updates add up to, and what their elements are. Rows are arrays, errors and bindings are objects. */
import type { Json } from "../../base/json.ts";
import { canonicalJson } from "../../base/json.ts";

/** A definite error as shards hold it. */
export interface ErrorElement {
  readonly code: string;
  readonly message: string;
  readonly identity: string;
}

/** How far a source has read a partition. */
export interface BindingElement {
  readonly partition: number;
  readonly offset: number;
}

/** Equal elements have equal texts. */
export function elementKey(data: Json): string {
  return Array.isArray(data) ? JSON.stringify(data) : canonicalJson(data);
}

/** Whether an element of a collection is an error. */
export function isErrorElement(data: Json): boolean {
  return typeof data === "object" && data !== null && !Array.isArray(data) && "identity" in data;
}

/** Whether an element of a source's shard is a binding. */
export function isBindingElement(data: Json): boolean {
  return typeof data === "object" && data !== null && !Array.isArray(data) && "partition" in data;
}

interface Counted {
  readonly data: Json;
  count: number;
}

/** Elements with their multiplicities, which may be negative; in order of first insertion. */
export class Multiset {
  readonly #counted = new Map<string, Counted>();

  get isEmpty(): boolean {
    return this.#counted.size === 0;
  }

  /** Adds to an element's count and returns the new one. What comes to zero is gone. */
  add(data: Json, diff: number): number {
    const key = elementKey(data);
    const counted = this.#counted.get(key);
    const count = (counted?.count ?? 0) + diff;
    if (count === 0) this.#counted.delete(key);
    else if (counted === undefined) this.#counted.set(key, { data, count });
    else counted.count = count;
    return count;
  }

  entries(): readonly (readonly [data: Json, count: number])[] {
    return [...this.#counted.values()].map(({ data, count }) => [data, count]);
  }
}
