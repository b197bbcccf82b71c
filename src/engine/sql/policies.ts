/** The decisions of purification that are worth breaking. */
import type { KafkaClient, TopicInfo } from "../../ports/kafka.ts";
import type { SinkPlan, SourcePlan } from "./plan.ts";

export interface SqlPolicies {
  /** What a source's topic is; undefined when there is none. Reads, and never by name: no broker creates what is asked. */
  readonly examineTopic: (client: KafkaClient, plan: SourcePlan) => Promise<TopicInfo | undefined>;
  /** Whether a sink's cluster can be reached. Reads only: an inoperable sink is better than traces of a failed CREATE. */
  readonly examineCluster: (client: KafkaClient, plan: SinkPlan) => Promise<unknown>;
}

export const sqlPolicies: SqlPolicies = {
  examineTopic: async (client, { topic }) => (await client.topics()).find(({ name }) => name === topic),
  examineCluster: (client) => client.topics(),
};
