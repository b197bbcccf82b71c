/** The fault families of the cluster's answers, as items of plans: they bite, heal, and do nothing where Kafka is not. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import { micros } from "../../../src/base/time.ts";
import { kafkaBrokerErrors, kafkaLostAnswers, topicDeleted, type FaultFactory } from "../../../src/faults/public.ts";
import type { Host } from "../../../src/ports/host.ts";
import { execute } from "../../../src/runner/run/execute.ts";
import type { FaultFate } from "../../../src/runner/run/record.ts";
import { toDefinition } from "../../../src/scenario/define-scenario.ts";
import { broker } from "../../../src/sim/kafka/broker.ts";
import { kafkaClient } from "../../../src/sim/kafka/client/kafka-client.ts";
import { addressOf, kafkaCluster, type KafkaCluster } from "../../../src/sim/kafka/cluster.ts";
import { kafkaControls } from "../../../src/sim/kafka/controls.ts";
import { choose, names, record } from "./brokers.ts";

type Factory = FaultFactory<JsonObject>;

const lost = kafkaLostAnswers as unknown as Factory;
const errors = kafkaBrokerErrors as unknown as Factory;
const deleted = topicDeleted as unknown as Factory;

interface Found {
  readonly fates: readonly FaultFate[];
  readonly failure: unknown;
  /** Calls of the client that failed, by when they did, s. */
  readonly failed: readonly number[];
  readonly cluster: KafkaCluster;
}

/** A transaction, a plain batch and a read each 300 ms; a fault from 5 s to 9 s. */
async function found(factory: Factory, params: JsonObject, hasKafka = true): Promise<Found> {
  const failed: number[] = [];
  const cluster = kafkaCluster({ brokers: names, choose });
  const definition = toDefinition("families", { faults: [factory()] }, async ({ world }) => {
    if (hasKafka) {
      world.provide("kafka", kafkaControls(cluster));
      const options = { restart: "always", ambient: "ports" } as const;
      for (const [place, name] of names.entries()) world.host(name).start(broker(cluster, place), options);
      world.host("client").start((host) => work(host, cluster, failed), { ambient: "ports" });
    }
    await world.sleep("20s");
  });
  const span = { at: micros(5_000_000), until: micros(9_000_000) };
  const items = [{ kind: "fault" as const, ...span, fault: factory.fault.id, params }];
  const { faults, failure } = await execute(definition, {
    scenario: "families",
    seed: "0000000000001",
    knobs: {},
    items,
  });
  return { fates: faults, failure, failed, cluster };
}

async function work(host: Host, cluster: KafkaCluster, failed: number[]): Promise<void> {
  const addresses = names.map((_name, place) => addressOf(cluster, place));
  const client = kafkaClient(host, addresses);
  await client.createTopic("t", { partitions: 2 });
  const producer = client.producer("tx", { transactionTimeout: "10s" });
  for (let at = 0; ; at++) {
    await host.sleep("300ms");
    try {
      await client.produce("t", 0, [record(`plain ${at}`)]);
      await producer.init();
      producer.begin();
      await producer.send("t", 1, [record(`transactional ${at}`)]);
      await producer.commit();
      await client.fetch({ topic: "t", partition: 1 }, 0, { isolation: "read_committed", maxWait: "0ms" });
    } catch (error) {
      if ((error as { readonly failure?: unknown }).failure === undefined) throw error;
      failed.push(Math.floor(host.clock.monotonic() / 1_000_000));
    }
  }
}

describe("a fault family of the cluster's answers", () => {
  const apis = ["any", "produce", "endTxn", "initProducerId", "addPartitionsToTxn", "fetch"];
  const losses = apis.flatMap((api) => ["any", "before", "after", "middle"].map((when) => ({ api, when, oneIn: 1 })));
  const codes = ["any", "NOT_ENOUGH_REPLICAS", "NOT_ENOUGH_REPLICAS_AFTER_APPEND", "REQUEST_TIMED_OUT"];
  const stresses = [...codes, "COORDINATOR_NOT_AVAILABLE", "KAFKA_STORAGE_ERROR"].map((code) => ({ code, oneIn: 1 }));
  const all: readonly (readonly [string, Factory, JsonObject])[] = [
    ...losses.map((each) => [`lost answers ${each.api} ${each.when}`, lost, each] as const),
    ...stresses.map((each) => [`broker errors ${each.code}`, errors, each] as const),
  ];

  it.each(all)("bites and is healed: %s", async (_name, factory, params) => {
    const { fates, failure, failed, cluster } = await found(factory, params);
    expect(failure).toBeNull();
    expect(fates).toEqual([{ fault: factory.fault.id, item: 0, injected: true, bit: true }]);
    // What began while it lasted may take its time; then all is well.
    expect(failed.filter((at) => at < 5 || at > 16)).toEqual([]);
    expect(cluster.requestFaults.size).toBe(0);
  });

  it.each([
    ["lost answers", lost],
    ["broker errors", errors],
    ["deleted topic", deleted],
  ] as const)("does nothing in a world without brokers: %s", async (_name, factory) => {
    const [params] = fc.sample(fc.record(factory.fault.params), { numRuns: 1, seed: 1 });
    const { fates, failure } = await found(factory, params!, false);
    expect(failure).toBeNull();
    expect(fates).toEqual([{ fault: factory.fault.id, item: 0, injected: true, bit: false }]);
  });

  it("takes all that its arbitraries draw", async () => {
    for (const factory of [lost, errors]) {
      for (const params of fc.sample(fc.record(factory.fault.params), { numRuns: 12, seed: 3 })) {
        const { failure, cluster } = await found(factory, params);
        expect(failure).toBeNull();
        expect(cluster.requestFaults.size).toBe(0);
      }
    }
  });

  it("of a deleted topic bites whenever somebody looks for it, and lasts to the end of a run", async () => {
    const { fates, failed } = await found(deleted, { topic: "t" });
    expect(fates).toEqual([{ fault: "kafka.topic-deleted", item: 0, injected: true, bit: true }]);
    expect(failed.length).toBeGreaterThan(0);
    expect(topicDeleted.fault.lasts.min).toBeGreaterThan(600_000_000);
  });
});
