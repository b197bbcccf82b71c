/**
 * The contract of Kafka, held by the simulated brokers and the client, in a world of its own for every case. Epochs end at
 * 40 here, so that their end is in sight.
 */
import { describe, expect, it } from "vitest";
import { micros } from "../../src/base/time.ts";
import type { Host } from "../../src/ports/host.ts";
import { broker } from "../../src/sim/kafka/broker.ts";
import { kafkaClient } from "../../src/sim/kafka/client/kafka-client.ts";
import { kafkaClientPolicies, type KafkaClientPolicies } from "../../src/sim/kafka/client/policies.ts";
import { hostKafkaRpc } from "../../src/sim/kafka/client/host-kafka-rpc.ts";
import { addressOf, kafkaCluster, type KafkaCluster } from "../../src/sim/kafka/cluster.ts";
import { kafkaControls } from "../../src/sim/kafka/controls.ts";
import type { KafkaPolicies } from "../../src/sim/kafka/policies.ts";
import { runBody } from "../support/bodies.ts";
import type { KafkaBackend, KafkaSession } from "./kafka/backend.ts";
import { kafkaContract } from "./kafka.contract.ts";

const hosts = ["broker-0", "broker-1", "broker-2"];

interface Planted {
  readonly brokers?: Partial<KafkaPolicies>;
  readonly client?: Partial<KafkaClientPolicies>;
}

/** Cases run as a process that is held to ports, as the engine will be. */
function simulated(planted: Planted = {}): KafkaBackend {
  return {
    async run(use) {
      let failure: { readonly error: unknown } | undefined;
      const record = await runBody(async ({ world }) => {
        const choose = (key: string, n: number): number => world.choose(key, n);
        const policies = planted.brokers ?? {};
        const cluster = kafkaCluster({ brokers: hosts, choose, policies, knobs: { epochMax: 40 } });
        for (const [place, host] of hosts.entries()) {
          world.host(host).start(broker(cluster, place), { restart: "always", ambient: "ports" });
        }
        let isOver = false;
        const program = async (host: Host): Promise<void> => {
          try {
            await use(session(host, cluster, planted));
          } catch (error) {
            failure = { error };
          }
          isOver = true;
        };
        world.host("client").start(program, { ambient: "ports" });
        await world.until(() => isOver, { every: "100ms" });
      });
      if (failure !== undefined) throw failure.error;
      expect(record.failure).toBeNull();
    },
  };
}

function session(host: Host, cluster: KafkaCluster, planted: Planted): KafkaSession {
  const rpc = hostKafkaRpc(host);
  const controls = kafkaControls(cluster);
  const brokers = hosts.map((_host, place) => addressOf(cluster, place));
  const policies = { ...kafkaClientPolicies, ...planted.client };
  let names = 0;
  return {
    brokers,
    rpc,
    client: (over = rpc) => kafkaClient(host, brokers, { rpc: over, policies }),
    unique: (stem) => `${stem}-${++names}`,
    sleep: (duration) => host.sleep(duration),
    clock: () => host.clock.monotonic(),
    async moveLeaders(address) {
      controls.moveLeaders(hosts[brokers.indexOf(address)]!);
    },
    async loseReplicas(leader) {
      const others = hosts.filter((_host, place) => brokers[place] !== leader);
      const heals = others.map((other) => controls.lagReplicas(other));
      return async () => heals.forEach((heal) => heal());
    },
    async moveCoordinators() {
      controls.moveCoordinators(micros(300_000));
    },
  };
}

/** Statements that are shown; `kafka.contract.ts` says why the others are not. */
const covered = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 27, 28, 29, 30, 31, 32, 33,
  34, 35, 37, 39, 40, 41, 42, 43, 44, 45, 46, 51, 53, 54, 56, 57, 59, 60,
];

/** What a cluster or a client may get wrong, and the number of a statement that then does not hold. */
const plants: readonly (readonly [string, number, Planted])[] = [
  ["epochs stand still", 22, { brokers: { nextEpoch: (epoch) => epoch } }],
  ["coordinators let zombies pass", 25, { brokers: { isFenced: () => false } }],
  ["an init leaves the predecessor's transaction open", 23, { brokers: { abortsPredecessor: () => false } }],
  ["transactions stay open for ever", 29, { brokers: { isExpired: () => false } }],
  ["leaders take batches of partitions that were not added", 30, { brokers: { mayJoin: () => true } }],
  ["read_committed reads to the high watermark", 4, { brokers: { readBound: (_isolation, high) => high } }],
  ["a topic is known by its name", 45, { brokers: { isSameTopic: () => true } }],
  ["leaders append what nobody replicates", 53, { brokers: { hasReplicas: () => true } }],
  ["leaders take batches of any size", 59, { brokers: { takesBatch: () => true } }],
  ["epochs stand still", 27, { brokers: { nextEpoch: (epoch) => epoch } }],
  ["repeated batches are appended", 20, { brokers: { deduplicates: () => false } }],
  ["repeated batches are appended", 17, { brokers: { deduplicates: () => false } }],
  [
    "a batch is sent again under the next number",
    17,
    { client: { resentSequence: (first, failed) => first + failed } },
  ],
  ["aborted data is shown", 5, { client: { hidesBatch: () => false } }],
  ["a fenced producer goes on", 25, { client: { isFenced: () => false } }],
  ["an epoch is kept after a repeated commit", 33, { client: { mayKeepEpoch: () => true } }],
  ["the position follows the records", 51, { client: { positionAfter: (_all, last, at) => (last ?? at - 1) + 1 } }],
];

describe("the contract of Kafka, in the simulated cluster", () => {
  const cases = kafkaContract(simulated());

  it.each(cases.map((each) => [each.title, each.statements.join(", "), each.run] as const))(
    "%s (Kafka %s)",
    async (_title, _statements, run) => {
      expect.hasAssertions();
      await run();
    },
  );

  it("shows the statements that it is meant to show", () => {
    const shown = new Set(cases.flatMap(({ statements }) => statements));
    expect([...shown].toSorted((a, b) => a - b)).toEqual(covered);
  });

  it.each(plants)("breaks where %s (Kafka %i)", async (_title, statement, planted) => {
    const judges = kafkaContract(simulated(planted)).filter(({ statements }) => statements.includes(statement));
    const failures: unknown[] = [];
    // One world after the other: they share the thread.
    for (const { run } of judges) await run().catch((error: unknown) => failures.push(error));
    expect(failures.length).toBeGreaterThan(0);
  });
});
