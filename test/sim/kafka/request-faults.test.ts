/** Answers that brokers lose and errors that they make up, request by request: what the client sees, what took effect. */
import { describe, expect, it } from "vitest";
import type { KafkaApi } from "../../../src/ports/kafka-rpc.ts";
import type { AnswerLoss, BrokerError } from "../../../src/ports/service-controls.ts";
import { kafkaControls } from "../../../src/sim/kafka/controls.ts";
import { brokers, errorOf, RawClient, RawProducer, record, valueOf } from "./brokers.ts";
import { apis, codeOf, least, outcomeOf, requests } from "./single-requests.ts";

const errors: readonly BrokerError[] = [
  "NOT_ENOUGH_REPLICAS",
  "NOT_ENOUGH_REPLICAS_AFTER_APPEND",
  "REQUEST_TIMED_OUT",
  "COORDINATOR_NOT_AVAILABLE",
  "KAFKA_STORAGE_ERROR",
];
const fetch = { ...least, offset: 0, isolation: "read_committed", maxWaitMillis: 2_000, maxRecords: 9 } as const;

describe("a lost answer", () => {
  const moments: readonly AnswerLoss[] = ["before", "after", "middle"];
  const all = apis.flatMap((api) => moments.map((when) => [api, when] as const));

  it.each(all)("to %s breaks the connection: %s, and says so once", async (api, when) => {
    const { code, hasEffect, witnesses } = await outcomeOf(api, (controls) => controls.loseAnswers(1, { api, when }));
    expect(code).toBe("ECONNRESET?");
    expect(hasEffect).toBe(requests[api].hasEffect === null ? null : when !== "before");
    expect(witnesses).toEqual([{ broker: expect.stringMatching(/^b\d$/), api, when, by: "client" }]);
  });

  it("in the middle takes as long as a part of it does", async () => {
    const after = await outcomeOf("metadata", (controls) => controls.loseAnswers(1, { when: "after" }));
    const middle = await outcomeOf("metadata", (controls) => controls.loseAnswers(1, { when: "middle" }));
    expect(middle.took - after.took).toBeGreaterThan(2_000);
  });

  it("takes with it what else is under way on the connection, and nothing on others", async () => {
    const found: string[] = [];
    const { run, tank, cluster } = brokers(async (client) => {
      await client.create("t", 1);
      const own = client.lead("fetch", fetch).then(errorOf, codeOf);
      await client.host.sleep("1s");
      const heal = kafkaControls(cluster).loseAnswers(1, { api: "listOffsets" });
      expect(await client.lead("listOffsets", least).then(errorOf, codeOf)).toBe("ECONNRESET?");
      heal();
      expect(await own).toBe("ECONNRESET?");
      await client.host.sleep("4s");
    });
    tank.outsider("bystander", async (host) => {
      await host.sleep("500ms");
      found.push(await new RawClient(host, cluster).lead("fetch", fetch).then(errorOf, codeOf));
    });
    await run("20s");
    expect(found).toEqual([""]);
  });

  it("strikes one request in so many, of the kind that it names, at any moment, until it is healed", async () => {
    const { run, tank, cluster } = brokers(async (client) => {
      const heal = kafkaControls(cluster).loseAnswers(3, { api: "metadata" });
      let lost = 0;
      for (let at = 0; at < 60; at++) {
        expect(await client.ask(0, "findCoordinator", { transactionalId: "tx" }).then(errorOf, codeOf)).toBe("");
        if ((await client.ask(0, "metadata", {}).then(errorOf, codeOf)) !== "") lost++;
      }
      expect(lost).toBeGreaterThan(10);
      expect(lost).toBeLessThan(40);
      expect(tank.of("kafka.answer-lost")).toHaveLength(lost);
      heal();
      for (let at = 0; at < 20; at++) valueOf(await client.ask(0, "metadata", {}));
    });
    await run("20s");
    const seen = new Set((tank.of("kafka.answer-lost") as { readonly when: string }[]).map(({ when }) => when));
    expect([...seen].toSorted()).toEqual(["after", "before", "middle"]);
  });

  it("of a leader to a coordinator puts a transaction's markers off, and writes none of them twice", async () => {
    const { run, tank, cluster } = brokers(async (client) => {
      await client.create("t", 6);
      const producer = await RawProducer.init(client, "tx", "t");
      const { producerId } = cluster.transactions.get("tx")!;
      const partitions = [0, 1, 2, 3, 4, 5].map((partition) => ({ topic: "t", partition }));
      await client.coordinate("addPartitionsToTxn", { transactionalId: "tx", producerId, epoch: 0, partitions });
      const heal = kafkaControls(cluster).loseAnswers(1, { api: "writeTxnMarkers", when: "after" });
      valueOf(await producer.end(true));
      await client.host.sleep("2s");
      expect(cluster.transactions.get("tx")!.phase).toBe("PREPARE_COMMIT");
      heal();
      await client.host.sleep("3s");
      expect(cluster.transactions.get("tx")!.phase).toBe("COMPLETE_COMMIT");
    });
    await run("20s");
    expect(tank.of("kafka.answer-lost").length).toBeGreaterThan(2);
    expect(tank.of("kafka.marker-written")).toHaveLength(6);
  });
});

describe("a broker under stress", () => {
  it.each<[BrokerError, KafkaApi, "before" | "after" | "either"]>([
    ["NOT_ENOUGH_REPLICAS", "produce", "before"],
    ["NOT_ENOUGH_REPLICAS_AFTER_APPEND", "produce", "after"],
    ["REQUEST_TIMED_OUT", "produce", "either"],
    ["REQUEST_TIMED_OUT", "createTopic", "either"],
    ["REQUEST_TIMED_OUT", "deleteTopic", "either"],
    ["COORDINATOR_NOT_AVAILABLE", "initProducerId", "either"],
    ["COORDINATOR_NOT_AVAILABLE", "addPartitionsToTxn", "either"],
    ["COORDINATOR_NOT_AVAILABLE", "endTxn", "either"],
    ["COORDINATOR_NOT_AVAILABLE", "findCoordinator", "before"],
    ["KAFKA_STORAGE_ERROR", "produce", "before"],
    ["KAFKA_STORAGE_ERROR", "fetch", "before"],
    ["KAFKA_STORAGE_ERROR", "listOffsets", "before"],
  ])("answers %s to %s and says whether it has done it all the same: %s", async (code, api, comes) => {
    const effects = new Set<boolean>();
    // Requests ahead of it move the choice on.
    for (let before = 0; before < 12; before++) {
      const found = await outcomeOf(api, (controls) => controls.fail(code, 1), before);
      const { hasEffect } = found.witnesses[0] as { readonly hasEffect: boolean };
      const witness = { broker: expect.stringMatching(/^b\d$/), api, code, hasEffect, by: "client" };
      expect(found).toMatchObject({ code, witnesses: [witness] });
      if (found.hasEffect !== null) expect(found.hasEffect).toBe(hasEffect);
      effects.add(hasEffect);
    }
    const expected = { before: [false], after: [true], either: [false, true] }[comes];
    expect([...effects].toSorted((a, b) => Number(a) - Number(b))).toEqual(expected);
  });

  it.each(apis)("answers to %s nothing else of it", async (api) => {
    const meant: { readonly [api in KafkaApi]?: readonly BrokerError[] } = {
      produce: ["NOT_ENOUGH_REPLICAS", "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "REQUEST_TIMED_OUT", "KAFKA_STORAGE_ERROR"],
      fetch: ["KAFKA_STORAGE_ERROR"],
      listOffsets: ["KAFKA_STORAGE_ERROR"],
      createTopic: ["REQUEST_TIMED_OUT"],
      deleteTopic: ["REQUEST_TIMED_OUT"],
      findCoordinator: ["COORDINATOR_NOT_AVAILABLE"],
      initProducerId: ["COORDINATOR_NOT_AVAILABLE"],
      addPartitionsToTxn: ["COORDINATOR_NOT_AVAILABLE"],
      endTxn: ["COORDINATOR_NOT_AVAILABLE"],
    };
    for (const code of errors) {
      const found = await outcomeOf(api, (controls) => controls.fail(code, 1));
      expect([code, found.code]).toEqual([code, meant[api]?.includes(code) === true ? code : ""]);
    }
  });

  it("gives out ids of idempotent producers, which take no coordinator", async () => {
    const { run, tank, cluster } = brokers(async (client) => {
      kafkaControls(cluster).fail("COORDINATOR_NOT_AVAILABLE", 1);
      const request = { transactionalId: null, timeoutMillis: 1_000 };
      expect(valueOf(await client.ask(1, "initProducerId", request))).toMatchObject({ epoch: 0 });
    });
    await run("20s");
    expect(tank.of("kafka.failed")).toEqual([]);
  });

  it("tells what it refuses as it is", async () => {
    const { run, tank, cluster } = brokers(async (client) => {
      await client.create("t");
      kafkaControls(cluster).fail("NOT_ENOUGH_REPLICAS_AFTER_APPEND", 1);
      const producer = { id: 7, epoch: 0, sequence: 0, transactionalId: "nobody's" };
      const refused = await client.lead("produce", { ...least, records: [record("a")], producer });
      expect(errorOf(refused)).toBe("INVALID_PRODUCER_ID_MAPPING");
    });
    await run("20s");
    expect(tank.of("kafka.failed")).toEqual([]);
  });

  it("says that there were too few replicas when they fall behind while a batch is on its way to them", async () => {
    const send = (client: RawClient, value: string): Promise<string> =>
      client.lead("produce", { ...least, records: [record(value)] }).then(errorOf);
    const { run, cluster } = brokers(
      async (client) => {
        const config = { "min.insync.replicas": "2" };
        valueOf(await client.ask(0, "createTopic", { name: "t", partitions: 1, config }));
        const { lagReplicas } = kafkaControls(cluster);
        const producing = send(client, "a");
        await client.host.sleep("100ms");
        const heals = ["b0", "b1", "b2"].map((name) => lagReplicas(name));
        expect(await producing).toBe("NOT_ENOUGH_REPLICAS_AFTER_APPEND");
        expect(await send(client, "b")).toBe("NOT_ENOUGH_REPLICAS");
        for (const heal of [...heals, ...heals]) heal();
        expect(await send(client, "c")).toBe("");
        const again = lagReplicas("b1");
        // Two of three are enough.
        expect(await send(client, "d")).toBe("");
        again();
        expect(await client.values("t", "read_committed")).toEqual(["a", "c", "d"]);
        expect(lagReplicas("elsewhere")()).toBeUndefined();
      },
      { knobs: { replicationMicros: 300_000 } },
    );
    await run("20s");
  });
});
