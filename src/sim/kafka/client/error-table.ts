/**
 * What the client makes of every error: whether asking again may help and where, and what it is to the caller when it
 * lasts. Data, so that the answers of brokers and of the network are judged in one place.
 */
import type { KafkaFailureClass } from "../../../ports/kafka.ts";
import type { KafkaApi, KafkaErrorCode } from "../../../ports/kafka-rpc.ts";

/** `leader`, `coordinator`: look it up again first. `elsewhere`: the broker itself is out of reach. */
export type Retry = "no" | "backoff" | "leader" | "coordinator" | "elsewhere";

/** How one of Kafka's errors is treated. */
export interface ErrorRule {
  readonly failure: KafkaFailureClass;
  readonly retry: Retry;
  /** Comes after the effect, too: a leader may append and then lose its place, or not see its replicas follow in time. */
  readonly isUncertain?: true;
  /** The end of a transactional producer, but not of its caller's hopes: a new producer of the same id may go on. */
  readonly endsProducer?: true;
}

/** The rule of every error that a broker answers with. */
export const errorTable: Readonly<Record<KafkaErrorCode, ErrorRule>> = {
  OFFSET_OUT_OF_RANGE: { failure: "permanent", retry: "no" },
  // Metadata lags behind a creation; a topic that stays unknown is gone.
  UNKNOWN_TOPIC_OR_PARTITION: { failure: "permanent", retry: "leader" },
  LEADER_NOT_AVAILABLE: { failure: "transient", retry: "leader" },
  NOT_LEADER_OR_FOLLOWER: { failure: "transient", retry: "leader", isUncertain: true },
  REQUEST_TIMED_OUT: { failure: "transient", retry: "backoff", isUncertain: true },
  COORDINATOR_LOAD_IN_PROGRESS: { failure: "transient", retry: "backoff" },
  // Also where the coordinator's own log was written and not replicated in time.
  COORDINATOR_NOT_AVAILABLE: { failure: "transient", retry: "coordinator", isUncertain: true },
  NOT_COORDINATOR: { failure: "transient", retry: "coordinator" },
  INVALID_TOPIC: { failure: "permanent", retry: "no" },
  MESSAGE_TOO_LARGE: { failure: "permanent", retry: "no" },
  NOT_ENOUGH_REPLICAS: { failure: "transient", retry: "backoff" },
  NOT_ENOUGH_REPLICAS_AFTER_APPEND: { failure: "transient", retry: "backoff", isUncertain: true },
  TOPIC_ALREADY_EXISTS: { failure: "permanent", retry: "no" },
  INVALID_PARTITIONS: { failure: "permanent", retry: "no" },
  INVALID_REPLICATION_FACTOR: { failure: "permanent", retry: "no" },
  OUT_OF_ORDER_SEQUENCE_NUMBER: { failure: "permanent", retry: "no", endsProducer: true },
  // The producers take it for what it is, a late success.
  DUPLICATE_SEQUENCE_NUMBER: { failure: "permanent", retry: "no" },
  INVALID_PRODUCER_EPOCH: { failure: "fenced", retry: "no" },
  INVALID_TXN_STATE: { failure: "permanent", retry: "no", endsProducer: true },
  INVALID_PRODUCER_ID_MAPPING: { failure: "permanent", retry: "no", endsProducer: true },
  INVALID_TRANSACTION_TIMEOUT: { failure: "permanent", retry: "no" },
  CONCURRENT_TRANSACTIONS: { failure: "transient", retry: "backoff" },
  KAFKA_STORAGE_ERROR: { failure: "transient", retry: "leader" },
  PRODUCER_FENCED: { failure: "fenced", retry: "no" },
  UNKNOWN_TOPIC_ID: { failure: "permanent", retry: "no" },
};

/** Whether a request of the API changes anything at the brokers; one that does not has no unknown outcome. */
export const hasEffect: Readonly<Record<KafkaApi, boolean>> = {
  metadata: false,
  listOffsets: false,
  fetch: false,
  findCoordinator: false,
  createTopic: true,
  deleteTopic: true,
  initProducerId: true,
  addPartitionsToTxn: true,
  produce: true,
  endTxn: true,
};

/** Whether a failure with this code is over with the transactional producer that met it. */
export function endsProducer(code: string): boolean {
  return Object.hasOwn(errorTable, code) && errorTable[code as KafkaErrorCode].endsProducer === true;
}

/** One failed attempt. `isUncertain`: it may have had its effect all the same. */
export interface Trouble {
  readonly code: string;
  readonly failure: KafkaFailureClass;
  readonly retry: Retry;
  readonly isUncertain: boolean;
}

/** What an error answer is to a request of the API. */
export function brokerTrouble(code: KafkaErrorCode, api: KafkaApi): Trouble {
  const { failure, retry, isUncertain = false } = errorTable[code];
  return { code, failure, retry, isUncertain: isUncertain && hasEffect[api] };
}

/** Whether an attempt did not get through to a broker. */
export function isOfNetwork({ retry }: Trouble): boolean {
  return retry === "elsewhere";
}

/** What an error of the network is to a request of the API. `definite`: the request certainly was not handled. */
export function netTrouble(error: { readonly code: string; readonly definite: boolean }, api: KafkaApi): Trouble {
  const isUncertain = !error.definite && hasEffect[api];
  return { code: error.code, failure: "transient", retry: "elsewhere", isUncertain };
}
