/** Transactions: fencing, decisions and their markers, and what is left of a producer that dies. */
import { expect } from "vitest";
import type { TransactionalProducer } from "../../src/ports/kafka.ts";
import type { KafkaCaseRow, KafkaSession } from "./kafka-backend.ts";
import {
  askCoordinator,
  ending,
  errorOf,
  freshTopic,
  losingAnswers,
  RawProducer,
  readAll,
  record,
  valueOf,
} from "./kafka-requests.ts";

const timeout = { transactionTimeout: "30s" } as const;

/** A producer that was initialised, with a transaction begun. */
async function begun(session: KafkaSession, id: string, client = session.client()): Promise<TransactionalProducer> {
  const producer = client.producer(id, timeout);
  await producer.init();
  producer.begin();
  return producer;
}

export const transactionCases: readonly KafkaCaseRow[] = [
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
    [30],
    "a partition that was not added takes no batch of a transaction",
    async (session) => {
      const topic = await freshTopic(session, 2);
      const producer = await RawProducer.init(session, session.unique("sink"));
      valueOf(await producer.add(topic, 0));
      expect(errorOf(await producer.produce(topic, 0, ["a"], 1))).toBe("INVALID_TXN_STATE");
      valueOf(await producer.produce(topic, 0, ["a"], 0));
    },
  ],
  [
    [31, 34],
    "a commit is shown in every partition in the end, and the next transaction may follow at once",
    async (session) => {
      const topic = await freshTopic(session, 3);
      const producer = await begun(session, session.unique("sink"));
      for (let round = 0; round < 3; round++) {
        if (round > 0) producer.begin();
        for (const partition of [0, 1, 2]) await producer.send(topic, partition, [record(`${round}`)]);
        await producer.commit();
      }
      for (const partition of [0, 1, 2]) {
        expect(await readAll(session.client(), topic, "read_committed", partition)).toEqual(["0", "1", "2"]);
      }
    },
  ],
  [
    [32],
    "a decision may be repeated and not reversed",
    async (session) => {
      const topic = await freshTopic(session);
      const producer = await RawProducer.init(session, session.unique("sink"));
      for (const [round, commit] of [true, false].entries()) {
        valueOf(await producer.add(topic));
        valueOf(await producer.produce(topic, round, [`${commit}`]));
        valueOf(await producer.end(commit));
        valueOf(await producer.end(commit));
        expect(errorOf(await producer.end(!commit))).toBe("INVALID_TXN_STATE");
      }
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["true"]);
    },
  ],
  [
    [33, 60],
    "the client commits once, whichever answers were lost, and then asks for a new epoch",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client(losingAnswers(session.rpc, "endTxn", (count) => count < 3));
      const producer = await begun(session, session.unique("sink"), client);
      await producer.send(topic, 0, [record("a")]);
      await producer.commit();
      expect(await ending(Promise.resolve().then(() => producer.begin()))).toBe("INVALID_TXN_STATE transient");
      await producer.init();
      producer.begin();
      await producer.send(topic, 0, [record("b")]);
      await producer.commit();
      expect(await readAll(client, topic, "read_committed")).toEqual(["a", "b"]);
    },
  ],
  [
    [33, 60],
    "a commit of unknown outcome can be asked for again, not turned into an abort",
    async (session) => {
      const topic = await freshTopic(session);
      let isLossy = true;
      const client = session.client(losingAnswers(session.rpc, "endTxn", () => isLossy));
      const producer = await begun(session, session.unique("sink"), client);
      await producer.send(topic, 0, [record("a")]);
      expect(await ending(producer.commit())).toBe("ECONNRESET ambiguous");
      expect(await ending(producer.abort())).toBe("INVALID_TXN_STATE ambiguous");
      isLossy = false;
      await producer.commit();
      expect(await readAll(client, topic, "read_committed")).toEqual(["a"]);
    },
  ],
  [
    [33],
    "a successor learns from the log whether the last commit happened",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      let isLossy = true;
      const client = session.client(losingAnswers(session.rpc, "endTxn", () => isLossy));
      const producer = await begun(session, id, client);
      await producer.send(topic, 0, [record("a")]);
      expect(await ending(producer.commit())).toBe("ECONNRESET ambiguous");
      await begun(session, id);
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["a"]);
      isLossy = false;
      expect(await ending(producer.commit())).toBe("PRODUCER_FENCED fenced");
    },
  ],
  [
    [35],
    "an empty transaction leaves no trace",
    async (session) => {
      const topic = await freshTopic(session);
      const producer = await begun(session, session.unique("sink"));
      await producer.commit();
      producer.begin();
      await producer.abort();
      await session.sleep("1s");
      expect(await session.client().watermarks({ topic, partition: 0 })).toMatchObject({ highWatermark: 0 });
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
  [
    [40],
    "a coordinator that moves takes nothing away: transactions go on and end as they would have",
    async (session) => {
      const topic = await freshTopic(session);
      const producer = await begun(session, session.unique("sink"));
      await producer.send(topic, 0, [record("a")]);
      await session.moveCoordinators();
      await producer.send(topic, 0, [record("b")]);
      await session.moveCoordinators();
      await producer.commit();
      await session.moveCoordinators();
      producer.begin();
      await producer.send(topic, 0, [record("c")]);
      await producer.abort();
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["a", "b"]);
    },
  ],
  [
    [40],
    "a broker that does not coordinate says so",
    async (session) => {
      const transactionalId = session.unique("sink");
      await RawProducer.init(session, transactionalId);
      const found = await session.rpc.request(session.brokers[0]!, "findCoordinator", { transactionalId });
      const other = session.brokers.find((broker) => broker !== valueOf(found).coordinator)!;
      const answer = await session.rpc.request(other, "initProducerId", { transactionalId, timeoutMillis: 60_000 });
      expect(errorOf(answer)).toBe("NOT_COORDINATOR");
    },
  ],
  [
    [54, 34],
    "a leader that moves in the middle of a transaction changes nothing for readers",
    async (session) => {
      const topic = await freshTopic(session, 2);
      const producer = await begun(session, session.unique("sink"));
      await producer.send(topic, 0, [record("a")]);
      for (const broker of session.brokers) await session.moveLeaders(broker);
      await producer.send(topic, 0, [record("b")]);
      await producer.send(topic, 1, [record("c")]);
      await producer.commit();
      expect(await readAll(session.client(), topic, "read_committed", 0)).toEqual(["a", "b"]);
      expect(await readAll(session.client(), topic, "read_committed", 1)).toEqual(["c"]);
    },
  ],
];
