/**
 * Kafka's failures in words: which object, what about it, and what can be done. Of the same failure of the same object
 * the text is the same, however often and whenever it happens: a status is news only when its text changes.
 */
import type { IngestionObject, SinkObject } from "../compute/protocol.ts";

/** What a connector was at when Kafka failed it. */
export interface KafkaObject {
  readonly kind: "source" | "sink";
  readonly topic: string;
  /** `host:port`, those of its connection. */
  readonly brokers: readonly string[];
}

/** What a connector is at when it is at its topic. */
export function kafkaObject({ kind, topic, brokers }: IngestionObject | SinkObject): KafkaObject {
  return { kind: kind === "sink" ? "sink" : "source", topic, brokers };
}

export interface FailureText {
  /** One sentence without a full stop, as statuses show it; ends with the code. */
  readonly message: string;
  readonly hint: string;
}

type Words = (object: Required<KafkaObject> & { readonly at: string; readonly named: string }) => string;

const mending = "It is tried again by itself; mz_connector_errors counts how often.";
const reachable: Words = ({ at }) => `Check that ${at} is up and can be reached from the replica. ${mending}`;
const itself: Words = () => mending;
const recreate: Words = ({ kind }) => `Drop the ${kind} and create it again.`;

/** By code: what happened, and the hint. */
const texts: ReadonlyMap<string, readonly [message: Words, hint: Words]> = new Map<string, readonly [Words, Words]>([
  ["ECONNREFUSED", [({ at }) => `${at} refuses connections`, reachable]],
  ["ECONNRESET", [({ at }) => `the connection to ${at} was lost`, reachable]],
  ["EPIPE", [({ at }) => `the connection to ${at} was lost`, reachable]],
  ["ETIMEDOUT", [({ at }) => `${at} does not answer`, reachable]],
  ["REQUEST_TIMED_OUT", [({ at, named }) => `${at} did not complete a request about ${named} in time`, reachable]],
  ["ENOTFOUND", [({ at }) => `${at} has no address`, ({ at }) => `Check the names in ${at}. ${mending}`]],
  ["BROKER_NOT_AVAILABLE", [({ at, named }) => `the broker of ${at} that holds ${named} is not there`, reachable]],
  ["UNKNOWN_TOPIC_OR_PARTITION", [({ at, named }) => `${named} is not known to ${at}`, itself]],
  ["UNKNOWN_TOPIC_ID", [({ named }) => `${named} was deleted`, recreate]],
  ["INVALID_TOPIC", [({ at, named }) => `${at} takes ${named} for no valid name`, recreate]],
  ["OFFSET_OUT_OF_RANGE", [({ named }) => `records of ${named} are gone before they were read`, recreate]],
  ["LEADER_NOT_AVAILABLE", [({ named }) => `a partition of ${named} has no leader at present`, itself]],
  ["NOT_LEADER_OR_FOLLOWER", [({ named }) => `a partition of ${named} is moving to another broker`, itself]],
  ["KAFKA_STORAGE_ERROR", [({ at, named }) => `${at} cannot read or write the log of ${named}`, itself]],
  ["NOT_ENOUGH_REPLICAS", [({ named }) => `too few replicas of ${named} keep up to write to it`, itself]],
  ["NOT_ENOUGH_REPLICAS_AFTER_APPEND", [({ named }) => `too few replicas of ${named} took what was written`, itself]],
  ["MESSAGE_TOO_LARGE", [({ named }) => `a record is larger than ${named} takes`, largest]],
  ["COORDINATOR_NOT_AVAILABLE", [({ at }) => `${at} has no coordinator of transactions at present`, itself]],
  ["COORDINATOR_LOAD_IN_PROGRESS", [({ at }) => `the coordinator of transactions at ${at} is starting`, itself]],
  ["NOT_COORDINATOR", [({ at }) => `the coordinator of transactions at ${at} is moving to another broker`, itself]],
  ["CONCURRENT_TRANSACTIONS", [({ named }) => `an earlier transaction over ${named} is still being ended`, itself]],
  ["PRODUCER_FENCED", [({ named }) => `another instance of this sink took over writing to ${named}`, itself]],
  ["INVALID_PRODUCER_EPOCH", [({ named }) => `another instance of this sink took over writing to ${named}`, itself]],
  ["INVALID_PRODUCER_ID_MAPPING", [({ at }) => `${at} no longer knows the sink's transactional id`, itself]],
  [
    "INVALID_TXN_STATE",
    [({ named }) => `the transaction over ${named} cannot go on from the state that it is in`, itself],
  ],
  [
    "OUT_OF_ORDER_SEQUENCE_NUMBER",
    [({ named }) => `what ${named} holds and what was sent to it do not line up`, itself],
  ],
]);

/**
 * What a connector's status says of a failure with Kafka's or the network's `code`, and its hint. Pure; codes that it does
 * not know are named as they are.
 */
export function describeKafkaFailure(code: string, object: KafkaObject): FailureText {
  const scene = { ...object, at: addresses(object.brokers), named: `topic "${object.topic}"` };
  const [message, hint] = texts.get(code) ?? [({ at }) => `${at} refused a request about ${scene.named}`, itself];
  return { message: `${message(scene)} (${code})`, hint: hint(scene) };
}

function largest(): string {
  return "Raise the topic's limit of the size of a record.";
}

function addresses(brokers: readonly string[]): string {
  if (brokers.length === 0) return "Kafka";
  return `Kafka at ${brokers.join(", ")}`;
}
