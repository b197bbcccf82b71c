/**
 * The durable catalog, folded from the changes of its shard: tokens with their history, items, and which shard holds what.
 * Settings, allocators and the audit are left out.
 */
import type { Json } from "../../base/json.ts";
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { Frontier, Token } from "./frontier.ts";

export interface Item {
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  /** Canonical text of the statement that made it, without its cluster: where it runs changes nothing in what it is. */
  readonly sql: string;
}

interface Entry {
  readonly kind: string;
  readonly key: string;
  readonly value: Json;
}

/** What one change of the catalog's shard did. */
export interface CatalogStep {
  /** Tokens that became durable, in order. */
  readonly tokens: readonly Token[];
  /** Items that were not there before. */
  readonly added: readonly Item[];
  /** Items that are not there any more. */
  readonly removed: readonly Item[];
  /** Times at which something other than a token was written. */
  readonly contentTimes: readonly number[];
}

const nothing: CatalogStep = { tokens: [], added: [], removed: [], contentTimes: [] };

export class CatalogContents {
  upper: Frontier = 0;
  /** By id, in order of their creation. */
  readonly items = new Map<string, Item>();
  /** Shard by id of the item; several tables are in one. */
  readonly shards = new Map<string, string>();
  /** Every token that became durable, with the time of its update, in order. */
  readonly history: { readonly time: number; readonly token: Token }[] = [];
  readonly #tokens = new Map<string, { readonly token: Token; count: number }>();

  /** Tokens that add up to something other than nothing. */
  get tokens(): readonly { readonly token: Token; readonly count: number }[] {
    return [...this.#tokens.values()];
  }

  /** The highest generation that was ever durable; 0 before any. */
  get generation(): number {
    return this.history.reduce((highest, { token }) => Math.max(highest, token.generation), 0);
  }

  /** The token in force below an upper: the last one written before it. */
  tokenBefore(upper: number): Token | undefined {
    return this.history.findLast(({ time }) => time < upper)?.token;
  }

  /** The item of that name. */
  named(name: string): Item | undefined {
    for (const item of this.items.values()) if (item.name === name) return item;
    return undefined;
  }

  /** Adds a change of a shard up, which does nothing unless it is the catalog's. */
  apply({ shard, upper, updates }: EngineEvents["shard.changed"]): CatalogStep {
    if (shard !== "catalog") return nothing;
    this.upper = upper;
    if (updates.length === 0) return nothing;
    const before = new Map<string, Item | undefined>();
    const step = { tokens: [] as Token[], contentTimes: [] as number[] };
    // An entry is replaced by its retraction and the insertion of another value.
    const ordered = updates.toSorted((a, b) => a[1] - b[1] || a[2] - b[2]);
    for (const [data, time, diff] of ordered) {
      const entry = data as unknown as Entry;
      if (entry.kind === "token") this.#token(entry, time, diff, step.tokens);
      else step.contentTimes.push(time);
      if (entry.kind === "shard") this.#shard(entry, diff);
      if (entry.kind !== "item") continue;
      if (!before.has(entry.key)) before.set(entry.key, this.items.get(entry.key));
      this.#item(entry, diff);
    }
    const added: Item[] = [];
    const removed: Item[] = [];
    for (const [id, old] of before) {
      const now = this.items.get(id);
      if (old === undefined && now !== undefined) added.push(now);
      if (old !== undefined && now === undefined) removed.push(old);
    }
    return { ...step, added, removed };
  }

  #token({ value }: Entry, time: number, diff: number, born: Token[]): void {
    const token = value as unknown as Token;
    const key = `${token.generation}/${token.epoch}`;
    const counted = this.#tokens.get(key);
    const count = (counted?.count ?? 0) + diff;
    if (count === 0) this.#tokens.delete(key);
    else this.#tokens.set(key, { token, count });
    if (diff <= 0) return;
    this.history.push({ time, token });
    born.push(token);
  }

  #shard({ key, value }: Entry, diff: number): void {
    const { shard } = value as { readonly shard: string };
    if (diff > 0) this.shards.set(key, shard);
    else this.shards.delete(key);
  }

  #item({ key, value }: Entry, diff: number): void {
    const { name, kind, sql } = value as { readonly name: string; readonly kind: string; readonly sql: string };
    if (diff > 0) this.items.set(key, { id: key, name, kind, sql: withoutCluster(sql) });
    else this.items.delete(key);
  }
}

/** `IN CLUSTER` stands behind the name, and behind the names of a view's columns. */
const clusterClause = /^(CREATE [A-Z ]+"(?:[^"]|"")*"(?: \((?:"(?:[^"]|"")*"(?:, )?)+\))?) IN CLUSTER "(?:[^"]|"")*"/;

function withoutCluster(sql: string): string {
  return sql.replace(clusterClause, "$1");
}
