/** The decisions of the client that exactly-once rests on. Each looks as if it could be made the other way round. */
import type { KafkaFailureClass } from "../../../ports/kafka.ts";
import type { FetchedBatch } from "../../../ports/kafka-rpc.ts";

/** What a planted bug may override. */
export interface KafkaClientPolicies {
  /** Sequence number of a batch that is sent again after `failed` attempts; the first one had `sequence`. */
  readonly resentSequence: (sequence: number, failed: number) => number;
  /** Whether a transaction in which a call failed can only be aborted. */
  readonly mustAbort: (failure: KafkaFailureClass) => boolean;
  /** Whether a failure ends a transactional producer for good, because another one took its place. */
  readonly isFenced: (failure: KafkaFailureClass) => boolean;
  /**
   * Whether a producer may go on under its epoch after a transaction, by the number of partitions with a batch of unknown
   * fate, and by whether the request that ended it was sent more than once.
   */
  readonly mayKeepEpoch: (partitionsOfUnknownFate: number, isEndRepeated: boolean) => boolean;
  /** Whether a read_committed reader hides a transactional batch whose producer has an aborted transaction there. */
  readonly hidesBatch: (batch: FetchedBatch, isInAbortedRange: boolean) => boolean;
  /** Where to read on after `batches`, the last data record of which was `lastRecord` (null without one). */
  readonly positionAfter: (batches: readonly FetchedBatch[], lastRecord: number | null, offset: number) => number;
}

/** The decisions as they have to be. */
export const kafkaClientPolicies: KafkaClientPolicies = {
  resentSequence: (sequence) => sequence,
  // A call without any effect may simply be made again; after all others the transaction is not what its owner thinks.
  mustAbort: (failure) => failure !== "transient",
  isFenced: (failure) => failure === "fenced",
  // The batch may be in the log or not, so the next sequence number is unknown; a copy of the request that is still on
  // its way would end the next transaction, in the middle. Only a new epoch is safe from both.
  mayKeepEpoch: (partitionsOfUnknownFate, isEndRepeated) => partitionsOfUnknownFate === 0 && !isEndRepeated,
  hidesBatch: (_batch, isInAbortedRange) => isInAbortedRange,
  positionAfter: (batches, _lastRecord, offset) => Math.max(offset, batches.at(-1)?.nextOffset ?? offset),
};
