/**
 * What a partition remembers of one producer, and what it makes of the next batch. Kafka rebuilds this from the log
 * after a failover; here it stands beside the log and is as durable. Producers are never forgotten
 * (`producer.id.expiration.ms`).
 */
import type { KafkaErrorCode } from "../../../ports/kafka-rpc.ts";
import type { KafkaPolicies } from "../policies.ts";

/** Sequence numbers are below this; behind the last one comes 0. */
export const sequenceEnd = 2_147_483_648;
const batchesKept = 5;

interface KeptBatch {
  readonly first: number;
  readonly last: number;
  readonly baseOffset: number;
}

export interface ProducerHistory {
  /** The highest epoch of a batch or marker. */
  readonly epoch: number;
  /** The last five batches of that epoch, oldest first. */
  readonly batches: readonly KeptBatch[];
  /** Number of the last transaction that a marker was written for; 0 before the first. */
  readonly markedRound: number;
}

export interface NumberedBatch {
  readonly epoch: number;
  /** Sequence number of the first record. */
  readonly sequence: number;
  readonly count: number;
}

export type SequenceVerdict =
  | { readonly kind: "append" }
  | { readonly kind: "repeat"; readonly baseOffset: number }
  | { readonly kind: "refuse"; readonly error: KafkaErrorCode };

/**
 * Whether a batch is the next one, is one of those kept, or is neither. A producer that is not known may begin
 * anywhere.
 */
export function judgeSequence(
  history: ProducerHistory | undefined,
  { epoch, sequence, count }: NumberedBatch,
  policies: KafkaPolicies,
): SequenceVerdict {
  if (history === undefined) return { kind: "append" };
  if (policies.isStale(history.epoch, epoch)) return { kind: "refuse", error: "INVALID_PRODUCER_EPOCH" };
  const latest = epoch === history.epoch ? history.batches.at(-1) : undefined;
  if (latest === undefined) {
    return sequence === 0 ? { kind: "append" } : { kind: "refuse", error: "OUT_OF_ORDER_SEQUENCE_NUMBER" };
  }
  const last = lastSequence(sequence, count);
  const kept = history.batches.find((batch) => batch.first === sequence && batch.last === last);
  if (kept !== undefined) {
    return policies.deduplicates() ? { kind: "repeat", baseOffset: kept.baseOffset } : { kind: "append" };
  }
  const expected = (latest.last + 1) % sequenceEnd;
  if (sequence === expected) return { kind: "append" };
  const ahead = (sequence - expected + sequenceEnd) % sequenceEnd;
  const isOld = ahead >= sequenceEnd / 2;
  return { kind: "refuse", error: isOld ? "DUPLICATE_SEQUENCE_NUMBER" : "OUT_OF_ORDER_SEQUENCE_NUMBER" };
}

/** The history with a batch that was appended at an offset. */
export function withBatch(
  history: ProducerHistory | undefined,
  { epoch, sequence, count }: NumberedBatch,
  baseOffset: number,
): ProducerHistory {
  const batch = { first: sequence, last: lastSequence(sequence, count), baseOffset };
  const before = history === undefined || history.epoch !== epoch ? [] : history.batches;
  return { epoch, batches: [...before, batch].slice(-batchesKept), markedRound: history?.markedRound ?? 0 };
}

/** The history with a marker. One of a higher epoch begins the sequence numbers anew, and fences what came before. */
export function withMarker(history: ProducerHistory | undefined, epoch: number, round: number): ProducerHistory {
  const isNewer = history === undefined || history.epoch < epoch;
  return {
    epoch: isNewer ? epoch : history.epoch,
    batches: isNewer ? [] : history.batches,
    markedRound: round,
  };
}

function lastSequence(first: number, count: number): number {
  return (first + count - 1) % sequenceEnd;
}
