/** The catalog's contents in memory: what its shard's updates add up to. */
import type { Json } from "../../base/json.ts";
import { canonicalJson } from "../../base/json.ts";
import type { CatalogChange, CatalogEntry, CatalogKind } from "./entry.ts";
import { versionKey } from "./entry.ts";
import type { Token } from "./token.ts";

interface Counted {
  readonly entry: CatalogEntry;
  count: number;
}

export class CatalogContents {
  /** By kind, then by key and value, in order of first insertion. */
  readonly #kinds = new Map<CatalogKind, Map<string, Counted>>();

  /** Adds changes up. An entry whose count is 0 again is gone. */
  apply(changes: readonly CatalogChange[]): void {
    for (const [entry, diff] of changes) {
      let entries = this.#kinds.get(entry.kind);
      if (entries === undefined) this.#kinds.set(entry.kind, (entries = new Map()));
      const text = canonicalJson([entry.key, entry.value]);
      const counted = entries.get(text);
      if (counted === undefined) entries.set(text, { entry, count: diff });
      else if ((counted.count += diff) === 0) entries.delete(text);
    }
  }

  /** Entries of a kind that are there, in order of insertion. */
  all(kind: CatalogKind): readonly CatalogEntry[] {
    const entries = this.#kinds.get(kind);
    if (entries === undefined) return [];
    return [...entries.values()].filter(({ count }) => count > 0).map(({ entry }) => entry);
  }

  /** The value under a key. */
  get(kind: CatalogKind, key: string): Json | undefined {
    return this.all(kind).find((entry) => entry.key === key)?.value;
  }

  /** Every durable token: one, unless somebody did not retract. */
  tokens(): readonly Token[] {
    return this.all("token").map(({ value }) => value as unknown as Token);
  }

  /** Version of the newest binary that wrote here; 0 before any. */
  contentVersion(): number {
    return (this.get("setting", versionKey) as number | undefined) ?? 0;
  }
}
