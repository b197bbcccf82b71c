import { describe, expect, it } from "vitest";
import type { Host } from "../../../src/ports/host.ts";
import type { KafkaRecord } from "../../../src/ports/kafka-rpc.ts";
import type { TransactionalProducer } from "../../../src/ports/kafka.ts";
import { kafkaClient } from "../../../src/sim/kafka/client/kafka-client.ts";
import { kafkaClientPolicies, type KafkaClientPolicies } from "../../../src/sim/kafka/client/policies.ts";
import { brokers, inProcess, outcome, script, type Asked, type Says } from "./scripted-cluster.ts";

const record = (value: string): KafkaRecord => ({ key: null, value, headers: [], timestamp: 0 });

interface Ran<T> {
  readonly result: T;
  readonly asked: readonly Asked[];
}

/** Runs `use` with a producer that was initialised; `says` scripts what the cluster answers afterwards. */
function withProducer<T>(
  use: (producer: TransactionalProducer, host: Host) => Promise<T>,
  says: (asked: Asked, count: number) => Says = () => undefined,
  policies: KafkaClientPolicies = kafkaClientPolicies,
): Promise<Ran<T>> {
  return inProcess(async (host) => {
    const { rpc, asked } = script(host, says);
    const producer = kafkaClient(host, brokers, { rpc, policies }).producer("sink", { transactionTimeout: "10s" });
    await producer.init();
    return { result: await use(producer, host), asked };
  });
}

const writes = (asked: readonly Asked[]): readonly string[] =>
  asked.map(({ api }) => api).filter((api) => !["metadata", "findCoordinator", "initProducerId"].includes(api));

describe("a transactional producer", () => {
  it("adds each partition once, writes to leaders, and ends at the coordinator (Kafka 30)", async () => {
    const { asked } = await withProducer(async (producer) => {
      producer.begin();
      await producer.send("t", 0, [record("a"), record("b")]);
      await producer.send("t", 1, [record("c")]);
      await producer.send("t", 0, [record("d")]);
      await producer.commit();
    });
    expect(writes(asked)).toEqual([
      "addPartitionsToTxn",
      "produce",
      "addPartitionsToTxn",
      "produce",
      "produce",
      "endTxn",
    ]);
    const producer = (sequence: number): object => ({ id: 9, epoch: 0, sequence, transactionalId: "sink" });
    expect(asked.filter(({ api }) => api === "produce")).toMatchObject([
      { broker: brokers[0], request: { producer: producer(0) } },
      { broker: brokers[1], request: { producer: producer(0) } },
      { broker: brokers[0], request: { producer: producer(2) } },
    ]);
    expect(asked.at(-1)).toMatchObject({ broker: brokers[2], request: { commit: true, producerId: 9, epoch: 0 } });
  });

  it("sends nothing for a transaction without records (Kafka 35)", async () => {
    const { asked } = await withProducer(async (producer) => {
      producer.begin();
      await producer.send("t", 0, []);
      await producer.commit();
      producer.begin();
      await producer.abort();
      await producer.abort();
    });
    expect(writes(asked)).toEqual([]);
  });

  it("waits while the predecessor's or its own last transaction is being ended (Kafka 23, 31)", async () => {
    const { asked } = await withProducer(
      async (producer) => {
        producer.begin();
        await producer.send("t", 0, [record("a")]);
      },
      ({ api }, count) =>
        (api === "initProducerId" || api === "addPartitionsToTxn") && count < 3 ? "CONCURRENT_TRANSACTIONS" : undefined,
    );
    expect(asked.filter(({ api }) => api === "initProducerId")).toHaveLength(3);
    expect(writes(asked)).toEqual(["addPartitionsToTxn", "addPartitionsToTxn", "addPartitionsToTxn", "produce"]);
  });

  it("sends a batch whose answer was lost again under its number, and commits it (Kafka 17)", async () => {
    const write = async (producer: TransactionalProducer): Promise<void> => {
      producer.begin();
      await producer.send("t", 0, [record("a")]);
      await producer.commit();
    };
    const says = ({ api }: Asked, count: number): Says =>
      api === "produce" && count === 1 ? "ECONNRESET?" : undefined;
    const sequences = ({ asked }: Ran<void>): unknown =>
      asked.filter(({ api }) => api === "produce").map(({ request }) => request.producer.sequence);
    expect(sequences(await withProducer(write, says))).toEqual([0, 0]);
    const renumbered = { ...kafkaClientPolicies, resentSequence: (first: number, failed: number) => first + failed };
    expect(sequences(await withProducer(write, says, renumbered))).toEqual([0, 1]);
  });

  it("refuses to commit when a batch may be missing, until it was aborted and initialised again", async () => {
    const { result, asked } = await withProducer(
      async (producer) => {
        producer.begin();
        const sent = await outcome(producer.send("t", 0, [record("a")]));
        const committed = await outcome(producer.commit());
        await producer.abort();
        const begun = await outcome(Promise.resolve().then(() => producer.begin()));
        await producer.init();
        producer.begin();
        return { sent, committed, begun };
      },
      ({ api }) => (api === "produce" ? "ECONNRESET?" : undefined),
    );
    expect(result).toEqual({
      sent: "!ECONNRESET ambiguous",
      committed: "!ECONNRESET transient",
      begun: "!INVALID_TXN_STATE transient",
    });
    expect(asked.filter(({ api }) => api === "endTxn").map(({ request }) => request.commit)).toEqual([false]);
  });

  it("says that a commit is of unknown outcome, and asks for the same again (Kafka 33)", async () => {
    let isBack = false;
    const { result, asked } = await withProducer(
      async (producer) => {
        producer.begin();
        await producer.send("t", 0, [record("a")]);
        const first = await outcome(producer.commit());
        const aborted = await outcome(producer.abort());
        isBack = true;
        return { first, aborted, again: await outcome(producer.commit()) };
      },
      ({ api }) => (api === "endTxn" && !isBack ? "silence" : undefined),
    );
    expect(result).toEqual({
      first: "!ETIMEDOUT ambiguous",
      aborted: "!INVALID_TXN_STATE ambiguous",
      again: undefined,
    });
    expect(new Set(asked.filter(({ api }) => api === "endTxn").map(({ request }) => request.commit))).toEqual(
      new Set([true]),
    );
  });

  it("is fenced for good once a successor took over (Kafka 25)", async () => {
    const { result, asked } = await withProducer(
      async (producer) => {
        producer.begin();
        const sent = await outcome(producer.send("t", 0, [record("a")]));
        return [
          sent,
          await outcome(producer.commit()),
          await outcome(producer.abort()),
          await outcome(producer.init()),
        ];
      },
      ({ api }) => (api === "produce" ? "INVALID_PRODUCER_EPOCH" : undefined),
    );
    expect(result).toEqual(Array.from({ length: 4 }, () => "!INVALID_PRODUCER_EPOCH fenced"));
    expect(writes(asked)).toEqual(["addPartitionsToTxn", "produce"]);
  });

  it("that the cluster knows no longer fails at every call, and another one may go on", async () => {
    const { result } = await withProducer(
      async (producer) => {
        producer.begin();
        const sent = await outcome(producer.send("t", 0, [record("a")]));
        return [
          sent,
          await outcome(producer.commit()),
          await outcome(producer.abort()),
          await outcome(producer.init()),
        ];
      },
      ({ api }) => {
        if (api === "produce") return "INVALID_TXN_STATE";
        return api === "endTxn" ? "INVALID_PRODUCER_ID_MAPPING" : undefined;
      },
    );
    expect(result).toEqual([
      "!INVALID_TXN_STATE transient",
      "!INVALID_TXN_STATE transient",
      "!INVALID_PRODUCER_ID_MAPPING transient",
      "!INVALID_PRODUCER_ID_MAPPING transient",
    ]);
  });

  it("sends what is too much for a batch as several, numbered on", async () => {
    const large = (size: number): KafkaRecord => record("x".repeat(size));
    const { asked } = await withProducer(async (producer) => {
      producer.begin();
      await producer.send("t", 0, [large(600_000), large(300_000), large(300_000), large(1_200_000), record("a")]);
      await producer.commit();
    });
    const produced = asked.filter(({ api }) => api === "produce").map(({ request }) => request);
    expect(produced.map(({ producer, records }) => [producer.sequence, records.length])).toEqual([
      [0, 2],
      [2, 1],
      [3, 1],
      [4, 1],
    ]);
  });

  it("does not say that nothing happened when a later batch of a call is refused, and then only aborts", async () => {
    const { result } = await withProducer(
      async (producer) => {
        producer.begin();
        const both = [record("x".repeat(900_000)), record("y".repeat(900_000))];
        return [await outcome(producer.send("t", 0, both)), await outcome(producer.commit())];
      },
      ({ api, request }) => (api === "produce" && request.producer.sequence > 0 ? "NOT_ENOUGH_REPLICAS" : undefined),
    );
    expect(result).toEqual(["!NOT_ENOUGH_REPLICAS ambiguous", "!NOT_ENOUGH_REPLICAS transient"]);
  });

  it("refuses calls that overlap or come in the wrong order", async () => {
    const { result } = await withProducer(async (producer) => {
      const early = await outcome(producer.send("t", 0, [record("a")]));
      producer.begin();
      const sending = producer.send("t", 0, [record("a")]);
      const beside = await outcome(producer.send("t", 1, [record("b")]));
      await sending;
      await producer.commit();
      return [early, beside];
    });
    expect(result).toEqual(["!INVALID_TXN_STATE permanent", "!INVALID_TXN_STATE permanent"]);
  });
});
