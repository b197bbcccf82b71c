/** One idempotent batch to a partition's leader: sent again under the same sequence number while its fate is unknown. */
import type { KafkaApis } from "../../../../ports/kafka-rpc.ts";
import type { Delivery, DeliveryOptions } from "../delivery.ts";
import { KafkaFailureError } from "../kafka-failure-error.ts";
import type { KafkaClientPolicies } from "../policies.ts";

/** A batch with the sequence number of its first attempt. */
export type Batch = KafkaApis["produce"]["request"] & Required<Pick<KafkaApis["produce"]["request"], "producer">>;

/** Offset of a batch that the broker has had for so long that it no longer knows where. */
export const unknownOffset = -1;

/** The batch's first offset. Options as in `DeliveryOptions`. Rejects with `KafkaFailureError`. */
export async function appended(
  delivery: Delivery,
  policies: KafkaClientPolicies,
  what: string,
  batch: Batch,
  options: Pick<DeliveryOptions<"produce">, "startedAt" | "onTrouble"> = {},
): Promise<number> {
  const { topic, partition, producer } = batch;
  const resend = (_request: KafkaApis["produce"]["request"], failed: number): Batch => ({
    ...batch,
    producer: { ...producer, sequence: policies.resentSequence(producer.sequence, failed) },
  });
  try {
    const route = { kind: "leader", topic, partition } as const;
    return (await delivery.request(what, route, "produce", batch, { ...options, resend })).baseOffset;
  } catch (error) {
    if (error instanceof KafkaFailureError && error.code === "DUPLICATE_SEQUENCE_NUMBER") return unknownOffset;
    throw error;
  }
}
