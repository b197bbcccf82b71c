import { describe, expect, it } from "vitest";
import type { TopicMetadata } from "../../../src/ports/kafka-rpc.ts";
import { emptyView, isWritable, leaderOf, mergedView } from "../../../src/sim/kafka/client/metadata-view.ts";

const topic = (leader: string | null, leaderEpoch: number, id = "t-1"): TopicMetadata => ({
  name: "t",
  id,
  partitions: [{ partition: 0, leader, leaderEpoch }],
});
const answer = (...topics: readonly TopicMetadata[]): { brokers: string[]; topics: readonly TopicMetadata[] } => ({
  brokers: ["a:1", "b:1"],
  topics,
});
const start = emptyView(["a:1"]);

describe("what the client knows of leaders", () => {
  it("does not go back to an older leader that a broker behind the others tells of (Kafka 57)", () => {
    const view = mergedView(mergedView(start, answer(topic("b:1", 5))), answer(topic("a:1", 4)));
    expect(leaderOf(view, "t", 0)).toEqual({ leader: "b:1" });
    expect(leaderOf(mergedView(view, answer(topic("a:1", 6))), "t", 0)).toEqual({ leader: "a:1" });
  });

  it("begins anew with a topic that was created again, whose epochs do too (Kafka 44)", () => {
    const view = mergedView(mergedView(start, answer(topic("b:1", 5))), answer(topic("a:1", 0, "t-2")));
    expect(leaderOf(view, "t", 0)).toEqual({ leader: "a:1" });
  });

  it("says what is missing: the topic, the partition, or only its leader", () => {
    const view = mergedView(start, answer(topic(null, 1)));
    expect(leaderOf(view, "t", 0)).toEqual({ error: "LEADER_NOT_AVAILABLE" });
    expect(leaderOf(view, "t", 1)).toEqual({ error: "UNKNOWN_TOPIC_OR_PARTITION" });
    expect(leaderOf(mergedView(view, answer()), "t", 0)).toEqual({ error: "UNKNOWN_TOPIC_OR_PARTITION" });
    expect([isWritable(view, "t"), isWritable(mergedView(view, answer(topic("a:1", 2))), "t")]).toEqual([false, true]);
  });

  it("keeps the brokers that it knows when an answer names none", () => {
    expect(mergedView(start, { brokers: [], topics: [] }).brokers).toEqual(["a:1"]);
    expect(mergedView(start, answer()).brokers).toEqual(["a:1", "b:1"]);
  });
});
