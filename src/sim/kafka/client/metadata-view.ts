/**
 * What the client knows of topics and leaders. Answers may come from brokers that are behind: within one topic, leader
 * epochs tell which is newer. Pure; asking is the routes' business.
 */
import type { KafkaApis, KafkaErrorCode, PartitionMetadata, TopicMetadata } from "../../../ports/kafka-rpc.ts";

/** The newest known of everything. */
export interface MetadataView {
  readonly brokers: readonly string[];
  readonly topics: ReadonlyMap<string, TopicMetadata>;
}

/** Knows nothing but where to ask first. */
export function emptyView(brokers: readonly string[]): MetadataView {
  return { brokers, topics: new Map() };
}

/** The view after an answer about all topics: those missing from it are gone, leaders never go back in epoch. */
export function mergedView(view: MetadataView, answer: KafkaApis["metadata"]["reply"]): MetadataView {
  const topics = new Map<string, TopicMetadata>();
  for (const topic of answer.topics) topics.set(topic.name, mergedTopic(view.topics.get(topic.name), topic));
  return { brokers: answer.brokers.length === 0 ? view.brokers : answer.brokers, topics };
}

/** The partition's leader, or the error that a broker would answer with. */
export function leaderOf(
  view: MetadataView,
  topic: string,
  partition: number,
): { readonly leader: string } | { readonly error: KafkaErrorCode } {
  const found = view.topics.get(topic)?.partitions.find((each) => each.partition === partition);
  if (found === undefined) return { error: "UNKNOWN_TOPIC_OR_PARTITION" };
  return found.leader === null ? { error: "LEADER_NOT_AVAILABLE" } : { leader: found.leader };
}

/** Whether every partition of the topic has a leader, as far as known. */
export function isWritable(view: MetadataView, topic: string): boolean {
  const found = view.topics.get(topic);
  return found !== undefined && found.partitions.every(({ leader }) => leader !== null);
}

function mergedTopic(before: TopicMetadata | undefined, now: TopicMetadata): TopicMetadata {
  if (before === undefined || before.id !== now.id) return now;
  const known = new Map(before.partitions.map((each) => [each.partition, each]));
  const newer = (each: PartitionMetadata): PartitionMetadata => {
    const old = known.get(each.partition);
    return old !== undefined && old.leaderEpoch > each.leaderEpoch ? old : each;
  };
  return { ...now, partitions: now.partitions.map(newer) };
}
