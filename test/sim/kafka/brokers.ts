/** Three brokers in a tank, and a client that speaks to them request by request. */
import type { Duration } from "../../../src/base/time.ts";
import { hashText } from "../../../src/base/hash.ts";
import type { KafkaAnswer, KafkaApi, KafkaApis, KafkaErrorCode, KafkaRecord } from "../../../src/ports/kafka-rpc.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { StartOptions } from "../../../src/ports/world.ts";
import { broker } from "../../../src/sim/kafka/broker.ts";
import {
  addressOf,
  kafkaCluster,
  type KafkaCluster,
  type KafkaClusterOptions,
} from "../../../src/sim/kafka/cluster.ts";
import { Tank } from "../../machine/tank.ts";

type Options = Partial<Pick<KafkaClusterOptions, "knobs" | "policies">> & { readonly seed?: string };

export const names = ["b0", "b1", "b2"] as const;

/** A choice that depends on the key only. */
export function choose(key: string, n: number): number {
  return (hashText(key) >>> 0) % n;
}

/** A record with nothing but a value. */
export function record(value: string): KafkaRecord {
  return { key: null, value, headers: [], timestamp: 0 };
}

export interface Fixture {
  readonly tank: Tank;
  readonly cluster: KafkaCluster;
  /** Runs the tank; throws when the client's program has not ended by then. */
  readonly run: (until: Duration) => Promise<void>;
}

/** The cluster with its brokers started, and a client's program at 10 ms. */
export function brokers(
  program: (client: RawClient, tank: Tank) => Promise<unknown>,
  { seed = "kafka", ...options }: Options = {},
  start: StartOptions = {},
): Fixture {
  const tank = new Tank({ seed });
  let isDone = false;
  const cluster = kafkaCluster({ brokers: names, choose, ...options });
  for (const [place, name] of names.entries()) {
    tank.start(name, broker(cluster, place), { restart: "always", ambient: "ports", ...start });
  }
  tank.outsider("client", async (host) => {
    await host.sleep("10ms");
    await program(new RawClient(host, cluster), tank);
    isDone = true;
  });
  const run = async (until: Duration): Promise<void> => {
    await tank.run(until);
    if (!isDone) throw new Error(`the client's program has not ended by ${until}`);
  };
  return { tank, cluster, run };
}

/** One request after the other, to the broker that leads or coordinates by the cluster's own state. */
export class RawClient {
  readonly host: Host;
  readonly #cluster: KafkaCluster;

  constructor(host: Host, cluster: KafkaCluster) {
    this.host = host;
    this.#cluster = cluster;
  }

  /** Asks one broker. */
  ask<A extends KafkaApi>(place: number, api: A, request: KafkaApis[A]["request"]): Promise<KafkaAnswer<A>> {
    return this.host.call(addressOf(this.#cluster, place), { api, ...request } as never) as Promise<KafkaAnswer<A>>;
  }

  /** Asks a partition's leader. */
  lead<A extends "fetch" | "produce" | "listOffsets">(
    api: A,
    request: KafkaApis[A]["request"],
  ): Promise<KafkaAnswer<A>> {
    const leader = this.#cluster.topics.get(request.topic)?.partitions[request.partition]?.leader ?? 0;
    return this.ask(leader, api, request);
  }

  /** Asks a transaction's coordinator, as `findCoordinator` names it; again while it is busy. */
  async coordinate<A extends "addPartitionsToTxn" | "endTxn" | "initProducerId">(
    api: A,
    request: KafkaApis[A]["request"],
    patience: readonly KafkaErrorCode[] = ["CONCURRENT_TRANSACTIONS", "COORDINATOR_LOAD_IN_PROGRESS"],
  ): Promise<KafkaAnswer<A>> {
    for (;;) {
      const found = await this.ask(0, "findCoordinator", { transactionalId: request.transactionalId! });
      if (!found.ok) return found;
      const address = found.value.coordinator;
      const answer = (await this.host.call(address, { api, ...request } as never)) as KafkaAnswer<A>;
      if (answer.ok || !patience.includes(answer.error)) return answer;
      await this.host.sleep("20ms");
    }
  }

  /** Creates a topic and returns its id. */
  async create(name: string, partitions = 1): Promise<string> {
    return valueOf(await this.ask(0, "createTopic", { name, partitions })).id;
  }

  /** Values that a consumer sees of a partition, from the start. */
  async values(topic: string, isolation: "read_committed" | "read_uncommitted", partition = 0): Promise<string[]> {
    const request = { topic, partition, offset: 0, isolation, maxWaitMillis: 0, maxRecords: 100_000 };
    return visible(valueOf(await this.lead("fetch", request)));
  }
}

interface ProducerId {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
}

/** One producer of a transactional id, which sends one record at a time to partition 0 of its topic. */
export class RawProducer {
  readonly #client: RawClient;
  readonly #topic: string;
  readonly #id: ProducerId;
  #sequence = 0;

  private constructor(client: RawClient, topic: string, id: ProducerId) {
    this.#client = client;
    this.#topic = topic;
    this.#id = id;
  }

  /** Initialises the transactional id, which fences its predecessors. */
  static async init(
    client: RawClient,
    transactionalId: string,
    topic: string,
    timeoutMillis = 60_000,
  ): Promise<RawProducer> {
    const value = valueOf(await client.coordinate("initProducerId", { transactionalId, timeoutMillis }));
    return new RawProducer(client, topic, { transactionalId, ...value });
  }

  add(): Promise<KafkaAnswer<"addPartitionsToTxn">> {
    const partitions = [{ topic: this.#topic, partition: 0 }];
    return this.#client.coordinate("addPartitionsToTxn", { ...this.#id, partitions });
  }

  send(value: string): Promise<KafkaAnswer<"produce">> {
    const { transactionalId, producerId: id, epoch } = this.#id;
    const producer = { id, epoch, sequence: this.#sequence++, transactionalId };
    return this.#client.lead("produce", { topic: this.#topic, partition: 0, records: [record(value)], producer });
  }

  end(commit: boolean): Promise<KafkaAnswer<"endTxn">> {
    return this.#client.coordinate("endTxn", { ...this.#id, commit });
  }
}

/** What is left of a fetched answer when control records and aborted data are dropped, as a client does. */
export function visible({ batches, aborted }: KafkaApis["fetch"]["reply"]): string[] {
  const skipped = new Set<number>();
  const waiting = [...aborted];
  const values: string[] = [];
  for (const batch of batches) {
    while (waiting.length > 0 && waiting[0]!.firstOffset <= batch.baseOffset) skipped.add(waiting.shift()!.producerId);
    if (batch.control === "abort") skipped.delete(batch.producerId!);
    if (batch.isTransactional && skipped.has(batch.producerId!)) continue;
    values.push(...batch.records.map(({ value }) => value!));
  }
  return values;
}

/** The value of a positive answer. */
export function valueOf<A extends KafkaApi>(answer: KafkaAnswer<A>): KafkaApis[A]["reply"] {
  if (!answer.ok) throw new Error(`refused: ${answer.error}`);
  return answer.value;
}

/** The code of a negative answer, "" of a positive one. */
export function errorOf(answer: KafkaAnswer<KafkaApi>): string {
  return answer.ok ? "" : answer.error;
}
