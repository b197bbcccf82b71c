/** An upstream application: makes topics and produces into them, each record once, whatever the brokers do meanwhile. */
import type { Duration } from "../base/time.ts";
import type { World } from "../ports/world.ts";
import type { KafkaRpc } from "../ports/kafka-rpc.ts";
import type { KafkaClient } from "../ports/kafka.ts";
import { hashText } from "../base/hash.ts";
import { hostKafkaRpc } from "../sim/kafka/client/host-kafka-rpc.ts";
import { kafkaClient } from "../sim/kafka/client/kafka-client.ts";
import { upstreamHost } from "./topology.ts";

export class Upstream {
  readonly #world: World;
  readonly #brokers: readonly string[];
  readonly #client: KafkaClient;
  readonly #rpc: KafkaRpc;
  readonly #partitions = new Map<string, number>();
  #last: Promise<unknown> = Promise.resolve();
  #held = 0;

  constructor(world: World, brokers: readonly string[]) {
    this.#world = world;
    this.#brokers = brokers;
    this.#client = kafkaClient(world.host(upstreamHost), brokers);
    this.#rpc = hostKafkaRpc(world.host(upstreamHost));
  }

  /** Makes a topic, again and again until it is there and every broker has heard of it: somebody may delete it meanwhile. */
  async createTopic(topic: string, partitions: number): Promise<void> {
    this.#partitions.set(topic, partitions);
    for (const broker of this.#brokers) {
      await this.#untilDone(async () => {
        await this.#client.createTopic(topic, { partitions });
        const answer = await this.#rpc.request(broker, "metadata", { topics: [topic] });
        return answer.ok && answer.value.topics.length === 1;
      });
    }
  }

  /**
   * Writes a record into a topic in a transaction that stays open for a while, as somebody else's sink on the same brokers
   * may. Rejects with a coded error when that does not work out; the transaction is then left to its timeout.
   */
  async holdTransaction(topic: string, held: Duration): Promise<void> {
    const host = this.#world.host(upstreamHost);
    const producer = this.#client.producer(`held-${++this.#held}`, { transactionTimeout: "10s" });
    await producer.init();
    producer.begin();
    const timestamp = Math.floor(host.clock.wall() / 1_000);
    await producer.send(topic, 0, [{ key: "somebody else's", value: "{}", headers: [], timestamp }]);
    await host.sleep(held);
    await producer.commit();
  }

  async #untilDone(act: () => Promise<boolean>): Promise<void> {
    for (;;) {
      try {
        if (await act()) return;
      } catch (error) {
        if (typeof (error as { readonly code?: unknown }).code !== "string") throw error;
      }
      await this.#world.host(upstreamHost).sleep("250ms");
    }
  }

  /**
   * Appends one record; the partition follows from the key. Records go one after the other. Rejects with a coded error
   * when it is not known whether it was appended.
   */
  produce(topic: string, key: string | null, value: string | null): Promise<void> {
    const run = this.#last.then(
      () => this.#produce(topic, key, value),
      () => this.#produce(topic, key, value),
    );
    this.#last = run;
    return run;
  }

  async #produce(topic: string, key: string | null, value: string | null): Promise<void> {
    const partition = key === null ? 0 : (hashText(key) >>> 0) % (this.#partitions.get(topic) ?? 1);
    const timestamp = Math.floor(this.#world.host(upstreamHost).clock.wall() / 1_000);
    const offset = await this.#client.produce(topic, partition, [{ key, value, headers: [], timestamp }]);
    this.#world.emit("client.produced", { topic, partition, offset });
  }
}
