import { describe, expect, it } from "vitest";
import { brokers, errorOf, RawProducer, valueOf } from "./brokers.ts";

describe("transactions", () => {
  it("show nothing before the commit and everything after its marker (Kafka 4, 5, 6, 31)", async () => {
    const { run } = brokers(
      async (client) => {
        await client.create("t");
        const producer = await RawProducer.init(client, "tx", "t");
        valueOf(await producer.add());
        for (const value of ["a", "b"]) valueOf(await producer.send(value));
        expect(await client.values("t", "read_uncommitted")).toEqual(["a", "b"]);
        expect(await client.values("t", "read_committed")).toEqual([]);
        valueOf(await producer.end(true));
        expect(await client.values("t", "read_committed")).toEqual([]);
        await client.host.sleep("300ms");
        expect(await client.values("t", "read_committed")).toEqual(["a", "b"]);
      },
      { knobs: { markerDelays: [100_000] } },
    );
    await run("10s");
  });

  it("hide what was aborted (Kafka 5)", async () => {
    const { run } = brokers(async (client) => {
      await client.create("t");
      const producer = await RawProducer.init(client, "tx", "t");
      for (const [value, commit] of [
        ["a", false],
        ["b", true],
        ["c", false],
      ] as const) {
        valueOf(await producer.add());
        valueOf(await producer.send(value));
        valueOf(await producer.end(commit));
      }
      await client.host.sleep("300ms");
      expect(await client.values("t", "read_uncommitted")).toEqual(["a", "b", "c"]);
      expect(await client.values("t", "read_committed")).toEqual(["b"]);
    });
    await run("10s");
  });

  it("of a predecessor are aborted before its successor is told that it may begin (Kafka 23, 25)", async () => {
    const { tank, run } = brokers(async (client) => {
      await client.create("t");
      const zombie = await RawProducer.init(client, "tx", "t");
      valueOf(await zombie.add());
      valueOf(await zombie.send("zombie"));
      const successor = await RawProducer.init(client, "tx", "t");
      expect(errorOf(await zombie.send("zombie"))).toBe("INVALID_PRODUCER_EPOCH");
      expect(errorOf(await zombie.end(true))).toBe("PRODUCER_FENCED");
      expect(errorOf(await zombie.add())).toBe("PRODUCER_FENCED");
      const { lastStableOffset, highWatermark } = valueOf(
        await client.lead("listOffsets", { topic: "t", partition: 0 }),
      );
      expect([lastStableOffset, highWatermark]).toEqual([2, 2]);
      valueOf(await successor.add());
      valueOf(await successor.send("mine"));
      valueOf(await successor.end(true));
      await client.host.sleep("300ms");
      expect(await client.values("t", "read_committed")).toEqual(["mine"]);
    });
    await run("10s");
    expect(tank.of("kafka.producer-fenced")).toHaveLength(3);
    expect(tank.of("kafka.producer-initialised")).toMatchObject([{ epoch: 0 }, { epoch: 2 }]);
    expect(tank.of("kafka.transaction-decided")).toMatchObject([
      { commit: false, cause: "init" },
      { commit: true, cause: "client" },
    ]);
  });

  it("that are left open are aborted by their timeout, and hold others back until then (Kafka 29, 37, 39)", async () => {
    const { tank, run } = brokers(async (client) => {
      await client.create("t");
      const dead = await RawProducer.init(client, "dead", "t", 3_000);
      const other = await RawProducer.init(client, "other", "t");
      for (const [producer, value] of [
        [dead, "x"],
        [other, "a"],
      ] as const) {
        valueOf(await producer.add());
        valueOf(await producer.send(value));
      }
      valueOf(await other.end(true));
      await client.host.sleep("2s");
      expect(await client.values("t", "read_committed")).toEqual([]);
      await client.host.sleep("4s");
      expect(await client.values("t", "read_committed")).toEqual(["a"]);
      expect(errorOf(await dead.end(true))).toBe("PRODUCER_FENCED");
      expect(errorOf(await dead.send("y"))).toBe("INVALID_PRODUCER_EPOCH");
    });
    await run("20s");
    expect(tank.of("kafka.transaction-decided")).toMatchObject([{ cause: "client" }, { cause: "timeout" }]);
  });

  it("need their partitions added before they are written to (Kafka 30)", async () => {
    const { run } = brokers(async (client) => {
      await client.create("t");
      const producer = await RawProducer.init(client, "tx", "t");
      expect(errorOf(await producer.send("a"))).toBe("INVALID_TXN_STATE");
      expect(await client.values("t", "read_uncommitted")).toEqual([]);
    });
    await run("10s");
  });

  it("outlive a topic that is deleted in the middle of them (Kafka 43)", async () => {
    const { run, cluster } = brokers(async (client) => {
      await client.create("t");
      const producer = await RawProducer.init(client, "tx", "t");
      valueOf(await producer.add());
      valueOf(await producer.send("a"));
      valueOf(await client.ask(0, "deleteTopic", { name: "t" }));
      await client.create("t");
      valueOf(await producer.end(true));
      await client.host.sleep("1s");
      expect(cluster.transactions.get("tx")!.phase).toBe("COMPLETE_COMMIT");
      expect(cluster.topics.get("t")!.partitions[0]!.log.endOffset).toBe(0);
    });
    await run("10s");
  });

  it("are not needed for producer ids of idempotent batches", async () => {
    const { run } = brokers(async (client) => {
      const init = { transactionalId: null, timeoutMillis: 0 };
      const ids = [];
      for (const place of [0, 1]) ids.push(valueOf(await client.ask(place, "initProducerId", init)));
      expect(ids[0]!.epoch).toBe(0);
      expect(ids[1]!.producerId).toBe(ids[0]!.producerId + 1);
    });
    await run("10s");
  });
});
