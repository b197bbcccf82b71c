/**
 * Committed transactions of sinks, put together from the batches of all their partitions. A decision is one moment, its
 * markers come one by one; a transaction is complete when every partition that it wrote to has its marker, and the
 * producer cannot begin the next one before. A partition whose topic an administrator deleted never gets one: then the
 * transaction is dropped with the next decision, and so is the verdict on its sink.
 */
import type { Json } from "../../base/json.ts";
import type { ServiceEvents } from "../../ports/service-events.ts";
import type { Frontier } from "../state/frontier.ts";
import { TopicLogs, type LoggedBatch } from "../state/topic-log.ts";
import { progressOf } from "./committed-progress.ts";

const timeHeader = "wavetank-time";

/** A message that carries a logical time. */
export interface SentMessage {
  readonly topic: string;
  /** Names the partition, of one incarnation of the topic. */
  readonly partition: string;
  readonly offset: number;
  readonly time: number;
  readonly key: Json;
  readonly value: Json;
}

export interface SentTransaction {
  /** Id of the sink whose progress is in it; null without progress. */
  readonly sink: string | null;
  readonly upper: Frontier;
  /** In order of offsets within each partition. */
  readonly messages: readonly SentMessage[];
}

interface Round {
  /** Partitions without a marker. */
  readonly open: Map<string, LoggedBatch[]>;
  readonly committed: LoggedBatch[];
  isDecided: boolean;
}

export class SinkTransactions {
  readonly #logs = new TopicLogs();
  /** By producer. */
  readonly #rounds = new Map<number, Round>();

  /** Returns what is committed by being appended: messages outside of any transaction. */
  appended(data: ServiceEvents["kafka.appended"]): SentTransaction | undefined {
    if (!isOfSink(data)) return undefined;
    const batch = this.#logs.appended(data);
    if (batch.fate === "committed") return sent([batch]);
    const { open } = this.#round(data.producerId!);
    open.set(partitionOf(data), [...(open.get(partitionOf(data)) ?? []), batch]);
    return undefined;
  }

  decided({ producerId }: ServiceEvents["kafka.transaction-decided"]): void {
    if (this.#round(producerId).isDecided) this.#rounds.delete(producerId);
    const round = this.#round(producerId);
    round.isDecided = round.open.size > 0;
  }

  /** Returns the transaction that this marker completes. */
  marked(data: ServiceEvents["kafka.marker-written"]): SentTransaction | undefined {
    const round = this.#rounds.get(data.producerId);
    const open = round?.open.get(partitionOf(data));
    if (round === undefined || open === undefined) return undefined;
    this.#logs.marked(data);
    round.committed.push(...open.filter(({ fate }) => fate === "committed"));
    round.open.delete(partitionOf(data));
    if (round.open.size > 0) return undefined;
    this.#rounds.delete(data.producerId);
    return round.committed.length === 0 ? undefined : sent(round.committed);
  }

  #round(producerId: number): Round {
    let round = this.#rounds.get(producerId);
    if (round === undefined) {
      round = { open: new Map(), committed: [], isDecided: false };
      this.#rounds.set(producerId, round);
    }
    return round;
  }
}

/** Whether a sink wrote it: upstream applications neither use transactions of that name nor the header. */
function isOfSink({ records, transactionalId }: ServiceEvents["kafka.appended"]): boolean {
  if (transactionalId?.startsWith("sink-") === true) return true;
  return records.some(({ headers }) => headers.some(([name]) => name === timeHeader));
}

function partitionOf({ topicId, partition }: { readonly topicId: string; readonly partition: number }): string {
  return `${topicId}/${partition}`;
}

function sent(batches: readonly LoggedBatch[]): SentTransaction {
  const progress = batches.flatMap(progressOf).at(-1);
  const messages = batches
    .flatMap(messagesOf)
    .toSorted((a, b) => (a.partition === b.partition ? a.offset - b.offset : a.partition < b.partition ? -1 : 1));
  return { sink: progress?.sink ?? null, upper: progress?.upper ?? null, messages };
}

function messagesOf({ appended }: LoggedBatch): readonly SentMessage[] {
  return appended.records.flatMap(({ key, value, headers }, place) => {
    const time = headers.find(([name]) => name === timeHeader)?.[1];
    if (time === undefined) return [];
    const where = { topic: appended.topic, partition: partitionOf(appended), offset: appended.baseOffset + place };
    return [{ ...where, time: Number(time), key: parsed(key), value: parsed(value) }];
  });
}

/** The JSON value in a text; null for none. */
function parsed(text: string | null): Json {
  return text === null ? null : (JSON.parse(text) as Json);
}
