/**
 * What a query reads: the tables and sources below it, and the views between. Views are replaced by their definitions, so
 * that every relation is judged by what was written into tables and sources, never by another view's contents.
 */
import type { Json } from "../../base/json.ts";
import type { Failure, Relation, Row } from "../oracle/relation.ts";
import type { Item } from "../state/catalog-contents.ts";
import type { ErrorElement } from "../state/multiset.ts";
import { parseSql } from "../../base/pg-parser.ts";
import { columnsOf } from "../state/connector-statement.ts";
import { isErrorElement, Multiset } from "../state/multiset.ts";
import type { Change, Collection, Collections } from "../state/collections.ts";

export interface Reading {
  /** Tables and sources. */
  readonly bases: readonly Collection[];
  /** Definitions of views by name. */
  readonly views: ReadonlyMap<string, string>;
  /** Items that it stands on, also views. */
  readonly items: readonly Item[];
}

/** Names in FROM by statement, kept so that each text is parsed once. */
export type KnownNames = Map<string, readonly string[]>;

/** What a statement reads by the catalog of now; undefined when it reads something that is not there, or the system's. */
export function readingOf(sql: string, collections: Collections, known: KnownNames = new Map()): Reading | undefined {
  const bases = new Set<Collection>();
  const views = new Map<string, string>();
  const items = new Set<Item>();
  const visit = (text: string): boolean =>
    namesIn(text, known).every((name) => {
      const item = collections.catalog.named(name);
      if (item === undefined || item.kind === "sink" || item.kind === "connection") return false;
      if (items.has(item)) return true;
      items.add(item);
      if (item.kind === "view" || item.kind === "materialized-view") {
        views.set(name, item.sql);
        return visit(item.sql);
      }
      const collection = collections.get(item.id);
      if (collection !== undefined) bases.add(collection);
      return collection !== undefined;
    });
  return visit(sql) ? { bases: [...bases], views, items: [...items] } : undefined;
}

function namesIn(sql: string, known: KnownNames): readonly string[] {
  const names = known.get(sql) ?? relationNames(sql);
  known.set(sql, names);
  return names;
}

/** Names in FROM, wherever they stand. None for what cannot be parsed. */
function relationNames(sql: string): readonly string[] {
  const parsed = parseSql(withoutTime(sql));
  const names: string[] = [];
  const walk = (json: Json): void => {
    if (typeof json !== "object" || json === null) return;
    for (const [kind, value] of Object.entries(json)) {
      if (kind === "RangeVar") names.push((value as { readonly relname: string }).relname);
      else walk(value);
    }
  };
  if (parsed.ok) walk(parsed.statements as unknown as Json);
  return names;
}

/** `AS OF` at the end is no PostgreSQL. */
function withoutTime(sql: string): string {
  return sql.replace(/\bAS\s+OF\s+\d+\s*;?\s*$/i, "");
}

/** Contents of a collection at a time that moves, forwards and backwards. */
export class Contents {
  readonly collection: Collection;
  readonly #elements = new Multiset();
  readonly #columns: readonly string[];
  /** Changes of errors in it, retractions counted against. */
  #errors = 0;
  #next = 0;

  constructor(collection: Collection) {
    this.collection = collection;
    const { kind, sql } = collection.item;
    this.#columns = kind === "materialized-view" ? [] : columnsOf(sql).map(({ name }) => name);
  }

  /** Whether errors and their retractions do not balance. */
  get hasErrors(): boolean {
    return this.#errors !== 0;
  }

  /** Time of the first change that is not in it. */
  get nextTime(): number | undefined {
    return this.collection.changes[this.#next]?.time;
  }

  /** Takes in all changes up to and including a time, and takes back those after it. */
  moveTo(time: number): void {
    const { changes } = this.collection;
    for (; this.#next < changes.length && changes[this.#next]!.time <= time; this.#next++) {
      this.#add(changes[this.#next]!, 1);
    }
    for (; this.#next > 0 && changes[this.#next - 1]!.time > time; this.#next--) {
      this.#add(changes[this.#next - 1]!, -1);
    }
  }

  #add({ data, diff }: Change, sign: 1 | -1): void {
    this.#elements.add(data, diff * sign);
    if (isErrorElement(data)) this.#errors += diff * sign;
  }

  /** As the oracle takes it. A view's columns have no names here. */
  relation(): Relation {
    const rows: (readonly [Row, number])[] = [];
    const errors: Failure[] = [];
    for (const [data, count] of this.#elements.entries()) {
      if (!isErrorElement(data)) rows.push([data as Row, count]);
      else
        errors.push({
          code: (data as unknown as ErrorElement).code,
          message: (data as unknown as ErrorElement).message,
        });
    }
    return { columns: this.#columns, rows, errors };
  }
}

/** Relations by name. */
export function relationsOf(bases: readonly Contents[]): ReadonlyMap<string, Relation> {
  return new Map(bases.map((base) => [base.collection.item.name, base.relation()]));
}
