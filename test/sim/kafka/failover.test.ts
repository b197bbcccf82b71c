import { describe, expect, it } from "vitest";
import { slotNumber, type KafkaCluster } from "../../../src/sim/kafka/cluster.ts";
import { outcome } from "../../machine/tank.ts";
import { brokers, errorOf, names, record, RawProducer, valueOf, type RawClient } from "./brokers.ts";

/** A broker that is killed comes back so late that the others take over. */
const held = { backoff: "20s", backoffMax: "20s" } as const;

interface Sent {
  readonly acked: string[];
  readonly refused: string[];
}

/** Produces one record after the other without numbers, and sends none twice: what is not acknowledged is open. */
async function produce(client: RawClient, count: number, sent: Sent): Promise<void> {
  for (let at = 0; at < count; at++) {
    const value = `v${at}`;
    const request = { topic: "t", partition: 0, records: [record(value)] };
    const answer = await outcome(client.lead("produce", request));
    if ((answer as { ok?: boolean }).ok === true) sent.acked.push(value);
    else if ((answer as { error?: string }).error === "NOT_LEADER_OR_FOLLOWER") sent.refused.push(value);
    await client.host.sleep(at % 2 === 0 ? "1ms" : "7ms");
  }
}

function coordinatorOf(cluster: KafkaCluster, transactionalId: string): string {
  return names[cluster.slots[slotNumber(cluster, transactionalId)]!.broker]!;
}

/** Whether `values` holds each of `wanted` once, in their order, and no other but those of `open`. */
function expectKept(values: readonly string[], wanted: readonly string[]): void {
  expect(values.filter((value) => wanted.includes(value))).toEqual(wanted);
  expect(new Set(values).size).toBe(values.length);
}

describe("a leader that dies in the middle of appends", () => {
  it.each([60, 61, 63, 65, 68, 72, 77])("loses nothing that it acknowledged, at %i ms (Kafka 54)", async (at) => {
    const sent: Sent = { acked: [], refused: [] };
    let values: string[] = [];
    const { tank, run, cluster } = brokers(
      async (client) => {
        await client.create("t");
        await produce(client, 600, sent);
        values = await client.values("t", "read_uncommitted");
      },
      { seed: `crash-${at}` },
      held,
    );
    tank.at(`${at}ms`, () => tank.controls.host("b0").crash());
    await run("60s");
    expect(cluster.topics.get("t")!.partitions[0]).toMatchObject({ leader: 1, leaderEpoch: 1 });
    expect(tank.of("kafka.leader-moved")).toEqual([{ topic: "t", partition: 0, leader: "b1" }]);
    expect(sent.acked.length).toBeGreaterThan(10);
    expect(sent.acked.length).toBeLessThan(600);
    expectKept(values, sent.acked);
    expect(values.filter((value) => sent.refused.includes(value))).toEqual([]);
  });

  it("leaves a batch in doubt: it is in the log and was not acknowledged (Kafka 21, 60)", async () => {
    let answer: unknown;
    let again: unknown;
    const producer = { id: 7, epoch: 0, sequence: 0 };
    const request = { topic: "t", partition: 0, records: [record("a")], producer };
    const { tank, run, cluster } = brokers(
      async (client) => {
        await client.create("t");
        tank.kernel.observer = (observation) => {
          // In the middle of the replication, which takes half a millisecond at least.
          if (observation.kind === "kafka.appended")
            tank.at(`${tank.now + 200}us`, () => tank.controls.host("b0").crash());
        };
        answer = await outcome(client.lead("produce", request));
        await client.host.sleep("5s");
        again = await client.lead("produce", request);
        expect(await client.values("t", "read_uncommitted")).toEqual(["a"]);
      },
      {},
      held,
    );
    await run("30s");
    expect(answer).toBe("!ECONNRESET?");
    expect(again).toEqual({ ok: true, value: { baseOffset: 0 } });
    expect(cluster.topics.get("t")!.partitions[0]!.log.endOffset).toBe(1);
  });

  it("goes on where it was when it is back before anybody missed it", async () => {
    const { tank, run, cluster } = brokers(async (client) => {
      await client.create("t");
      valueOf(await client.lead("produce", { topic: "t", partition: 0, records: [record("a")] }));
      tank.controls.host("b0").crash();
      await client.host.sleep("700ms");
      valueOf(await client.lead("produce", { topic: "t", partition: 0, records: [record("b")] }));
      expect(await client.values("t", "read_uncommitted")).toEqual(["a", "b"]);
    });
    await run("20s");
    expect(cluster.topics.get("t")!.partitions[0]).toMatchObject({ leader: 0, leaderEpoch: 0 });
  });
});

describe("a leader that sleeps through its replacement", () => {
  it("knows it when it wakes, and does not acknowledge what it had begun (Kafka 54, 56)", async () => {
    const answers: unknown[] = [];
    const { tank, run } = brokers(async (client) => {
      await client.create("t");
      const request = { topic: "t", partition: 0, records: [record("a")] };
      let heal = (): void => undefined;
      tank.kernel.observer = ({ kind }) => {
        if (kind === "kafka.appended") tank.at(`${tank.now + 200}us`, () => (heal = tank.controls.host("b0").pause()));
      };
      const calls = client.host.call("b0:9092", { api: "produce", ...request } as never, { timeout: "30s" });
      await client.host.sleep("5s");
      heal();
      answers.push(await calls);
      answers.push(await client.ask(0, "produce", request));
      answers.push(await client.values("t", "read_uncommitted"));
    });
    await run("30s");
    expect(answers).toEqual([
      { ok: false, error: "REQUEST_TIMED_OUT" },
      { ok: false, error: "NOT_LEADER_OR_FOLLOWER" },
      ["a"],
    ]);
  });
});

describe("a broker that is asked to stop", () => {
  it("hands over at once what it leads and coordinates, and joins again", async () => {
    const { tank, run, cluster } = brokers(async (client) => {
      await client.create("t");
      valueOf(await client.lead("produce", { topic: "t", partition: 0, records: [record("a")] }));
      tank.controls.host("b0").stop("1s");
      await client.host.sleep("10ms");
      expect(cluster.topics.get("t")!.partitions[0]!.leader).toBe(1);
      expect(cluster.slots.map((slot) => slot.broker)).not.toContain(0);
      expect(await client.values("t", "read_uncommitted")).toEqual(["a"]);
      await client.host.sleep("5s");
    });
    await run("20s");
    expect(cluster.members.map(({ isAlive }) => isAlive)).toEqual([true, true, true]);
    expect(tank.of("process.crashed")).toEqual([]);
  });
});

describe("a broker that dies slowly", () => {
  it("keeps its port and what it leads until it is gone; then its successor has them", async () => {
    const { tank, run } = brokers(async (client) => {
      await client.create("t");
      tank.controls.host("b0").slowDeath("3s");
      const sent: string[] = [];
      for (let at = 0; at < 80; at++) {
        const request = { topic: "t", partition: 0, records: [record(`v${at}`)] };
        const answer = await outcome(client.lead("produce", request));
        if ((answer as { ok?: boolean }).ok === true) sent.push(`v${at}`);
        await client.host.sleep("100ms");
      }
      expect(sent.length).toBeGreaterThan(50);
      expectKept(await client.values("t", "read_uncommitted"), sent);
    });
    await run("30s");
    expect(tank.of("net.address-in-use").length).toBeGreaterThan(0);
  });
});

describe("a coordinator that dies", () => {
  it("leaves a decided commit to its successor, which writes the markers (Kafka 24, 31, 40)", async () => {
    const { tank, run, cluster } = brokers(
      async (client) => {
        await client.create("t");
        const producer = await RawProducer.init(client, "tx", "t");
        valueOf(await producer.add());
        valueOf(await producer.send("a"));
        valueOf(await producer.end(true));
        const died = coordinatorOf(cluster, "tx");
        tank.controls.host(died).crash();
        expect(await client.values("t", "read_committed").catch(() => [])).toEqual([]);
        await client.host.sleep("5s");
        expect(coordinatorOf(cluster, "tx")).not.toBe(died);
        expect(cluster.transactions.get("tx")!.phase).toBe("COMPLETE_COMMIT");
        expect(await client.values("t", "read_committed")).toEqual(["a"]);
        expect(errorOf(await producer.end(true))).toBe("");
        expect(errorOf(await producer.end(false))).toBe("INVALID_TXN_STATE");
      },
      { knobs: { markerDelays: [300_000] } },
      held,
    );
    await run("30s");
    expect(tank.of("kafka.marker-written")).toHaveLength(1);
  });

  it("takes the open transaction with it only if nobody commits it (Kafka 33)", async () => {
    const { tank, run, cluster } = brokers(
      async (client) => {
        await client.create("t");
        const producer = await RawProducer.init(client, "tx", "t");
        valueOf(await producer.add());
        valueOf(await producer.send("a"));
        tank.controls.host(coordinatorOf(cluster, "tx")).crash();
        await client.host.sleep("5s");
        valueOf(await producer.end(true));
        await client.host.sleep("1s");
        expect(await client.values("t", "read_committed")).toEqual(["a"]);
      },
      {},
      held,
    );
    await run("30s");
    expect(tank.of("kafka.transaction-decided")).toHaveLength(1);
  });
});
