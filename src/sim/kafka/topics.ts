/**
 * Topics as one broker administers and describes them. Metadata is the broker's own view, brought up to date at every
 * tick and after what it did itself: two brokers may disagree for that long, and the leader epoch tells who is behind.
 * Creating and deleting take effect at once, answered once replicated.
 */
import type { KafkaApis, TopicMetadata } from "../../ports/kafka-rpc.ts";
import type { Host } from "../../ports/host.ts";
import { micros } from "../../base/time.ts";
import { addressOf, addTopic, metadataOf, removeTopic, replicationTime, type KafkaCluster } from "./cluster.ts";
import { tell } from "./observation.ts";
import { granted, refusal, type Answer } from "./requests.ts";

const nameLength = 249;

export class TopicAdmin {
  readonly #host: Host;
  readonly #cluster: KafkaCluster;
  #view: readonly TopicMetadata[] = [];
  #version = -1;

  constructor(host: Host, cluster: KafkaCluster) {
    this.#host = host;
    this.#cluster = cluster;
    this.refresh();
  }

  /** Brings the view up to date. */
  refresh(): void {
    if (this.#version === this.#cluster.version) return;
    this.#version = this.#cluster.version;
    this.#view = metadataOf(this.#cluster);
  }

  metadata({ topics }: KafkaApis["metadata"]["request"]): Answer<"metadata"> {
    const shown = topics === undefined ? this.#view : this.#view.filter(({ name }) => topics.includes(name));
    for (const name of this.#cluster.gone) {
      const isMissed = topics === undefined || topics.includes(name);
      if (isMissed && !shown.some((topic) => topic.name === name)) this.missed(name);
    }
    const brokers = this.#cluster.members.map((_member, place) => addressOf(this.#cluster, place));
    return granted({ brokers, topics: shown });
  }

  async create(request: KafkaApis["createTopic"]["request"], by: string): Promise<Answer<"createTopic">> {
    const { name, partitions, config = {} } = request;
    const count = partitions === -1 ? this.#cluster.knobs.partitionsDefault : partitions;
    if (!isTopicName(name)) return refusal("INVALID_TOPIC");
    if (this.#cluster.topics.has(name)) return refusal("TOPIC_ALREADY_EXISTS");
    if (!Number.isSafeInteger(count) || count < 1) return refusal("INVALID_PARTITIONS");
    const { id } = addTopic(this.#cluster, name, count, config);
    tell(this.#host, "kafka.topic-created", { topic: name, topicId: id, partitions: count, by });
    this.refresh();
    await this.#host.sleep(micros(replicationTime(this.#cluster, `topic/${id}`)));
    return granted({ id });
  }

  async delete({ name }: KafkaApis["deleteTopic"]["request"], by: string): Promise<Answer<"deleteTopic">> {
    const topic = removeTopic(this.#cluster, name);
    if (topic === undefined) {
      this.missed(name);
      return refusal("UNKNOWN_TOPIC_OR_PARTITION");
    }
    tell(this.#host, "kafka.topic-deleted", { topic: name, topicId: topic.id, by });
    this.refresh();
    await this.#host.sleep(micros(replicationTime(this.#cluster, `topic/${topic.id}/deleted`)));
    return granted({});
  }

  /** A client looks for a topic that a fault deleted: its witness, once. */
  missed(topic: string): void {
    if (this.#cluster.gone.delete(topic)) tell(this.#host, "kafka.topic-gone", { topic });
  }
}

function isTopicName(name: string): boolean {
  return /^[a-zA-Z0-9._-]+$/.test(name) && name.length <= nameLength && name !== "." && name !== "..";
}
