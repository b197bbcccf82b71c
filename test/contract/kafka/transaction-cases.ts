/** Transactions: what is decided, when it shows, and what is made of lost and late answers. */
import { expect } from "vitest";
import type { KafkaCaseRow } from "./backend.ts";
import {
  arrivingLate,
  begun,
  ending,
  errorOf,
  freshTopic,
  losingAnswers,
  RawProducer,
  readAll,
  record,
  valueOf,
} from "./requests.ts";

export const transactionCases: readonly KafkaCaseRow[] = [
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
    [33],
    "a copy of a commit that arrives late does not end the next transaction in the middle",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      const producer = await begun(session, id, session.client(arrivingLate(session, "endTxn", "2s")));
      await producer.send(topic, 0, [record("a")]);
      await producer.commit();
      if ((await ending(Promise.resolve().then(() => producer.begin()))) !== "done") {
        await producer.init();
        producer.begin();
      }
      await producer.send(topic, 0, [record("half")]);
      await session.sleep("3s");
      await begun(session, id);
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["a"]);
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
