import { describe, expect, it } from "vitest";
import { brokers, errorOf, RawProducer, record, valueOf } from "./brokers.ts";

const unbounded = { isolation: "read_uncommitted", maxWaitMillis: 0, maxRecords: 100 } as const;

describe("a broker", () => {
  it("appends what the leader is sent and shows it once it is replicated (Kafka 1, 3)", async () => {
    const { tank, run } = brokers(async (client) => {
      await client.create("t");
      const produce = (value: string): Promise<unknown> =>
        client.lead("produce", { topic: "t", partition: 0, records: [record(value), record(`${value}'`)] });
      expect(await produce("a")).toEqual({ ok: true, value: { baseOffset: 0 } });
      expect(await produce("b")).toEqual({ ok: true, value: { baseOffset: 2 } });
      expect(await client.values("t", "read_uncommitted")).toEqual(["a", "a'", "b", "b'"]);
    });
    await run("5s");
    expect(tank.of("kafka.appended")).toHaveLength(2);
  });

  it("answers a fetch at the end when something is appended, and empty when the time is up (Kafka 10)", async () => {
    const seen: unknown[] = [];
    const { run } = brokers(async (client, own) => {
      await client.create("t");
      const fetch = async (): Promise<void> => {
        const began = own.now;
        const request = { ...unbounded, topic: "t", partition: 0, offset: 0, maxWaitMillis: 500 };
        const { batches } = valueOf(await client.lead("fetch", request));
        seen.push([batches.length, Math.floor((own.now - began) / 100_000)]);
      };
      await fetch();
      const polling = fetch();
      await client.host.sleep("200ms");
      await client.lead("produce", { topic: "t", partition: 0, records: [record("a")] });
      await polling;
    });
    await run("5s");
    expect(seen).toEqual([
      [0, 5],
      [1, 2],
    ]);
  });

  it("wakes a read_committed fetch when the marker is written, not before (Kafka 4, 31)", async () => {
    const seen: unknown[] = [];
    const { run } = brokers(async (client) => {
      await client.create("t");
      const producer = await RawProducer.init(client, "tx", "t");
      valueOf(await producer.add());
      valueOf(await producer.send("a"));
      const request = { topic: "t", partition: 0, offset: 0, maxWaitMillis: 2_000, maxRecords: 10 };
      const polling = client.lead("fetch", { ...request, isolation: "read_committed" });
      await client.host.sleep("300ms");
      await producer.end(true);
      seen.push(valueOf(await polling).batches.map(({ control }) => control));
    });
    await run("5s");
    expect(seen).toEqual([[null, "commit"]]);
  });

  it("creates, lists, deletes and creates again, under a new id and from offset 0 (Kafka 41, 43, 44, 45)", async () => {
    const { tank, run } = brokers(async (client) => {
      const first = await client.create("t", 2);
      await client.lead("produce", { topic: "t", partition: 1, records: [record("old")] });
      expect(errorOf(await client.ask(1, "createTopic", { name: "t", partitions: 1 }))).toBe("TOPIC_ALREADY_EXISTS");
      expect(errorOf(await client.ask(1, "createTopic", { name: "u", partitions: 0 }))).toBe("INVALID_PARTITIONS");
      expect(errorOf(await client.ask(1, "createTopic", { name: "a/b", partitions: 1 }))).toBe("INVALID_TOPIC");
      expect(await client.ask(2, "deleteTopic", { name: "t" })).toEqual({ ok: true, value: {} });
      const produce = { topic: "t", partition: 0, records: [record("x")] };
      expect(errorOf(await client.lead("produce", produce))).toBe("UNKNOWN_TOPIC_OR_PARTITION");
      expect(errorOf(await client.ask(0, "deleteTopic", { name: "t" }))).toBe("UNKNOWN_TOPIC_OR_PARTITION");
      const second = await client.create("t");
      expect(second).not.toBe(first);
      expect(await client.lead("produce", produce)).toEqual({ ok: true, value: { baseOffset: 0 } });
      const byId = { ...unbounded, topic: "t", partition: 0, offset: 0, topicId: first };
      expect(errorOf(await client.lead("fetch", byId))).toBe("UNKNOWN_TOPIC_ID");
      const gone = { topic: "t", partition: 1, records: [record("x")] };
      expect(errorOf(await client.lead("produce", gone))).toBe("UNKNOWN_TOPIC_OR_PARTITION");
    });
    await run("5s");
    expect(tank.of("kafka.topic-created")).toHaveLength(2);
    expect(tank.of("kafka.topic-deleted")).toHaveLength(1);
  });

  it("describes a topic by the view of its last tick, and never creates what it is asked for (Kafka 42, 57)", async () => {
    const { run } = brokers(async (client) => {
      const id = await client.create("t", 4);
      const names = async (place: number): Promise<string[]> =>
        valueOf(await client.ask(place, "metadata", {})).topics.map(({ name }) => name);
      expect(await names(0)).toEqual(["t"]);
      expect(await names(1)).toEqual([]);
      await client.host.sleep("1s");
      expect(await names(1)).toEqual(["t"]);
      const { topics, brokers: all } = valueOf(await client.ask(1, "metadata", { topics: ["t", "none"] }));
      expect(all).toEqual(["b0:9092", "b1:9092", "b2:9092"]);
      expect(topics).toHaveLength(1);
      expect(topics[0]!.id).toBe(id);
      const leaders = topics[0]!.partitions.map(({ leader }) => leader);
      expect(leaders).toEqual(["b0:9092", "b1:9092", "b2:9092", "b0:9092"]);
      await client.host.sleep("1s");
      expect(await names(2)).toEqual(["t"]);
    });
    await run("5s");
  });

  it("refuses what another broker leads or coordinates (Kafka 40, 56)", async () => {
    const { run } = brokers(async (client) => {
      await client.create("t");
      const produce = { topic: "t", partition: 0, records: [record("x")] };
      expect(errorOf(await client.ask(1, "produce", produce))).toBe("NOT_LEADER_OR_FOLLOWER");
      const init = { transactionalId: "tx", timeoutMillis: 1_000 };
      const answers = [];
      for (const place of [0, 1, 2]) answers.push(errorOf(await client.ask(place, "initProducerId", init)));
      expect(answers.toSorted()).toEqual(["", "NOT_COORDINATOR", "NOT_COORDINATOR"]);
    });
    await run("5s");
  });

  it("costs one event a second when nothing happens", async () => {
    const { tank } = brokers(async () => undefined);
    await tank.run("10s");
    const before = tank.kernel.events;
    await tank.run("110s");
    expect(tank.kernel.events - before).toBeLessThanOrEqual(310);
  });
});
