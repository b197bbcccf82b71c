/** Producers that follow each other under one transactional id, and those that are gone. */
import { expect } from "vitest";
import type { KafkaCaseRow } from "./backend.ts";
import {
  askCoordinator,
  begun,
  ending,
  errorOf,
  freshTopic,
  RawProducer,
  readAll,
  record,
  valueOf,
} from "./requests.ts";

export const fencingCases: readonly KafkaCaseRow[] = [
  [
    [22],
    "an init gives a new producer id and epoch 0, the next the same id and the next epoch",
    async (session) => {
      const id = session.unique("sink");
      const first = await RawProducer.init(session, id);
      const second = await RawProducer.init(session, id);
      const other = await RawProducer.init(session, session.unique("other"));
      expect(first.epoch).toBe(0);
      expect(second).toMatchObject({ producerId: first.producerId, epoch: 1 });
      expect(other.producerId).not.toBe(first.producerId);
    },
  ],
  [
    [27],
    "an id whose epochs are used up gets a new producer id, epoch 0 and numbers from 0; the old one is unknown",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      const first = await RawProducer.init(session, id);
      let last = first;
      let next = await RawProducer.init(session, id);
      for (let inits = 0; next.producerId === first.producerId && inits < 32_767; inits++) {
        expect(next.epoch).toBe(last.epoch + 1);
        last = next;
        next = await RawProducer.init(session, id);
      }
      expect(next.producerId).not.toBe(first.producerId);
      expect(next.epoch).toBe(0);
      expect(errorOf(await last.add(topic))).toBe("INVALID_PRODUCER_ID_MAPPING");
      valueOf(await next.add(topic));
      valueOf(await next.produce(topic, 0, ["a"]));
      expect(errorOf(await last.end(true))).toBe("INVALID_PRODUCER_ID_MAPPING");
      valueOf(await next.end(true));
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["a"]);
      expect(await RawProducer.init(session, id)).toMatchObject({ producerId: next.producerId, epoch: 1 });
    },
  ],
  [
    [23],
    "an init aborts what the predecessor left open, and is put off until that is written",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      const zombie = await RawProducer.init(session, id);
      valueOf(await zombie.add(topic));
      valueOf(await zombie.produce(topic, 0, ["zombie"]));
      const request = { transactionalId: id, timeoutMillis: 60_000 };
      const early = await askCoordinator(session, "initProducerId", request, []);
      expect(errorOf(early)).toBe("CONCURRENT_TRANSACTIONS");
      const successor = await begun(session, id);
      await successor.send(topic, 0, [record("successor")]);
      await successor.commit();
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["successor"]);
      expect(await readAll(session.client(), topic, "read_uncommitted")).toEqual(["zombie", "successor"]);
    },
  ],
  [
    [24],
    "an init finds the predecessor's commit, however late its markers are",
    async (session) => {
      const topics = [await freshTopic(session), await freshTopic(session), await freshTopic(session)];
      const id = session.unique("sink");
      const first = await begun(session, id);
      for (const topic of topics) await first.send(topic, 0, [record("a")]);
      await first.commit();
      await begun(session, id);
      for (const topic of topics) {
        // After the init nothing is pending: what is stable now is all there is.
        const { lastStableOffset, highWatermark } = await session.client().watermarks({ topic, partition: 0 });
        expect(lastStableOffset).toBe(highWatermark);
        expect(await readAll(session.client(), topic, "read_committed")).toEqual(["a"]);
      }
    },
  ],
  [
    [25],
    "a producer of an older epoch is refused by leaders and coordinators alike",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      const zombie = await RawProducer.init(session, id);
      valueOf(await zombie.add(topic));
      valueOf(await zombie.produce(topic, 0, ["a"]));
      await RawProducer.init(session, id);
      expect(errorOf(await zombie.produce(topic, 1, ["b"]))).toBe("INVALID_PRODUCER_EPOCH");
      expect(errorOf(await zombie.add(topic))).toBe("PRODUCER_FENCED");
      expect(errorOf(await zombie.end(true))).toBe("PRODUCER_FENCED");
      expect(await readAll(session.client(), topic, "read_committed")).toEqual([]);
    },
  ],
  [
    [25],
    "the client of a fenced producer says so, at every call from then on",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      const zombie = await begun(session, id);
      await zombie.send(topic, 0, [record("zombie")]);
      const successor = await begun(session, id);
      expect(await ending(zombie.commit())).toBe("PRODUCER_FENCED fenced");
      expect(await ending(zombie.abort())).toBe("PRODUCER_FENCED fenced");
      expect(await ending(zombie.init())).toBe("PRODUCER_FENCED fenced");
      await successor.send(topic, 0, [record("successor")]);
      await successor.commit();
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["successor"]);
    },
  ],
  [
    [28],
    "a transaction timeout above the brokers' limit is refused",
    async (session) => {
      const producer = session.client().producer(session.unique("sink"), { transactionTimeout: "2h" });
      expect(await ending(producer.init())).toBe("INVALID_TRANSACTION_TIMEOUT permanent");
    },
  ],
  [
    [29, 37],
    "a transaction that is open for too long stops holding readers back, is aborted, and its producer fenced",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client();
      const producer = client.producer(session.unique("sink"), { transactionTimeout: "3s" });
      await producer.init();
      producer.begin();
      await producer.send(topic, 0, [record("late")]);
      await client.produce(topic, 0, [record("plain")]);
      expect(await client.watermarks({ topic, partition: 0 })).toMatchObject({ lastStableOffset: 0 });
      await session.sleep("20s");
      expect(await readAll(client, topic, "read_committed")).toEqual(["plain"]);
      expect(await ending(producer.commit())).toBe("PRODUCER_FENCED fenced");
    },
  ],
  [
    [37],
    "a producer that is gone holds readers back until a successor comes",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      const client = session.client();
      await (await begun(session, id)).send(topic, 0, [record("lost")]);
      await client.produce(topic, 0, [record("plain")]);
      await session.sleep("5s");
      const log = { topic, partition: 0 };
      const held = await client.fetch(log, 0, { isolation: "read_committed", maxWait: "0ms" });
      expect(held).toMatchObject({ records: [], nextOffset: 0, lastStableOffset: 0, highWatermark: 2 });
      await begun(session, id);
      expect(await readAll(client, topic, "read_committed")).toEqual(["plain"]);
    },
  ],
];
