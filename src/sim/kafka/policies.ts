/**
 * The decisions that keep the cluster right. Each could be made otherwise, and some brokers did; a planted bug
 * overrides one of them.
 */
import type { Isolation } from "../../ports/kafka-rpc.ts";

export type TransactionPhase =
  | "EMPTY"
  | "ONGOING"
  | "PREPARE_COMMIT"
  | "PREPARE_ABORT"
  | "COMPLETE_COMMIT"
  | "COMPLETE_ABORT";

export interface KafkaPolicies {
  /** The epoch that fences the producer of this one. */
  readonly nextEpoch: (epoch: number) => number;
  /** Whether the coordinator refuses a producer, by the epoch in force and the one it shows. */
  readonly isFenced: (current: number, shown: number) => boolean;
  /** Whether a leader refuses a batch, by the epoch it knows of the producer and the batch's. */
  readonly isStale: (known: number, shown: number) => boolean;
  /** Whether an init aborts the open transaction of the predecessor. */
  readonly abortsPredecessor: () => boolean;
  /** Whether an init waits until the markers of a decided transaction are written. */
  readonly waitsForMarkers: () => boolean;
  /** What becomes of a transaction that was decided before its coordinator died. */
  readonly verdictOf: (phase: "PREPARE_COMMIT" | "PREPARE_ABORT") => "commit" | "abort";
  /** Whether a transaction is open for too long; its age is null until it was first looked at. */
  readonly isExpired: (ageMillis: number | null, timeoutMillis: number) => boolean;
  /** Whether a leader takes a transaction's first batch, by whether its partition was added to the transaction. */
  readonly mayJoin: (isAdded: boolean) => boolean;
  /** Whether a leader takes batches, by the replicas that are in sync and how many the topic asks for. */
  readonly hasReplicas: (inSync: number, least: number) => boolean;
  /** Whether a leader takes a batch, by whether it is above the topic's limit. */
  readonly takesBatch: (isTooLarge: boolean) => boolean;
  /** Whether a batch with the sequence numbers of one that was kept is answered and not appended again. */
  readonly deduplicates: () => boolean;
  /** Whether a marker is in the log already, by the producer's last marked transaction and the marker's. */
  readonly isMarkerRepeat: (markedRound: number, round: number) => boolean;
  /** The offset below which a fetch may read. */
  readonly readBound: (isolation: Isolation, highWatermark: number, lastStableOffset: number) => number;
  /** Whether a topic is the one that was asked for, by its id and the id in the request, if any. */
  readonly isSameTopic: (id: string, wanted: string | undefined) => boolean;
}

/** What Kafka does. */
export const kafkaPolicies: KafkaPolicies = {
  nextEpoch: (epoch) => epoch + 1,
  isFenced: (current, shown) => shown !== current,
  isStale: (known, shown) => shown < known,
  abortsPredecessor: () => true,
  waitsForMarkers: () => true,
  verdictOf: (phase) => (phase === "PREPARE_COMMIT" ? "commit" : "abort"),
  isExpired: (ageMillis, timeoutMillis) => ageMillis !== null && ageMillis >= timeoutMillis,
  mayJoin: (isAdded) => isAdded,
  hasReplicas: (inSync, least) => inSync >= least,
  takesBatch: (isTooLarge) => !isTooLarge,
  deduplicates: () => true,
  isMarkerRepeat: (markedRound, round) => round <= markedRound,
  readBound: (isolation, highWatermark, lastStableOffset) =>
    isolation === "read_committed" ? lastStableOffset : highWatermark,
  isSameTopic: (id, wanted) => wanted === undefined || wanted === id,
};
