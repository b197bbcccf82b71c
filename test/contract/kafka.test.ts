/** The contract of Kafka, held by the simulated brokers and the client, in a world of its own for every case. */
import { describe, expect, it } from "vitest";
import { micros } from "../../src/base/time.ts";
import type { Host } from "../../src/ports/host.ts";
import { broker } from "../../src/sim/kafka/broker.ts";
import { kafkaClient } from "../../src/sim/kafka/client/kafka-client.ts";
import { hostKafkaRpc } from "../../src/sim/kafka/client/host-kafka-rpc.ts";
import { addressOf, kafkaCluster } from "../../src/sim/kafka/cluster.ts";
import { kafkaControls } from "../../src/sim/kafka/controls.ts";
import { runBody } from "../support/bodies.ts";
import type { KafkaBackend, KafkaSession } from "./kafka-backend.ts";
import { kafkaContract } from "./kafka.contract.ts";

const hosts = ["broker-0", "broker-1", "broker-2"];

/** Cases run as a process that is held to ports, as the engine will be. */
const simulated: KafkaBackend = {
  async run(use) {
    let failure: { readonly error: unknown } | undefined;
    const record = await runBody(async ({ world }) => {
      const cluster = kafkaCluster({ brokers: hosts, choose: (key, n) => world.choose(key, n) });
      for (const [place, host] of hosts.entries()) {
        world.host(host).start(broker(cluster, place), { restart: "always", ambient: "ports" });
      }
      const controls = kafkaControls(cluster);
      const brokers = hosts.map((_host, place) => addressOf(cluster, place));
      let isOver = false;
      const program = async (host: Host): Promise<void> => {
        try {
          await use(session(host, brokers, controls));
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

function session(host: Host, brokers: readonly string[], controls: ReturnType<typeof kafkaControls>): KafkaSession {
  const rpc = hostKafkaRpc(host);
  let names = 0;
  return {
    brokers,
    rpc,
    client: (over = rpc) => kafkaClient(host, brokers, { rpc: over }),
    unique: (stem) => `${stem}-${++names}`,
    sleep: (duration) => host.sleep(duration),
    clock: () => host.clock.monotonic(),
    async moveLeaders(address) {
      controls.moveLeaders(hosts[brokers.indexOf(address)]!);
    },
    async moveCoordinators() {
      controls.moveCoordinators(micros(300_000));
    },
  };
}

/** Statements that one cluster without faults can show through this API. */
const covered = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 21, 22, 23, 24, 25, 28, 29, 30, 31, 32, 33, 34, 35,
  37, 39, 40, 41, 42, 43, 44, 45, 51, 54, 56, 57, 60,
];

describe("the contract of Kafka, in the simulated cluster", () => {
  const cases = kafkaContract(simulated);

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
});
