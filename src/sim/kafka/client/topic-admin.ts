/** Topics: listing, creating, deleting. Asks for all topics always, never for one by name. */
import type { KafkaClient, TopicInfo } from "../../../ports/kafka.ts";
import type { TopicMetadata } from "../../../ports/kafka-rpc.ts";
import type { Delivery } from "./delivery.ts";
import { brokerTrouble } from "./error-table.ts";
import { KafkaFailureError } from "./kafka-failure-error.ts";
import { isWritable } from "./metadata-view.ts";

/** What exists, sorted by name in code units; asked for anew. */
export async function listTopics(delivery: Delivery): Promise<readonly TopicInfo[]> {
  const topics = await delivery.repeat("topics", delivery.limits.delivery, undefined, async () => {
    const answer = await delivery.routes.metadata(delivery.limits.request);
    return answer.ok ? { ok: true, value: [...answer.value.topics.values()] } : answer;
  });
  return topics.map(topicInfo).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Creates a topic unless there is one, and waits until all of its partitions have leaders. */
export async function createTopic(
  delivery: Delivery,
  name: string,
  options: Parameters<KafkaClient["createTopic"]>[1],
): Promise<"created" | "exists"> {
  const what = `create topic ${name}`;
  const result = await unless("TOPIC_ALREADY_EXISTS", "exists" as const, async () => {
    await delivery.request(what, { kind: "any" }, "createTopic", { name, ...options });
    return "created" as const;
  });
  await delivery.repeat(what, delivery.limits.delivery, undefined, async () => {
    const answer = await delivery.routes.metadata(delivery.limits.request);
    if (!answer.ok) return answer;
    if (isWritable(answer.value, name)) return { ok: true, value: null };
    return { ok: false, trouble: brokerTrouble("LEADER_NOT_AVAILABLE", "metadata") };
  });
  return result;
}

/** Deletes a topic. One that does not exist is a `permanent` failure, unless an attempt of ours may have deleted it. */
export async function deleteTopic(delivery: Delivery, name: string): Promise<void> {
  const final = ["UNKNOWN_TOPIC_OR_PARTITION"] as const;
  try {
    await delivery.request(`delete topic ${name}`, { kind: "any" }, "deleteTopic", { name }, { final });
  } catch (error) {
    const isOurs = error instanceof KafkaFailureError && error.code === final[0] && error.isUncertain;
    if (!isOurs) throw error;
  }
}

async function unless<T, U>(code: string, instead: U, act: () => Promise<T>): Promise<T | U> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof KafkaFailureError && error.code === code) return instead;
    throw error;
  }
}

function topicInfo({ name, id, partitions }: TopicMetadata): TopicInfo {
  return { name, id, partitions: partitions.length };
}
