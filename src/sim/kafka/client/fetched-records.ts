/**
 * From whole batches to the records that a reader may see. The broker bounds what it returns and names the aborted
 * transactions in it; leaving them out, and control records, is up to the client. Pure.
 */
import type { Fetched } from "../../../ports/kafka.ts";
import type { FetchedBatch, Isolation, KafkaApis, StoredRecord } from "../../../ports/kafka-rpc.ts";
import type { KafkaClientPolicies } from "./policies.ts";

/** The answer to a fetch from `offset` on, as the engine sees it. */
export function fetchedRecords(
  reply: KafkaApis["fetch"]["reply"],
  offset: number,
  isolation: Isolation,
  policies: KafkaClientPolicies,
): Fetched {
  const data = reply.batches.filter(({ control }) => control === null);
  const shown = isolation === "read_committed" ? committed(reply, policies) : data;
  // Batches come whole: the first one may begin before what was asked for.
  const records = shown.flatMap((batch): readonly StoredRecord[] =>
    batch.records.filter((record) => record.offset >= offset),
  );
  const { logStartOffset, lastStableOffset, highWatermark } = reply;
  const nextOffset = policies.positionAfter(reply.batches, records.at(-1)?.offset ?? null, offset);
  return { records, nextOffset, logStartOffset, lastStableOffset, highWatermark };
}

/**
 * Data batches without those of aborted transactions. A producer's aborted range begins at its first offset and ends at
 * its next abort marker: what it writes behind that belongs to its next transaction.
 */
function committed(
  { batches, aborted }: KafkaApis["fetch"]["reply"],
  policies: KafkaClientPolicies,
): readonly FetchedBatch[] {
  const ranges = aborted.toSorted((a, b) => a.firstOffset - b.firstOffset);
  const aborting = new Set<number>();
  const shown: FetchedBatch[] = [];
  let next = 0;
  for (const batch of batches) {
    for (; next < ranges.length && ranges[next]!.firstOffset < batch.nextOffset; next++) {
      aborting.add(ranges[next]!.producerId);
    }
    if (batch.control !== null) {
      if (batch.control === "abort" && batch.producerId !== null) aborting.delete(batch.producerId);
      continue;
    }
    const isAborted = batch.isTransactional && batch.producerId !== null && aborting.has(batch.producerId);
    if (!policies.hidesBatch(batch, isAborted)) shown.push(batch);
  }
  return shown;
}
