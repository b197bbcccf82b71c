/** One request of each kind to a cluster under a control, and what came of it. */
import type { KafkaApi, KafkaApis } from "../../../src/ports/kafka-rpc.ts";
import type { KafkaControls } from "../../../src/ports/service-controls.ts";
import { slotNumber, type KafkaCluster } from "../../../src/sim/kafka/cluster.ts";
import { kafkaControls } from "../../../src/sim/kafka/controls.ts";
import { brokers, errorOf, RawProducer, record, valueOf } from "./brokers.ts";

/** What there is before each request: a topic with one record, a transaction that a partition was added to. */
interface Scene {
  readonly cluster: KafkaCluster;
  readonly producerId: number;
}

/** The partition that everything is about. */
export const least = { topic: "t", partition: 0 };

/** One request of each kind, and whether its effect is there. */
export const requests: {
  readonly [A in KafkaApi]: {
    readonly request: (scene: Scene) => KafkaApis[A]["request"];
    /** Null for a request without any. */
    readonly hasEffect: ((scene: Scene) => boolean) | null;
  };
} = {
  metadata: { request: () => ({}), hasEffect: null },
  listOffsets: { request: () => least, hasEffect: null },
  fetch: {
    request: () => ({ ...least, offset: 0, isolation: "read_committed", maxWaitMillis: 0, maxRecords: 9 }),
    hasEffect: null,
  },
  findCoordinator: { request: () => ({ transactionalId: "tx" }), hasEffect: null },
  createTopic: {
    request: () => ({ name: "new", partitions: 1 }),
    hasEffect: ({ cluster }) => cluster.topics.has("new"),
  },
  deleteTopic: { request: () => ({ name: "t" }), hasEffect: ({ cluster }) => !cluster.topics.has("t") },
  initProducerId: {
    request: () => ({ transactionalId: "other", timeoutMillis: 1_000 }),
    hasEffect: ({ cluster }) => cluster.transactions.has("other"),
  },
  addPartitionsToTxn: {
    request: ({ producerId }) => ({
      transactionalId: "tx",
      producerId,
      epoch: 0,
      partitions: [{ topic: "t", partition: 1 }],
    }),
    hasEffect: ({ cluster }) => cluster.transactions.get("tx")!.partitions.length === 2,
  },
  produce: {
    request: () => ({ ...least, records: [record("b")] }),
    hasEffect: ({ cluster }) => cluster.topics.get("t")!.partitions[0]!.log.endOffset === 2,
  },
  endTxn: {
    request: ({ producerId }) => ({ transactionalId: "tx", producerId, epoch: 0, commit: true }),
    hasEffect: ({ cluster }) => cluster.transactions.get("tx")!.phase !== "ONGOING",
  },
};

/** All kinds of requests of clients. */
export const apis = Object.keys(requests) as KafkaApi[];

export interface Outcome {
  /** "" of a positive answer, with a question mark when it is not known whether the request was handled. */
  readonly code: string;
  /** Null of a request that never has any. */
  readonly hasEffect: boolean | null;
  readonly took: number;
  readonly witnesses: readonly unknown[];
}

/**
 * Makes one request, while `turn` is in force, to the broker that it is for; `before` other ones go ahead of it. Heals
 * twice, and expects that all works then.
 */
export async function outcomeOf(
  api: KafkaApi,
  turn: (controls: KafkaControls) => () => void,
  before = 0,
): Promise<Outcome> {
  let outcome: Omit<Outcome, "witnesses"> | undefined;
  const { run, tank, cluster } = brokers(async (client, own) => {
    await client.create("t", 2);
    valueOf(await client.lead("produce", { ...least, records: [record("a")] }));
    const producer = await RawProducer.init(client, "tx", "t");
    valueOf(await producer.add());
    const scene = { cluster, producerId: cluster.transactions.get("tx")!.producerId };
    const { request, hasEffect } = requests[api];
    const asked = request(scene);
    const heal = turn(kafkaControls(cluster));
    for (let at = 0; at < before; at++) await client.ask(0, "metadata", {});
    const began = own.now;
    const code = await client.ask(placeOf(cluster, asked), api, asked as never).then(errorOf, codeOf);
    outcome = { code, took: own.now - began, hasEffect: hasEffect?.(scene) ?? null };
    heal();
    heal();
    valueOf(await client.ask(0, "metadata", {}));
  });
  await run("20s");
  return { ...outcome!, witnesses: [...tank.of("kafka.answer-lost"), ...tank.of("kafka.failed")] };
}

/** The code of an error of the network; with a question mark when the request may have been handled. */
export function codeOf(error: unknown): string {
  const { code, definite } = error as { readonly code: string; readonly definite: boolean };
  return `${code}${definite ? "" : "?"}`;
}

/** The broker that a request is for. */
function placeOf(cluster: KafkaCluster, request: object): number {
  const { topic, transactionalId } = request as { readonly topic?: string; readonly transactionalId?: string };
  if (topic !== undefined) return cluster.topics.get(topic)!.partitions[0]!.leader;
  return transactionalId === undefined ? 0 : cluster.slots[slotNumber(cluster, transactionalId)]!.broker;
}
