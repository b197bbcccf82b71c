/** Records of one call as batches that brokers take: each record in one of them, in order. Pure. */
import type { KafkaRecord } from "../../../../ports/kafka-rpc.ts";
import { recordBytes } from "../../log/batch-size.ts";

/** Bytes that a client puts into a batch, well below what brokers take unless told otherwise. */
const batchBytes = 1_000_000;

/** At least one batch, none without records unless there are none. A record that is larger stands alone. */
export function batchesOf(
  records: readonly KafkaRecord[],
  most: number = batchBytes,
): readonly (readonly KafkaRecord[])[] {
  const batches: KafkaRecord[][] = [[]];
  let bytes = 0;
  for (const record of records) {
    const more = recordBytes(record);
    if (bytes > 0 && bytes + more > most) {
      batches.push([]);
      bytes = 0;
    }
    batches.at(-1)!.push(record);
    bytes += more;
  }
  return batches;
}
