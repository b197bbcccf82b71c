/**
 * The engine's Kafka client over single requests: finds brokers, retries what is safe to retry within short limits, numbers
 * batches, and shows readers what they may see. Opens nothing before the first call and keeps no timer between calls.
 * Left out: consumer groups, several requests in flight to one partition, partitioning by key.
 */
import { micros, parseDuration } from "../../../base/time.ts";
import type { Host } from "../../../ports/host.ts";
import type { Fetched, KafkaClient, OnTrouble, TopicInfo, TopicPartition, Watermarks } from "../../../ports/kafka.ts";
import type { KafkaRecord, KafkaRpc } from "../../../ports/kafka-rpc.ts";
import { clientLimits, type ClientLimits } from "./attempts.ts";
import { Delivery } from "./delivery.ts";
import { isOfNetwork, type Trouble } from "./error-table.ts";
import { fetchedRecords } from "./fetched-records.ts";
import { hostKafkaRpc } from "./host-kafka-rpc.ts";
import { kafkaClientPolicies, type KafkaClientPolicies } from "./policies.ts";
import { PartitionProducer } from "./producer/partition-producer.ts";
import { KafkaTransactionalProducer } from "./producer/transactional-producer.ts";
import { Routes, type Route } from "./routes.ts";
import { createTopic, deleteTopic, listTopics } from "./topic-admin.ts";

/** What differs from a client of the simulated cluster. */
export interface KafkaClientOptions {
  /** How requests get to brokers; the host's RPC unless given. */
  readonly rpc?: KafkaRpc;
  readonly limits?: ClientLimits;
  readonly policies?: KafkaClientPolicies;
}

const defaultMaxWait = micros(500_000);
const defaultMaxRecords = 1_000;

/**
 * A client of the cluster of which `brokers` (`host:port`) are some. Calls reject with `KafkaFailureError`; each ends within
 * the limits (10 s, and what a fetch waits), by the host's monotonic clock.
 */
export function kafkaClient(
  host: Host,
  brokers: readonly string[],
  { rpc = hostKafkaRpc(host), limits = clientLimits, policies = kafkaClientPolicies }: KafkaClientOptions = {},
): KafkaClient {
  return new ClusterClient(new Delivery(host, rpc, new Routes(host, rpc, brokers, limits), limits), policies);
}

class ClusterClient implements KafkaClient {
  readonly #delivery: Delivery;
  readonly #policies: KafkaClientPolicies;
  readonly #producers = new Map<string, PartitionProducer>();

  constructor(delivery: Delivery, policies: KafkaClientPolicies) {
    this.#delivery = delivery;
    this.#policies = policies;
  }

  topics(): Promise<readonly TopicInfo[]> {
    return listTopics(this.#delivery);
  }

  async topic(name: string): Promise<TopicInfo | undefined> {
    return (await listTopics(this.#delivery)).find((topic) => topic.name === name);
  }

  createTopic(name: string, options: Parameters<KafkaClient["createTopic"]>[1]): Promise<"created" | "exists"> {
    return createTopic(this.#delivery, name, options);
  }

  deleteTopic(name: string): Promise<void> {
    return deleteTopic(this.#delivery, name);
  }

  watermarks(partition: TopicPartition): Promise<Watermarks> {
    return this.#delivery.request(
      `watermarks of ${nameOf(partition)}`,
      leader(partition),
      "listOffsets",
      logOf(partition),
    );
  }

  async fetch(
    partition: TopicPartition,
    offset: number,
    options: Parameters<KafkaClient["fetch"]>[2],
  ): Promise<Fetched> {
    const { isolation, maxRecords = defaultMaxRecords } = options;
    const maxWait = parseDuration(options.maxWait ?? defaultMaxWait);
    const maxWaitMillis = Math.ceil(maxWait / 1_000);
    const request = { ...logOf(partition), offset, isolation, maxWaitMillis, maxRecords };
    const what = `fetch from ${nameOf(partition)} at ${offset}`;
    const onTrouble = ofNetwork(options.onTrouble);
    const reply = await this.#delivery.request(what, leader(partition), "fetch", request, { maxWait, onTrouble });
    return fetchedRecords(reply, offset, isolation, this.#policies);
  }

  produce(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<number> {
    const key = nameOf({ topic, partition });
    let producer = this.#producers.get(key);
    if (producer === undefined) {
      producer = new PartitionProducer(this.#delivery, this.#policies, topic, partition);
      this.#producers.set(key, producer);
    }
    return producer.append(records);
  }

  producer(transactionalId: string, options: Parameters<KafkaClient["producer"]>[1]): KafkaTransactionalProducer {
    const timeoutMillis = Math.ceil(parseDuration(options.transactionTimeout) / 1_000);
    const onTrouble = ofNetwork(options.onTrouble);
    return new KafkaTransactionalProducer(this.#delivery, this.#policies, {
      transactionalId,
      timeoutMillis,
      onTrouble,
    });
  }

  /** Calls that are under way end with their present attempt, later ones fail with `CLOSED`. */
  close(): void {
    this.#delivery.close();
  }
}

/** Passes on what is the network's. */
function ofNetwork(told: OnTrouble = () => undefined): (trouble: Trouble) => void {
  return (trouble) => {
    if (isOfNetwork(trouble)) told(trouble.code);
  };
}

function leader({ topic, partition }: TopicPartition): Route {
  return { kind: "leader", topic, partition };
}

/** What a request names: nothing else that the caller's object may hold. */
function logOf({ topic, topicId, partition }: TopicPartition): TopicPartition {
  return topicId === undefined ? { topic, partition } : { topic, topicId, partition };
}

function nameOf({ topic, partition }: TopicPartition): string {
  return `${topic}/${partition}`;
}
