import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import { kafkaControls } from "../../../src/sim/kafka/controls.ts";
import { brokers, errorOf, RawProducer, record, valueOf } from "./brokers.ts";

describe("the controls of a cluster", () => {
  it("slow a broker down until healed, twice if asked twice, and leave a witness", async () => {
    const { tank, run, cluster } = brokers(async (client, own) => {
      const controls = kafkaControls(cluster);
      const took = async (): Promise<number> => {
        const began = own.now;
        await client.ask(1, "metadata", {});
        return Math.floor((own.now - began) / 100_000);
      };
      const heals = [controls.slow("b1", micros(300_000)), controls.slow("b1", micros(200_000))];
      expect(await took()).toBe(5);
      heals[0]!();
      heals[0]!();
      expect(await took()).toBe(2);
      heals[1]!();
      expect(await took()).toBe(0);
      expect(controls.slow("elsewhere", micros(1))()).toBeUndefined();
    });
    await run("10s");
    expect(tank.of("kafka.slowed")).toEqual([
      { broker: "b1", api: "metadata" },
      { broker: "b1", api: "metadata" },
    ]);
  });

  it("delete a topic, which the cluster tells of, and a client that misses it leaves the witness", async () => {
    const { tank, run, cluster } = brokers(async (client) => {
      const topicId = await client.create("t");
      const controls = kafkaControls(cluster);
      expect(controls.topics()).toEqual(["t"]);
      expect([controls.deleteTopic("none"), controls.deleteTopic("t")]).toEqual([false, true]);
      await client.host.sleep("2s");
      expect(tank.of("kafka.topic-deleted")).toEqual([{ topic: "t", topicId, by: "administrator" }]);
      expect(tank.of("kafka.topic-gone")).toEqual([]);
      for (let times = 0; times < 2; times++) {
        expect(valueOf(await client.ask(0, "metadata", {})).topics).toEqual([]);
        expect(errorOf(await client.lead("listOffsets", { topic: "t", partition: 0 }))).not.toBe("");
      }
    });
    await run("10s");
    expect(tank.of("kafka.topic-gone")).toEqual([{ topic: "t" }]);
  });

  it("move the coordinators, which answer once they have loaded; nothing is lost (Kafka 40)", async () => {
    const { tank, run, cluster } = brokers(async (client, own) => {
      await client.create("t");
      const producer = await RawProducer.init(client, "tx", "t");
      valueOf(await producer.add());
      valueOf(await producer.send("a"));
      const before = cluster.slots.map((slot) => slot.broker);
      kafkaControls(cluster).moveCoordinators(micros(700_000));
      expect(cluster.slots.map((slot) => slot.broker)).toEqual(before.map((place) => (place + 1) % 3));
      const began = own.now;
      valueOf(await producer.end(true));
      expect(own.now - began).toBeGreaterThan(500_000);
      await client.host.sleep("1s");
      expect(await client.values("t", "read_committed")).toEqual(["a"]);
    });
    await run("10s");
    expect(tank.of("kafka.coordinator-moved").length).toBeGreaterThan(0);
    expect(tank.of("kafka.coordinator-moved")[0]).toEqual({ transactionalId: "tx" });
  });

  it("move a broker's leaderships, under a higher epoch and with all their data", async () => {
    const { tank, run, cluster } = brokers(async (client) => {
      await client.create("t", 3);
      valueOf(await client.lead("produce", { topic: "t", partition: 1, records: [record("a")] }));
      kafkaControls(cluster).moveLeaders("b1");
      expect(cluster.topics.get("t")!.partitions.map(({ leader }) => leader)).toEqual([0, 2, 2]);
      const stale = { topic: "t", partition: 1, records: [record("b")] };
      expect(errorOf(await client.ask(1, "produce", stale))).toBe("NOT_LEADER_OR_FOLLOWER");
      expect(await client.values("t", "read_uncommitted", 1)).toEqual(["a"]);
    });
    await run("10s");
    expect(tank.of("kafka.leader-moved")).toEqual([{ topic: "t", partition: 1, leader: "b2" }]);
  });
});
