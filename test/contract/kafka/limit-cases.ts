/** Batches that a leader does not take: too few replicas are in sync, or the batch is too large. */
import { expect } from "vitest";
import type { KafkaCaseRow } from "./backend.ts";
import { askLeader, begun, ending, errorOf, freshTopic, leaderOf, readAll, record, valueOf } from "./requests.ts";

export const limitCases: readonly KafkaCaseRow[] = [
  [
    [53],
    "a batch that too few replicas could have is refused before it is appended, by topics that ask for more",
    async (session) => {
      const plain = await freshTopic(session);
      const topic = session.unique("topic");
      const client = session.client();
      await client.createTopic(topic, { partitions: 1, config: { "min.insync.replicas": "2" } });
      expect(await client.produce(topic, 0, [record("a")])).toBe(0);
      const leader = (await leaderOf(session, topic, 0))!;
      const heal = await session.loseReplicas(leader);
      const refused = await askLeader(session, "produce", { topic, partition: 0, records: [record("x")] });
      expect(errorOf(refused)).toBe("NOT_ENOUGH_REPLICAS");
      expect(await readAll(client, topic, "read_uncommitted")).toEqual(["a"]);
      expect(await ending(client.produce(topic, 0, [record("y")]))).toBe("NOT_ENOUGH_REPLICAS transient");
      expect(await client.produce(plain, 0, [record("b")])).toBe(0);
      await heal();
      expect(await client.produce(topic, 0, [record("c")])).toBe(1);
      expect(await readAll(client, topic, "read_committed")).toEqual(["a", "c"]);
    },
  ],
  [
    [53],
    "the client waits for replicas that come back soon",
    async (session) => {
      const topic = session.unique("topic");
      const client = session.client();
      await client.createTopic(topic, { partitions: 1, config: { "min.insync.replicas": "3" } });
      const heal = await session.loseReplicas((await leaderOf(session, topic, 0))!);
      const producer = await begun(session, session.unique("sink"), client);
      const sending = producer.send(topic, 0, [record("a")]);
      await session.sleep("1s");
      await heal();
      await sending;
      await producer.commit();
      expect(await readAll(client, topic, "read_committed")).toEqual(["a"]);
    },
  ],
  [
    [59],
    "a batch above the topic's limit is refused as a whole, however small its records, and one below it is not",
    async (session) => {
      const topic = session.unique("topic");
      const client = session.client();
      await client.createTopic(topic, { partitions: 1, config: { "max.message.bytes": "2000" } });
      const half = record("\u00e9".repeat(500));
      const records = [half, half];
      const refused = await askLeader(session, "produce", { topic, partition: 0, records });
      expect(errorOf(refused)).toBe("MESSAGE_TOO_LARGE");
      expect(await ending(client.produce(topic, 0, records))).toBe("MESSAGE_TOO_LARGE permanent");
      expect(await client.watermarks({ topic, partition: 0 })).toMatchObject({ highWatermark: 0 });
      expect(valueOf(await askLeader(session, "produce", { topic, partition: 0, records: [half] })).baseOffset).toBe(0);
      expect(await client.produce(topic, 0, [half])).toBe(1);
    },
  ],
  [
    [59],
    "a transaction with a batch that is too large can only be aborted, and its producer goes on",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client();
      const producer = await begun(session, session.unique("sink"), client);
      await producer.send(topic, 0, [record("lost")]);
      const large = [record("x".repeat(1_100_000))];
      expect(await ending(producer.send(topic, 0, large))).toBe("MESSAGE_TOO_LARGE permanent");
      expect(await ending(producer.commit())).toBe("MESSAGE_TOO_LARGE transient");
      await producer.abort();
      await producer.init();
      producer.begin();
      // More than a batch may have, in records that are small enough.
      await producer.send(topic, 0, [record("x".repeat(900_000)), record("y".repeat(900_000))]);
      await producer.commit();
      const values = await readAll(client, topic, "read_committed");
      expect(values.map((value) => value![0])).toEqual(["x", "y"]);
    },
  ],
];
