/** Topics that come, go and come back, and leaders that move. */
import { expect } from "vitest";
import type { KafkaCaseRow } from "./backend.ts";
import { ending, errorOf, freshTopic, leaderOf, losingAnswers, readAll, record, valueOf } from "./requests.ts";

const now = { isolation: "read_committed", maxWait: "0ms" } as const;

export const topicCases: readonly KafkaCaseRow[] = [
  [
    [41],
    "a topic is created once; what cannot be a topic is refused",
    async (session) => {
      const client = session.client();
      const topic = session.unique("topic");
      expect(await client.createTopic(topic, { partitions: 2 })).toBe("created");
      expect(await client.createTopic(topic, { partitions: 5 })).toBe("exists");
      expect(await client.topic(topic)).toMatchObject({ name: topic, partitions: 2 });
      const ask = session.rpc.request(session.brokers[0]!, "createTopic", { name: topic, partitions: 2 });
      expect(errorOf(await ask)).toBe("TOPIC_ALREADY_EXISTS");
      expect(await ending(client.createTopic("no good", { partitions: 1 }))).toBe("INVALID_TOPIC permanent");
      const none = client.createTopic(session.unique("topic"), { partitions: 0 });
      expect(await ending(none)).toBe("INVALID_PARTITIONS permanent");
    },
  ],
  [
    [42],
    "a topic can be written to and read once its creation has returned, by anybody",
    async (session) => {
      const topic = await freshTopic(session, 3);
      for (const partition of [0, 1, 2]) {
        expect(await session.client().produce(topic, partition, [record("a")])).toBe(0);
        expect(await readAll(session.client(), topic, "read_committed", partition)).toEqual(["a"]);
      }
    },
  ],
  [
    [43],
    "a deleted topic is gone from the list, and for writers and readers",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client();
      await client.produce(topic, 0, [record("a")]);
      await client.deleteTopic(topic);
      await session.sleep("2s");
      expect(await client.topic(topic)).toBeUndefined();
      const gone = "UNKNOWN_TOPIC_OR_PARTITION permanent";
      expect(await ending(client.fetch({ topic, partition: 0 }, 0, now))).toBe(gone);
      expect(await ending(client.produce(topic, 0, [record("b")]))).toBe(gone);
      expect(await ending(client.deleteTopic(topic))).toBe(gone);
    },
  ],
  [
    [44, 45],
    "a topic that is created again has another id and begins at 0; who remembers the id notices",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client();
      await client.produce(topic, 0, [record("old"), record("old")]);
      const before = (await client.topic(topic))!;
      await client.deleteTopic(topic);
      expect(await client.createTopic(topic, { partitions: 2 })).toBe("created");
      const after = (await client.topic(topic))!;
      expect(after.id).not.toBe(before.id);
      expect(after.partitions).toBe(2);
      expect(await client.produce(topic, 0, [record("new"), record("new"), record("new")])).toBe(0);
      const log = { topic, partition: 0 };
      const old = { ...log, topicId: before.id };
      expect(await ending(client.fetch(old, 2, now))).toBe("UNKNOWN_TOPIC_ID permanent");
      expect(await ending(client.watermarks(old))).toBe("UNKNOWN_TOPIC_ID permanent");
      expect((await client.fetch({ ...log, topicId: after.id }, 2, now)).records).toHaveLength(1);
      // By name it is just a log that goes on: its reader is wrong and does not know.
      expect((await client.fetch(log, 2, now)).records.map(({ value }) => value)).toEqual(["new"]);
    },
  ],
  [
    [46],
    "who knows a partition that is gone with its topic is told so, and nothing is written elsewhere",
    async (session) => {
      const topic = await freshTopic(session, 3);
      const client = session.client();
      const producer = client.producer(session.unique("sink"), { transactionTimeout: "60s" });
      await producer.init();
      expect(await client.produce(topic, 2, [record("old")])).toBe(0);
      const admin = session.client();
      await admin.deleteTopic(topic);
      expect(await admin.createTopic(topic, { partitions: 1 })).toBe("created");
      const gone = "UNKNOWN_TOPIC_OR_PARTITION permanent";
      expect(await ending(client.produce(topic, 2, [record("new")]))).toBe(gone);
      producer.begin();
      expect(await ending(producer.send(topic, 2, [record("new")]))).toBe(gone);
      expect(await readAll(admin, topic, "read_uncommitted")).toEqual([]);
    },
  ],
  [
    [43],
    "asking for a topic that does not exist does not create it",
    async (session) => {
      const client = session.client();
      const topic = session.unique("nowhere");
      expect(await client.topic(topic)).toBeUndefined();
      await ending(client.watermarks({ topic, partition: 0 }));
      await session.sleep("2s");
      expect((await client.topics()).map(({ name }) => name)).not.toContain(topic);
    },
  ],
  [
    [60],
    "creating and deleting succeed though the first answer was lost",
    async (session) => {
      const topic = session.unique("topic");
      const creating = session.client(losingAnswers(session.rpc, "createTopic", (count) => count === 1));
      await creating.createTopic(topic, { partitions: 1 });
      expect(await creating.topic(topic)).toMatchObject({ partitions: 1 });
      const deleting = session.client(losingAnswers(session.rpc, "deleteTopic", (count) => count === 1));
      await deleting.deleteTopic(topic);
      await session.sleep("2s");
      expect(await deleting.topic(topic)).toBeUndefined();
    },
  ],
  [
    [54, 56],
    "a leader that moves keeps what was acknowledged, and the old one sends clients away",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client();
      const other = session.client();
      for (const value of ["a", "b"]) await client.produce(topic, 0, [record(value)]);
      await other.watermarks({ topic, partition: 0 });
      const old = (await leaderOf(session, topic, 0))!;
      await session.moveLeaders(old);
      const request = { topic, partition: 0 };
      expect(errorOf(await session.rpc.request(old, "listOffsets", request))).toBe("NOT_LEADER_OR_FOLLOWER");
      const fetch = { ...request, offset: 0, maxWaitMillis: 0, maxRecords: 1 };
      const fetched = await session.rpc.request(old, "fetch", { ...fetch, isolation: "read_committed" });
      expect(errorOf(fetched)).toBe("NOT_LEADER_OR_FOLLOWER");
      const produced = await session.rpc.request(old, "produce", { ...request, records: [record("x")] });
      expect(errorOf(produced)).toBe("NOT_LEADER_OR_FOLLOWER");
      expect(await client.produce(topic, 0, [record("c")])).toBe(2);
      expect(await readAll(other, topic, "read_committed")).toEqual(["a", "b", "c"]);
    },
  ],
  [
    [54],
    "a reader that waits at a leader which moves gets what the next one appends",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client();
      await client.watermarks({ topic, partition: 0 });
      const fetching = session.client().fetch({ topic, partition: 0 }, 0, { ...now, maxWait: "5s" });
      await session.sleep("200ms");
      await session.moveLeaders((await leaderOf(session, topic, 0))!);
      await client.produce(topic, 0, [record("a")]);
      const { nextOffset } = await fetching;
      const rest = await session.client().fetch({ topic, partition: 0 }, nextOffset, { ...now, maxWait: "5s" });
      expect(nextOffset + rest.records.length).toBe(1);
    },
  ],
  [
    [57],
    "leader epochs go up with every move",
    async (session) => {
      const topic = await freshTopic(session);
      const epochs: number[] = [];
      for (let move = 0; move < 3; move++) {
        await session.sleep("3s");
        const metadata = valueOf(await session.rpc.request(session.brokers[0]!, "metadata", { topics: [topic] }));
        epochs.push(metadata.topics[0]!.partitions[0]!.leaderEpoch);
        await session.moveLeaders((await leaderOf(session, topic, 0))!);
      }
      expect(epochs).toEqual([epochs[0], epochs[0]! + 1, epochs[0]! + 2]);
    },
  ],
];
