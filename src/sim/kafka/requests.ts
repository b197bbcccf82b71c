/**
 * Requests and answers as brokers exchange them: those of `ports/kafka-rpc.ts`, and the one of brokers among
 * themselves.
 */
import type { KafkaAnswer, KafkaApi, KafkaApis, KafkaErrorCode } from "../../ports/kafka-rpc.ts";
import type { TransactionPartition } from "./transaction/core.ts";

/** A coordinator asks a leader to end one transaction in several of its partitions. */
export interface MarkerRequest {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  readonly round: number;
  readonly control: "commit" | "abort";
  readonly partitions: readonly TransactionPartition[];
}

/** Those of the partitions where nothing is left to do. */
export interface MarkerReply {
  readonly done: readonly TransactionPartition[];
}

/** What arrives at a broker. */
export type KafkaRequest =
  | { readonly [A in KafkaApi]: { readonly api: A } & KafkaApis[A]["request"] }[KafkaApi]
  | ({ readonly api: "writeTxnMarkers" } & MarkerRequest);

export interface Refusal {
  readonly ok: false;
  readonly error: KafkaErrorCode;
}

/** An answer of an API. */
export type Answer<A extends KafkaApi> = KafkaAnswer<A>;

/** A request that no client of this protocol sends. The caller's own fault: it gets this code instead of an answer. */
export class BadRequest extends Error {
  override readonly name = "BadRequest";
  readonly code = "EBADREQUEST";
}

/** A positive answer. */
export function granted<T>(value: T): { readonly ok: true; readonly value: T } {
  return { ok: true, value };
}

/** A negative answer. */
export function refusal(error: KafkaErrorCode): Refusal {
  return { ok: false, error };
}
