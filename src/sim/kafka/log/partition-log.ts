/**
 * The log of one partition: batches and control records, watermarks, open and aborted transactions. It is changed in
 * place, by its leader only. What is acknowledged is on every replica, so nothing in it is ever lost; the high watermark
 * lags behind the end while an append is being replicated. Left out: retention, compaction and DeleteRecords (the log start offset
 * exists and stays 0), timestamps by the broker, unclean elections.
 */
import type { FetchedBatch, Isolation, KafkaRecord, ProducerState } from "../../../ports/kafka-rpc.ts";
import type { KafkaPolicies } from "../policies.ts";
import {
  judgeSequence,
  withBatch,
  withMarker,
  type ProducerHistory,
  type SequenceVerdict,
} from "./producer-history.ts";

export interface OpenTransaction {
  readonly firstOffset: number;
  /** Epoch of the batch that began it. */
  readonly epoch: number;
}

interface AbortedTransaction {
  readonly producerId: number;
  readonly firstOffset: number;
  /** Of its marker. */
  readonly markerOffset: number;
}

export interface PartitionLog {
  startOffset: number;
  /** Behind everything that consumers may see. */
  highWatermark: number;
  /** Offset of the next append. */
  endOffset: number;
  readonly batches: FetchedBatch[];
  /** By producer id. */
  readonly producers: Map<number, ProducerHistory>;
  /** By producer id, in the order of their first offsets. */
  readonly open: Map<number, OpenTransaction>;
  /** In the order of their markers. */
  readonly aborted: AbortedTransaction[];
}

export interface Marker {
  readonly producerId: number;
  readonly epoch: number;
  /** Number of the transaction among those of its transactional id. */
  readonly round: number;
  readonly control: "commit" | "abort";
}

export interface ReadRequest {
  readonly offset: number;
  readonly isolation: Isolation;
  readonly maxRecords: number;
}

/** An empty log. */
export function emptyLog(): PartitionLog {
  return {
    startOffset: 0,
    highWatermark: 0,
    endOffset: 0,
    batches: [],
    producers: new Map(),
    open: new Map(),
    aborted: [],
  };
}

/** What the log makes of a batch that a producer sends. Changes nothing. */
export function judgeBatch(
  log: PartitionLog,
  producer: ProducerState,
  count: number,
  policies: KafkaPolicies,
): SequenceVerdict {
  const { id, epoch, sequence } = producer;
  return judgeSequence(log.producers.get(id), { epoch, sequence, count }, policies);
}

/** Appends a batch that was judged. Returns the offset of its first record. */
export function append(log: PartitionLog, records: readonly KafkaRecord[], producer?: ProducerState): number {
  const baseOffset = log.endOffset;
  const isTransactional = producer?.transactionalId !== undefined;
  log.endOffset += records.length;
  log.batches.push({
    baseOffset,
    producerId: producer?.id ?? null,
    isTransactional,
    control: null,
    nextOffset: log.endOffset,
    records: records.map((record, place) => ({ ...record, offset: baseOffset + place })),
  });
  if (producer === undefined) return baseOffset;
  const { id, epoch, sequence } = producer;
  log.producers.set(id, withBatch(log.producers.get(id), { epoch, sequence, count: records.length }, baseOffset));
  if (isTransactional && !log.open.has(id)) log.open.set(id, { firstOffset: baseOffset, epoch });
  return baseOffset;
}

/**
 * Ends a producer's transaction in this partition: the marker takes one offset, also where the transaction wrote
 * nothing. Returns its offset, or undefined when this transaction's marker is there already.
 */
export function appendMarker(log: PartitionLog, marker: Marker, policies: KafkaPolicies): number | undefined {
  const { producerId, epoch, round, control } = marker;
  const history = log.producers.get(producerId);
  if (policies.isMarkerRepeat(history?.markedRound ?? 0, round)) return undefined;
  const baseOffset = log.endOffset;
  log.endOffset++;
  log.batches.push({
    baseOffset,
    producerId,
    isTransactional: true,
    control,
    nextOffset: log.endOffset,
    records: [],
  });
  const open = log.open.get(producerId);
  log.open.delete(producerId);
  if (open !== undefined && control === "abort") {
    log.aborted.push({ producerId, firstOffset: open.firstOffset, markerOffset: baseOffset });
  }
  log.producers.set(producerId, withMarker(history, epoch, round));
  return baseOffset;
}

/** All replicas have the log up to `offset`. Returns whether consumers see more now. */
export function raiseWatermark(log: PartitionLog, offset: number): boolean {
  if (offset <= log.highWatermark) return false;
  log.highWatermark = offset;
  return true;
}

/** Where the earliest open transaction begins, at most the high watermark. */
export function lastStableOffset(log: PartitionLog): number {
  for (const { firstOffset } of log.open.values()) return Math.min(log.highWatermark, firstOffset);
  return log.highWatermark;
}

/** Whether an offset is one to read from: its record is there, or would be the next one. */
export function isInRange(log: PartitionLog, offset: number): boolean {
  return offset >= log.startOffset && offset <= log.endOffset;
}

/** Whole batches from `offset` to the bound of the isolation; the first one always, however many records it has. */
export function read(
  log: PartitionLog,
  { offset, isolation, maxRecords }: ReadRequest,
  policies: KafkaPolicies,
): FetchedBatch[] {
  const bound = policies.readBound(isolation, log.highWatermark, lastStableOffset(log));
  const batches: FetchedBatch[] = [];
  let count = 0;
  for (let at = batchAt(log, offset); at < log.batches.length; at++) {
    const batch = log.batches[at]!;
    if (batch.nextOffset > bound || (batches.length > 0 && count + batch.records.length > maxRecords)) break;
    batches.push(batch);
    // Markers count as well, lest a log of nothing else be read in one go.
    count += Math.max(1, batch.records.length);
  }
  return batches;
}

/** Aborted transactions with data in [from, to), by first offset. */
export function abortedWithin(
  log: PartitionLog,
  from: number,
  to: number,
): { readonly producerId: number; readonly firstOffset: number }[] {
  const found: { readonly producerId: number; readonly firstOffset: number }[] = [];
  for (let at = log.aborted.length - 1; at >= 0; at--) {
    const { producerId, firstOffset, markerOffset } = log.aborted[at]!;
    if (markerOffset < from) break;
    if (firstOffset < to) found.push({ producerId, firstOffset });
  }
  return found.toSorted((a, b) => a.firstOffset - b.firstOffset);
}

/** Place of the first batch that reaches beyond `offset`. */
function batchAt({ batches }: PartitionLog, offset: number): number {
  let low = 0;
  let high = batches.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (batches[middle]!.nextOffset > offset) high = middle;
    else low = middle + 1;
  }
  return low;
}
