/**
 * A whole world: transactional producers, zombies among them, while brokers crash, sleep and lose their connections.
 */
import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import { crash, latency, pause, reset } from "../../../src/faults/public.ts";
import type { KafkaErrorCode } from "../../../src/ports/kafka-rpc.ts";
import type { Body } from "../../../src/scenario/define-scenario.ts";
import { broker } from "../../../src/sim/kafka/broker.ts";
import { kafkaCluster, type KafkaCluster } from "../../../src/sim/kafka/cluster.ts";
import { kafkaControls } from "../../../src/sim/kafka/controls.ts";
import { runBody } from "../../support/bodies.ts";
import { choose, names, RawClient, RawProducer, valueOf } from "./brokers.ts";

interface Ledger {
  /** Values whose commit was acknowledged. */
  readonly committed: string[];
  /** Values whose commit's outcome is unknown. */
  readonly open: Set<string>;
  /** What a consumer has in the end, of both topics. */
  consumed: readonly string[][];
}

/** Transactions one after the other, by a new producer whenever anything goes wrong. */
async function work(client: RawClient, id: string, count: number, ledger: Ledger): Promise<void> {
  let producer: RawProducer | null = null;
  for (let at = 0; at < count; at++) {
    const value = `${client.host.name}-${at}`;
    try {
      producer ??= await RawProducer.init(client, id, "t", 10_000);
      valueOf(await producer.add());
      valueOf(await producer.send(value));
      ledger.open.add(value);
      valueOf(await producer.end(true));
      ledger.open.delete(value);
      ledger.committed.push(value);
    } catch (error) {
      if (!(error instanceof Error) || !isExpected(error)) throw error;
      producer = null;
      await client.host.sleep("300ms");
    }
    await client.host.sleep("50ms");
  }
}

function isExpected(error: Error): boolean {
  const codes: readonly KafkaErrorCode[] = [
    "NOT_LEADER_OR_FOLLOWER",
    "REQUEST_TIMED_OUT",
    "NOT_COORDINATOR",
    "COORDINATOR_NOT_AVAILABLE",
    "PRODUCER_FENCED",
    "INVALID_TXN_STATE",
    "INVALID_PRODUCER_EPOCH",
  ];
  return "code" in error || codes.some((code) => error.message === `refused: ${code}`);
}

function storm(ledger: Ledger, made: KafkaCluster[]): Body {
  return async ({ world, faults }) => {
    const cluster = kafkaCluster({ brokers: names, choose });
    made.push(cluster);
    for (const [place, name] of names.entries()) {
      const options = { restart: "always", backoff: place === 0 ? "6s" : "500ms", ambient: "ports" } as const;
      world.host(name).start(broker(cluster, place), options);
    }
    const client = (name: string): RawClient => new RawClient(world.host(name), cluster);
    await world.sleep("20ms");
    await client("admin").create("t");
    const controls = kafkaControls(cluster);
    world.at("1s", () => faults.inject(crash, { host: "b0" }));
    world.at("4s", () => faults.inject(reset, { a: "b1", b: "one" }));
    world.at("5s", () => {
      const heal = faults.inject(pause, { host: "b1" });
      world.at("10s", heal);
    });
    world.at("12s", () => {
      controls.moveCoordinators(micros(400_000));
      controls.moveLeaders("b2");
    });
    world.at("14s", () => faults.inject(crash, { host: "b2" }));
    world.at("15s", () => {
      const heal = faults.inject(latency, { a: "two", b: "b0", ms: 30 });
      world.at("18s", heal);
    });
    // Two of them share an id: each fences the other, again and again.
    const all = [
      ["one", "x"],
      ["two", "y"],
      ["three", "y"],
    ] as const;
    await Promise.all(all.map(([host, id], at) => work(client(host), id, 200 + at, ledger)));
    await world.heal({ within: "1m" });
    await world.sleep("20s");
    const reader = client("reader");
    ledger.consumed = [await reader.values("t", "read_committed"), await reader.values("t", "read_uncommitted")];
  };
}

describe("brokers in a storm", () => {
  it("show every acknowledged commit once, no aborted record, and run the same under checking", async () => {
    const hashes: string[] = [];
    for (const checking of [false, true]) {
      const ledger: Ledger = { committed: [], open: new Set(), consumed: [] };
      const made: KafkaCluster[] = [];
      const record = await runBody(storm(ledger, made), { run: { checking } });
      expect(record.failure).toBeNull();
      hashes.push(record.hash);
      expect(record.faults.map(({ fault, bit }) => [fault, bit])).toEqual(
        ["process.crash", "net.reset", "process.pause", "process.crash", "net.latency"].map((fault) => [fault, true]),
      );
      const [committed, all] = ledger.consumed as [string[], string[]];
      expect(ledger.committed.length).toBeGreaterThan(30);
      const known = committed.filter((value) => ledger.committed.includes(value));
      expect(known.toSorted()).toEqual(ledger.committed.toSorted());
      expect(committed.filter((value) => !ledger.committed.includes(value) && !ledger.open.has(value))).toEqual([]);
      expect(all.length).toBeGreaterThan(committed.length);
      const [cluster] = made;
      expect([...cluster!.transactions.values()].map(({ phase }) => phase.slice(0, 8))).not.toContain("PREPARE_");
      expect(cluster!.topics.get("t")!.partitions[0]!.log.open.size).toBe(0);
    }
    expect(hashes[0]).toBe(hashes[1]);
  });

  it("cost little: twenty events a transaction, and those of idle brokers", async () => {
    const record = await runBody(async ({ world }) => {
      const cluster = kafkaCluster({ brokers: names, choose });
      for (const [place, name] of names.entries()) world.host(name).start(broker(cluster, place), { ambient: "ports" });
      await world.sleep("20ms");
      const client = new RawClient(world.host("client"), cluster);
      await client.create("t");
      const producer = await RawProducer.init(client, "tx", "t");
      for (let at = 0; at < 300; at++) {
        valueOf(await producer.add());
        valueOf(await producer.send(`v${at}`));
        valueOf(await producer.end(true));
        await world.sleep("1s");
      }
    });
    expect(record.failure).toBeNull();
    expect(record.events).toBeLessThan(300 * (20 + 3) + 100);
  });
});
