/**
 * Kafka at request granularity: the requests that an exactly-once source and sink need, addressed to one broker. The
 * simulated brokers answer them; our own client (`sim/kafka/client`) stands on them. Offsets and times are whole
 * numbers, times in milliseconds. One request names one partition or one transactional id, never several.
 */
import type { Duration, Micros } from "../base/time.ts";

export type Isolation = "read_uncommitted" | "read_committed";

/** Kafka's own error codes, by name. */
export type KafkaErrorCode =
  | "OFFSET_OUT_OF_RANGE"
  | "UNKNOWN_TOPIC_OR_PARTITION"
  | "LEADER_NOT_AVAILABLE"
  | "NOT_LEADER_OR_FOLLOWER"
  | "REQUEST_TIMED_OUT"
  | "MESSAGE_TOO_LARGE"
  | "COORDINATOR_LOAD_IN_PROGRESS"
  | "COORDINATOR_NOT_AVAILABLE"
  | "NOT_COORDINATOR"
  | "INVALID_TOPIC"
  | "NOT_ENOUGH_REPLICAS"
  | "NOT_ENOUGH_REPLICAS_AFTER_APPEND"
  | "TOPIC_ALREADY_EXISTS"
  | "INVALID_PARTITIONS"
  | "INVALID_REPLICATION_FACTOR"
  | "OUT_OF_ORDER_SEQUENCE_NUMBER"
  | "DUPLICATE_SEQUENCE_NUMBER"
  | "INVALID_PRODUCER_EPOCH"
  | "INVALID_TXN_STATE"
  | "INVALID_PRODUCER_ID_MAPPING"
  | "INVALID_TRANSACTION_TIMEOUT"
  | "CONCURRENT_TRANSACTIONS"
  | "KAFKA_STORAGE_ERROR"
  | "PRODUCER_FENCED"
  | "UNKNOWN_TOPIC_ID";

export interface KafkaRecord {
  readonly key: string | null;
  /** Null is a tombstone. */
  readonly value: string | null;
  readonly headers: readonly (readonly [name: string, value: string])[];
  /** CreateTime, milliseconds since 1970. */
  readonly timestamp: number;
}

export interface StoredRecord extends KafkaRecord {
  readonly offset: number;
}

/** `records` of one producer, appended as one batch. */
export interface ProducerState {
  readonly id: number;
  readonly epoch: number;
  /** Sequence number of the batch's first record. */
  readonly sequence: number;
  readonly transactionalId?: string;
}

export interface PartitionMetadata {
  readonly partition: number;
  /** Address of the leader, null while there is none. */
  readonly leader: string | null;
  readonly leaderEpoch: number;
}

export interface TopicMetadata {
  readonly name: string;
  /** Differs between two topics of one name, one after the other. */
  readonly id: string;
  readonly partitions: readonly PartitionMetadata[];
}

interface Producer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
}

/** Request and reply by API. A reply is `Answer<…>`: the value, or one of Kafka's errors. */
export interface KafkaApis {
  /** All topics when `topics` is left out; topics that do not exist are missing from the answer, never created. */
  metadata: {
    request: { readonly topics?: readonly string[] };
    reply: { readonly brokers: readonly string[]; readonly topics: readonly TopicMetadata[] };
  };
  createTopic: {
    request: {
      readonly name: string;
      readonly partitions: number;
      readonly config?: { readonly [key: string]: string };
    };
    reply: { readonly id: string };
  };
  deleteTopic: { request: { readonly name: string }; reply: Record<string, never> };
  listOffsets: {
    request: { readonly topic: string; readonly topicId?: string; readonly partition: number };
    reply: { readonly logStartOffset: number; readonly lastStableOffset: number; readonly highWatermark: number };
  };
  /**
   * Records from `offset` on, in whole batches (the first may begin below `offset`), up to the high watermark, or the
   * last stable offset for read_committed, which then also gets the aborted ranges to filter by. Waits up to
   * `maxWaitMillis` while there is nothing.
   */
  fetch: {
    request: {
      readonly topic: string;
      /** When given, another incarnation of the topic answers UNKNOWN_TOPIC_ID. */
      readonly topicId?: string;
      readonly partition: number;
      readonly offset: number;
      readonly isolation: Isolation;
      readonly maxWaitMillis: number;
      readonly maxRecords: number;
    };
    reply: {
      readonly batches: readonly FetchedBatch[];
      readonly aborted: readonly { readonly producerId: number; readonly firstOffset: number }[];
      readonly logStartOffset: number;
      readonly lastStableOffset: number;
      readonly highWatermark: number;
    };
  };
  findCoordinator: { request: { readonly transactionalId: string }; reply: { readonly coordinator: string } };
  /** Without a transactional id: a new producer id with epoch 0, from any broker, for idempotent batches only. */
  initProducerId: {
    request: { readonly transactionalId: string | null; readonly timeoutMillis: number };
    reply: { readonly producerId: number; readonly epoch: number };
  };
  addPartitionsToTxn: {
    request: Producer & { readonly partitions: readonly { readonly topic: string; readonly partition: number }[] };
    reply: Record<string, never>;
  };
  /**
   * Acknowledged by all in-sync replicas. Without `producer`: not idempotent. REQUEST_TIMED_OUT may come after the
   * append, NOT_ENOUGH_REPLICAS_AFTER_APPEND does.
   */
  produce: {
    request: {
      readonly topic: string;
      readonly partition: number;
      readonly records: readonly KafkaRecord[];
      readonly producer?: ProducerState;
    };
    reply: { readonly baseOffset: number };
  };
  /** Success means that the decision is durable; markers are written after the answer. */
  endTxn: { request: Producer & { readonly commit: boolean }; reply: Record<string, never> };
}

export interface FetchedBatch {
  readonly baseOffset: number;
  readonly producerId: number | null;
  readonly isTransactional: boolean;
  /** A control batch holds one marker and no records, and takes one offset. */
  readonly control: "commit" | "abort" | null;
  /** The offset behind the batch's last one. */
  readonly nextOffset: number;
  readonly records: readonly StoredRecord[];
}

export type KafkaApi = keyof KafkaApis;
export type KafkaAnswer<A extends KafkaApi> =
  | { readonly ok: true; readonly value: KafkaApis[A]["reply"] }
  | { readonly ok: false; readonly error: KafkaErrorCode };

export interface KafkaRpc {
  /**
   * One request to one broker (`host:port`). Rejects with a `NetError`, whose outcome is unknown unless it is definite.
   */
  request<A extends KafkaApi>(
    broker: string,
    api: A,
    request: KafkaApis[A]["request"],
    options?: { readonly timeout?: Duration | Micros },
  ): Promise<KafkaAnswer<A>>;
}
