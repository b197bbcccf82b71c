/**
 * Kafka in the engine's words: topics, one partition's log, a transactional producer. Every method may reject with a
 * `KafkaFailure`. The client behind it retries what is safe to retry within its own short limits and reports the rest:
 * endless retrying, and showing it, is the engine's business.
 */
import type { Duration, Micros } from "../base/time.ts";
import type { Isolation, KafkaErrorCode, KafkaRecord, StoredRecord } from "./kafka-rpc.ts";

/**
 * `transient`: try again later, no effect. `ambiguous`: the effect may have happened. `fenced`: another producer owns the
 * transactional id. `permanent`: trying again will not help.
 */
export type KafkaFailureClass = "transient" | "ambiguous" | "fenced" | "permanent";

/** Rejections of this port are errors of this shape. */
export interface KafkaFailure extends Error {
  /** Kafka's code, or the network's (`ECONNREFUSED`, `ECONNRESET`, `ETIMEDOUT` …). */
  readonly code: KafkaErrorCode | string;
  readonly failure: KafkaFailureClass;
}

export interface TopicInfo {
  readonly name: string;
  readonly id: string;
  readonly partitions: number;
}

export interface Watermarks {
  readonly logStartOffset: number;
  readonly lastStableOffset: number;
  readonly highWatermark: number;
}

export interface Fetched extends Watermarks {
  /** Data records only, below the isolation's bound, those of aborted transactions left out for read_committed. */
  readonly records: readonly StoredRecord[];
  /** Where to read on: beyond control records and aborted data too. The position, which alone proves completion. */
  readonly nextOffset: number;
}

export interface TopicPartition {
  readonly topic: string;
  /** When given, a topic that was created again under the same name is an `UNKNOWN_TOPIC_ID` failure. */
  readonly topicId?: string;
  readonly partition: number;
}

/**
 * Told, while a call goes on, of each of its attempts that did not get through to a broker, with the network's code; also
 * of those to look up which broker it is. What comes of the call is not told here.
 */
export type OnTrouble = (code: string) => void;

export interface KafkaClient {
  /** What exists, all of it, sorted by name: never asks by name, so that no broker creates what was asked for. */
  topics(): Promise<readonly TopicInfo[]>;
  topic(name: string): Promise<TopicInfo | undefined>;
  /** Resolves once the topic can be written to. */
  createTopic(
    name: string,
    options: { readonly partitions: number; readonly config?: { readonly [key: string]: string } },
  ): Promise<"created" | "exists">;
  deleteTopic(name: string): Promise<void>;
  watermarks(partition: TopicPartition): Promise<Watermarks>;
  fetch(
    partition: TopicPartition,
    offset: number,
    options: {
      readonly isolation: Isolation;
      /** Longest wait of the broker while there is nothing; default 500 ms. */
      readonly maxWait?: Duration | Micros;
      readonly maxRecords?: number;
      readonly onTrouble?: OnTrouble;
    },
  ): Promise<Fetched>;
  /**
   * One batch outside any transaction, idempotent. Resolves with the offset of the first record, -1 if the broker forgot it.
   * `MESSAGE_TOO_LARGE` (`permanent`) when it is more than brokers take at once, 1 MB unless the topic says otherwise.
   */
  produce(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<number>;
  producer(
    transactionalId: string,
    options: { readonly transactionTimeout: Duration | Micros; readonly onTrouble?: OnTrouble },
  ): TransactionalProducer;
  close(): void;
}

/**
 * Idempotent and transactional. One transaction at a time; calls are made one after the other. A producer can come to its
 * end: fenced, then every call fails as `fenced`, or out of step with the cluster, then as `transient`. In both cases only
 * a new producer of the id gets on.
 */
export interface TransactionalProducer {
  /**
   * Fences predecessors: bumps the epoch and aborts what they left open. First of all calls. May be repeated, but what was
   * fenced may have been a successor: read again what is committed.
   */
  init(): Promise<void>;
  /**
   * Local: the transaction opens with the first `send`. Throws a `KafkaFailure`, `transient` when `init` is due: also after
   * a transaction in which the fate of a batch, or the number of times that it was ended, is unknown.
   */
  begin(): void;
  /**
   * Appends to the open transaction, in several batches if there is too much for one. Partitions are added to it as needed. A
   * `transient` failure had no effect, and another attempt may be made; where the transaction can only be aborted, that and
   * `commit` fail with "abort first".
   */
  send(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<void>;
  /**
   * Resolves when the decision is durable. Without any `send` there is nothing to decide. An `ambiguous` failure may be
   * retried by `commit()` again, and by nothing else; a `transient` one has committed nothing.
   */
  commit(): Promise<void>;
  /** Does nothing without an open transaction. */
  abort(): Promise<void>;
}
