/**
 * Which progress of each sink is committed: the last record with its key in the topic of its connection whose
 * transaction's marker is there. It is the brokers that say so, so nothing is missed; sinks of which an administrator
 * deleted a topic are told apart, since nothing holds for them any more.
 */
import type { EngineEvents } from "../../ports/engine-events.ts";
import type { ServiceEvents } from "../../ports/service-events.ts";
import type { Frontier } from "../state/frontier.ts";
import { CatalogContents, type Item } from "../state/catalog-contents.ts";
import { sinkStatement, type SinkStatement } from "../state/connector-statement.ts";
import { TopicLogs, type LoggedBatch } from "../state/topic-log.ts";

const topicPrefix = "wavetank-progress-";
const keyPrefix = "sink-";

export interface Sink {
  readonly item: Item;
  readonly statement: SinkStatement;
  /** Id of the relation that it is made from. */
  readonly from: string;
  readonly progressTopic: string;
  /** One of its topics was deleted. */
  isGone: boolean;
}

export interface Progress {
  readonly sink: string;
  readonly upper: Frontier;
  readonly offset: number;
}

/** The progress in a batch: records with the keys of sinks whose values can be read. */
export function progressOf({ appended }: LoggedBatch): readonly Progress[] {
  if (!appended.topic.startsWith(topicPrefix)) return [];
  return appended.records.flatMap(({ key, value }, place) => {
    if (key === null || !key.startsWith(keyPrefix) || value === null) return [];
    const { upper } = JSON.parse(value) as { readonly upper: readonly number[] };
    return [{ sink: key.slice(keyPrefix.length), upper: upper[0] ?? null, offset: appended.baseOffset + place }];
  });
}

export class SinkItems {
  readonly catalog = new CatalogContents();
  /** By id; those that were dropped stay. */
  readonly #sinks = new Map<string, Sink>();

  get(id: string): Sink | undefined {
    return this.#sinks.get(id);
  }

  /** Sinks that are in the catalog. */
  get live(): readonly Sink[] {
    return [...this.#sinks.values()].filter(({ item }) => this.catalog.items.has(item.id));
  }

  changed(event: EngineEvents["shard.changed"]): readonly Sink[] {
    const added: Sink[] = [];
    for (const item of this.catalog.apply(event).added) {
      if (item.kind !== "sink") continue;
      const statement = sinkStatement(item.sql);
      const from = this.catalog.named(statement.from)?.id ?? "";
      const connection = this.catalog.named(statement.connection)?.id ?? "";
      const sink = { item, statement, from, progressTopic: `${topicPrefix}${connection}`, isGone: false };
      this.#sinks.set(item.id, sink);
      added.push(sink);
    }
    return added;
  }

  deleted({ topic }: ServiceEvents["kafka.topic-deleted"]): void {
    for (const sink of this.#sinks.values()) {
      if (sink.statement.topic === topic || sink.progressTopic === topic) sink.isGone = true;
    }
  }
}

export class CommittedProgress {
  readonly sinks = new SinkItems();
  readonly #logs = new TopicLogs();
  /** By sink. */
  readonly #latest = new Map<string, Progress>();

  /** The last committed progress of a sink, undefined before any. */
  latest(sink: string): Progress | undefined {
    return this.#latest.get(sink);
  }

  /** Returns what is committed by being appended. */
  appended(data: ServiceEvents["kafka.appended"]): readonly Progress[] {
    if (!data.topic.startsWith(topicPrefix)) return [];
    const batch = this.#logs.appended(data);
    return batch.fate === "committed" ? this.#commit([batch]) : [];
  }

  /** Returns what is committed by a marker. */
  marked(data: ServiceEvents["kafka.marker-written"]): readonly Progress[] {
    if (!data.topic.startsWith(topicPrefix)) return [];
    const settled = this.#logs.marked(data);
    return data.control === "commit" ? this.#commit(settled) : [];
  }

  #commit(batches: readonly LoggedBatch[]): readonly Progress[] {
    const committed = batches.flatMap(progressOf).filter(({ sink }) => this.sinks.get(sink)?.isGone !== true);
    for (const progress of committed) this.#latest.set(progress.sink, progress);
    return committed;
  }
}

/** A name for a sink that users know. */
export function sinkName(sinks: SinkItems, id: string): string {
  return sinks.get(id)?.item.name ?? id;
}
