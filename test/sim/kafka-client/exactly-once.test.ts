/** The client under faults: a sink that resumes from its progress record, and a feeder outside transactions. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import * as faults from "../../../src/faults/public.ts";
import type { KafkaRecord } from "../../../src/ports/kafka-rpc.ts";
import type { KafkaClient } from "../../../src/ports/kafka.ts";
import type { Host } from "../../../src/ports/host.ts";
import { simulate, type SimulateOptions, type SimulateResult } from "../../../src/scenario/simulate.ts";
import { broker } from "../../../src/sim/kafka/broker.ts";
import { kafkaClient } from "../../../src/sim/kafka/client/kafka-client.ts";
import { kafkaClientPolicies, type KafkaClientPolicies } from "../../../src/sim/kafka/client/policies.ts";
import { addressOf, kafkaCluster } from "../../../src/sim/kafka/cluster.ts";
import { kafkaControls } from "../../../src/sim/kafka/controls.ts";

const hosts = ["broker-0", "broker-1", "broker-2"];
const target = 50;
const record = (value: number): KafkaRecord => ({ key: "sink", value: String(value), headers: [], timestamp: 0 });

/** What the feeder learned of each value that it sent. */
type Fate = "unknown" | "there" | "not there";

/** Writes 0, 1, 2 … to both partitions, each with the progress that it makes, as one transaction. Ends at any failure. */
async function sink(host: Host, client: KafkaClient): Promise<void> {
  const producer = client.producer("sink", { transactionTimeout: "10s" });
  await producer.init();
  for (let next = await progressOf(client); next < target; next++) {
    producer.begin();
    for (const partition of [0, 1]) await producer.send("data", partition, [record(next)]);
    await producer.send("progress", 0, [record(next + 1)]);
    // Long enough for something to happen while all is written and nothing decided.
    await host.sleep("300ms");
    await producer.commit();
    host.emit("sink.committed", { next });
    await host.sleep("100ms");
  }
}

/** The last committed progress: read to the high watermark that was there after the init. */
async function progressOf(client: KafkaClient): Promise<number> {
  const values = await valuesOf(client, "progress", 0);
  return values.at(-1) ?? 0;
}

async function valuesOf(client: KafkaClient, topic: string, partition: number): Promise<number[]> {
  const { highWatermark } = await client.watermarks({ topic, partition });
  const values: number[] = [];
  for (let offset = 0; offset < highWatermark;) {
    const fetched = await client.fetch({ topic, partition }, offset, { isolation: "read_committed", maxRecords: 7 });
    values.push(...fetched.records.map(({ value }) => Number(value)));
    offset = fetched.nextOffset;
  }
  return values;
}

/** Runs a client's program; a failed call ends the process, so that its successor starts from what is durable. */
async function toTheEnd(host: Host, act: () => Promise<void>): Promise<void> {
  let code = "";
  try {
    await act();
  } catch (error) {
    const { code: failed, failure } = error as { readonly code?: string; readonly failure?: string };
    if (failure === undefined) throw error;
    host.emit("client.failed", { code: failed!, failure });
    code = failed!;
  }
  host.exit(code === "" ? 0 : 1, code === "" ? "done" : code);
}

function check(policies: KafkaClientPolicies, options: Partial<SimulateOptions>): Promise<SimulateResult> {
  const wire = { params: { a: fc.nat(4), b: fc.nat(4) } };
  return simulate(
    {
      name: "kafka-client",
      duration: "30s",
      ops: { moveLeaders: fc.nat(2), moveCoordinators: fc.integer({ min: 0, max: 400_000 }) },
      opsCount: { min: 0, max: 8 },
      faultsCount: { min: 0, max: 12 },
      faults: [
        faults.crash({ max: 5 }),
        faults.pause(),
        faults.slowDeath(),
        faults.gracefulStop({ max: 2 }),
        faults.partition(),
        faults.oneWayPartition(wire),
        faults.latency(wire),
        faults.clog(wire),
        faults.reset(wire),
        faults.halfOpen(wire),
        faults.connectionLoss(wire),
        faults.phantomAccept(),
        faults.refuse({ max: 2 }),
        faults.clockDrift({ max: 1 }),
        faults.kafkaLostAnswers(),
        faults.kafkaBrokerErrors(),
      ],
      sometimes: ["client.failed", "sink.committed", "kafka.leader-moved"],
      ...options,
    },
    async ({ world, run }) => {
      const cluster = kafkaCluster({ brokers: hosts, choose: (key, n) => world.choose(key, n) });
      const controls = kafkaControls(cluster);
      world.provide("kafka", controls);
      for (const [place, host] of hosts.entries()) {
        world.host(host).start(broker(cluster, place), { restart: "always", ambient: "ports" });
      }
      const addresses = hosts.map((_host, place) => addressOf(cluster, place));
      const admin = kafkaClient(world.host("admin"), addresses);
      for (const [topic, partitions] of Object.entries({ data: 2, progress: 1, plain: 1 })) {
        await until(() => admin.createTopic(topic, { partitions }));
      }
      let isDone = false;
      let isFed = false;
      const fates: Fate[] = [];
      const onFailure = { restart: "on-failure", ambient: "ports", backoff: "100ms", backoffMax: "500ms" } as const;
      world.host("sink").start((host) => {
        const client = kafkaClient(host, addresses, { policies });
        return toTheEnd(host, async () => {
          await sink(host, client);
          isDone = true;
        });
      }, onFailure);
      world.host("feeder").start(async (host) => {
        await feed(host, kafkaClient(host, addresses, { policies }), fates);
        isFed = true;
        host.exit(0);
      }, onFailure);
      await run({
        moveLeaders: (place: number) => controls.moveLeaders(hosts[place]!),
        moveCoordinators: (loading: number) => controls.moveCoordinators(micros(loading)),
      });
      await world.heal({ within: "5m" });
      await world.until(() => isDone && isFed, { every: "500ms" });

      const reader = kafkaClient(world.host("reader"), addresses);
      const all = Array.from({ length: target }, (_none, value) => value);
      for (const partition of [0, 1]) same(await valuesOf(reader, "data", partition), all);
      const plain = await valuesOf(reader, "plain", 0);
      if (new Set(plain).size !== plain.length) throw new RangeError(`twice in ${plain.join()}`);
      for (const [value, fate] of fates.entries()) {
        const isThere = plain.includes(value);
        if (fate === (isThere ? "not there" : "there")) throw new RangeError(`${value} is ${fate} in ${plain.join()}`);
      }
    },
  );
}

/** Appends numbers outside of transactions, each once, about as long as faults may come. */
async function feed(host: Host, client: KafkaClient, fates: Fate[]): Promise<void> {
  while (fates.length < 150) {
    const value = fates.push("unknown") - 1;
    try {
      await client.produce("plain", 0, [record(value)]);
      fates[value] = "there";
    } catch (error) {
      const { failure } = error as { readonly failure?: string };
      if (failure === undefined) throw error;
      if (failure !== "ambiguous") fates[value] = "not there";
    }
    await host.sleep("200ms");
  }
}

async function until(act: () => Promise<unknown>): Promise<void> {
  const outcome = await act().catch((error: unknown) => error);
  if (outcome instanceof Error) await until(act);
}

function same(found: readonly number[], wanted: readonly number[]): void {
  if (found.join() !== wanted.join()) throw new RangeError(`committed is ${found.join()}`);
}

describe("a sink that resumes from its progress", () => {
  it("writes everything exactly once, whatever brokers, network and its own process do", async () => {
    const result = await check(kafkaClientPolicies, { seeds: 40 });
    expect(result.findings).toEqual([]);
    expect(result).toMatchObject({ ok: true, unreached: [] });
  });

  it("does not when the client sends a batch again under the next number", async () => {
    const resentSequence = (first: number, failed: number): number => first + failed;
    const result = await check({ ...kafkaClientPolicies, resentSequence }, { seeds: 100 });
    expect(result.findings.length).toBeGreaterThan(0);
  });

  it.each([
    ["loses answers", faults.kafkaLostAnswers({ params: { oneIn: fc.constant(2) } })],
    ["fails under stress", faults.kafkaBrokerErrors({ params: { oneIn: fc.constant(2) } })],
  ])("needs the same number for a repeated batch where nothing but the cluster %s", async (_what, fault) => {
    const alone = { seeds: 20, faults: [fault], sometimes: [] };
    const sound = await check(kafkaClientPolicies, alone);
    expect(sound).toMatchObject({ ok: true, findings: [] });
    const resentSequence = (first: number, failed: number): number => first + failed;
    const unsound = await check({ ...kafkaClientPolicies, resentSequence }, alone);
    expect(unsound.findings.length).toBeGreaterThan(0);
  });
});
