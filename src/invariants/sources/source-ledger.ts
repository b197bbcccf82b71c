/**
 * Sources held against their topics. Whenever a source's shard takes an append, its bindings move from one offset to
 * another, and the rows and errors of that append must be what the committed records in between imply. Bindings and rows
 * are in one append, and appends are seen where they are stored, so no crash comes between them and none is missed: what
 * two instances of a source do at once shows as it took effect. The source's own definite error (identity `source`) says
 * something about the topic, not about a record, and is passed over. Of an upsert source it is assumed that the records
 * of one key are in one partition, since between partitions there is no order.
 */
import type { Json, JsonObject } from "../../base/json.ts";
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { Observed } from "../state/observed.ts";
import type { BindingElement, ErrorElement } from "../state/multiset.ts";
import { CatalogContents, type Item } from "../state/catalog-contents.ts";
import { sourceStatement, type SourceStatement } from "../state/connector-statement.ts";
import { isBindingElement, isErrorElement } from "../state/multiset.ts";
import { TopicLogs, type LoggedRecord, type Topic } from "../state/topic-log.ts";
import { decodeRecord, type Decoded } from "./decoding.ts";

/** What is wrong with an append. Each list holds names of records or elements. */
export interface Finding {
  readonly source: string;
  /** How the bindings do not go on from where they were. */
  readonly broken: string | null;
  /** How the bindings are ahead of what is committed. */
  readonly beyond: string | null;
  /** Undecodable records without their error. */
  readonly lostErrors: readonly string[];
  /** Elements that records imply, and that are there too seldom or too often. */
  readonly miscounted: readonly string[];
  /** Elements that no record implies. */
  readonly foreign: readonly string[];
}

interface Source {
  readonly item: Item;
  readonly statement: SourceStatement;
  readonly bound: Map<number, number>;
  /** Of an upsert source: by key, or what stands for one, the element that counts. */
  readonly current: Map<string, string>;
}

/** Changes by the key of an element. */
type Changes = Map<string, number>;

/** Two changes that differ by nothing are equal. */
function count(changes: Changes, key: string, diff: number): void {
  const sum = (changes.get(key) ?? 0) + diff;
  if (sum === 0) changes.delete(key);
  else changes.set(key, sum);
}

/** Errors are told apart by what they are about; how they are worded is not for the log to say. */
function keyOf(decoded: Decoded): string {
  return "row" in decoded ? JSON.stringify(decoded.row) : `!${decoded.identity}`;
}

export class SourceLedger {
  readonly catalog = new CatalogContents();
  readonly logs = new TopicLogs();
  /** By shard. */
  readonly #sources = new Map<string, Source>();

  /** Durable positions of a source by its id, undefined when there is no such source. */
  bound(id: string): ReadonlyMap<number, number> | undefined {
    for (const { item, bound } of this.#sources.values()) if (item.id === id) return bound;
    return undefined;
  }

  /** The topic that a source was made for. */
  topicOf(id: string): Topic | undefined {
    for (const { item, statement } of this.#sources.values()) if (item.id === id) return this.#topic(statement);
    return undefined;
  }

  /** Takes in a change of a shard; what is wrong with it, if it is a source's. */
  changed(event: EngineEvents["shard.changed"]): Finding | undefined {
    for (const item of this.catalog.apply(event).added) {
      const shard = this.catalog.shards.get(item.id);
      if (item.kind !== "source" || shard === undefined) continue;
      const statement = sourceStatement(item.sql);
      this.#sources.set(shard, { item, statement, bound: new Map(), current: new Map() });
    }
    const source = this.#sources.get(event.shard);
    return source === undefined || event.updates.length === 0 ? undefined : this.#appended(source, event.updates);
  }

  #appended(source: Source, updates: EngineEvents["shard.changed"]["updates"]): Finding | undefined {
    const observed: Changes = new Map();
    const before = new Map(source.bound);
    const moves: Changes = new Map();
    for (const [data, , diff] of updates) {
      if (isBindingElement(data)) {
        const { partition, offset } = data as unknown as BindingElement;
        count(moves, `${partition} ${offset}`, diff);
      } else if (isErrorElement(data)) {
        const { identity, code } = data as unknown as ErrorElement;
        if (identity !== "source" || code !== "XX000") count(observed, `!${identity}`, diff);
      } else {
        count(observed, JSON.stringify(data), diff);
      }
    }
    const broken = rebound(source.bound, moves);
    const expected: Changes = new Map();
    const lost = new Set<string>();
    let beyond: string | null = null;
    for (const [partition, offset] of source.bound) {
      const log = this.#topic(source.statement)?.partitions.get(partition);
      const from = before.get(partition) ?? 0;
      const stable = log?.lastStable ?? 0;
      if (offset > stable)
        beyond = `partition ${partition} is bound up to ${offset}, its log is stable up to ${stable}`;
      for (const record of log?.committed(from, offset) ?? []) this.#imply(source, partition, record, expected);
    }
    for (const key of expected.keys()) {
      if (key.startsWith("!") && (expected.get(key) ?? 0) > (observed.get(key) ?? 0)) lost.add(key);
    }
    return this.#finding(source, { expected, observed, lost, broken, beyond });
  }

  /** Adds what a record changes. */
  #imply({ statement, current }: Source, partition: number, record: LoggedRecord, expected: Changes): void {
    const decoded = decodeRecord(statement, partition, record);
    if (statement.envelope === "none") {
      if (decoded !== null) count(expected, keyOf(decoded), 1);
      return;
    }
    const identity = record.key ?? `NULL key, partition ${partition}`;
    const old = current.get(identity);
    if (old !== undefined) count(expected, old, -1);
    if (decoded === null) {
      current.delete(identity);
      return;
    }
    current.set(identity, keyOf(decoded));
    count(expected, keyOf(decoded), 1);
  }

  #finding(
    source: Source,
    seen: {
      readonly expected: Changes;
      readonly observed: Changes;
      readonly lost: ReadonlySet<string>;
      readonly broken: string | null;
      readonly beyond: string | null;
    },
  ): Finding | undefined {
    const { expected, observed, lost, broken, beyond } = seen;
    const wrong = [...new Set([...expected.keys(), ...observed.keys()])].filter(
      (key) => (expected.get(key) ?? 0) !== (observed.get(key) ?? 0) && !lost.has(key),
    );
    if (wrong.length === 0 && lost.size === 0 && broken === null && beyond === null) return undefined;
    const known = this.#implied(source);
    const miscounted = wrong.filter((key) => known.has(key));
    const foreign = wrong.filter((key) => !known.has(key));
    return {
      source: source.item.name,
      broken,
      beyond,
      lostErrors: [...lost].map((key) => key.slice(1)),
      miscounted,
      foreign,
    };
  }

  /** Every element that any record of the topic implies, for a verdict on what went wrong. */
  #implied({ statement }: Source): ReadonlySet<string> {
    const known = new Set<string>();
    for (const [partition, log] of this.#topic(statement)?.partitions ?? []) {
      for (const record of log.committed(0, log.end)) {
        const decoded = decodeRecord(statement, partition, record);
        if (decoded !== null) known.add(keyOf(decoded));
      }
    }
    return known;
  }

  #topic({ topic, topicId }: SourceStatement): Topic | undefined {
    return topicId === null ? this.logs.named(topic) : this.logs.get(topicId);
  }
}

/** Moves bindings as an append says; the reason when that does not go on from where they are. */
function rebound(bound: Map<number, number>, moves: Changes): string | null {
  const left = new Map<number, number>();
  const reached = new Map<number, number>();
  for (const [key, diff] of moves) {
    const [partition, offset] = key.split(" ").map(Number);
    if (Math.abs(diff) !== 1) return `the binding of partition ${partition} to ${offset} changes by ${diff}`;
    (diff < 0 ? left : reached).set(partition!, offset!);
  }
  for (const [partition, offset] of reached) {
    const old = bound.get(partition);
    if (left.get(partition) !== old) {
      return `partition ${partition} goes on from ${left.get(partition) ?? "nowhere"}, it was bound up to ${old ?? "nowhere"}`;
    }
    bound.set(partition, offset);
    if (old !== undefined && offset < old)
      return `the binding of partition ${partition} goes back from ${old} to ${offset}`;
  }
  const missing = [...left.keys()].find((partition) => !reached.has(partition));
  return missing === undefined ? null : `partition ${missing} has no binding any more`;
}

/** What rules about sources listen to; `judge` makes of a finding what its rule has to say. */
export function ledgerEvents<B>(judge: (finding: Finding) => B | undefined): {
  readonly "shard.changed": (ledger: SourceLedger, data: Observed["shard.changed"]) => B | undefined;
} & LogEvents {
  return {
    ...logEvents,
    "shard.changed": (ledger, data) => {
      const finding = ledger.changed(data);
      return finding === undefined ? undefined : judge(finding);
    },
  };
}

interface LogEvents {
  readonly "kafka.topic-created": (ledger: SourceLedger, data: Observed["kafka.topic-created"]) => void;
  readonly "kafka.topic-deleted": (ledger: SourceLedger, data: Observed["kafka.topic-deleted"]) => void;
  readonly "kafka.appended": (ledger: SourceLedger, data: Observed["kafka.appended"]) => void;
  readonly "kafka.marker-written": (ledger: SourceLedger, data: Observed["kafka.marker-written"]) => void;
}

const logEvents: LogEvents = {
  "kafka.topic-created": (ledger, data) => ledger.logs.created(data),
  "kafka.topic-deleted": (ledger, data) => void ledger.logs.deleted(data),
  "kafka.appended": (ledger, data) => void ledger.logs.appended(data),
  "kafka.marker-written": (ledger, data) => void ledger.logs.marked(data),
};

/** A list as messages and breaches show it. */
export function shown(elements: readonly string[]): Json & JsonObject {
  return { count: elements.length, first: elements.slice(0, 3) };
}
