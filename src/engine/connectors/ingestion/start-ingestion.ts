/**
 * A Kafka source on a replica. It connects when it is rendered, resumes from its durable bindings, reads every partition
 * by long polls and binds what was read to engine times: one compare-and-append each holds the rows and the new offsets.
 * While the broker cannot be reached the source's upper stands still: what is not known is not claimed. While nothing
 * comes it moves when somebody reads, and else seldom.
 * Left out: offsets committed upstream, partitions added after the start of an attempt.
 */
import type { KafkaClient, TopicInfo } from "../../../ports/kafka.ts";
import type { Entry, Frontier, Time } from "../../collection.ts";
import type { IngestionObject } from "../../compute/protocol.ts";
import type { Shard } from "../../persist/persist.ts";
import type { ConnectorContext, RunningConnector } from "../connector.ts";
import type { SourceEntry } from "./binding.ts";
import type { DecodeValue } from "./envelope.ts";
import { micros } from "../../../base/time.ts";
import { connectorFailure, ConnectorFailure, runAttempts, takeOver } from "../attempts.ts";
import { kafkaObject, type KafkaObject } from "../failure-text.ts";
import { Health } from "../health.ts";
import { splitSnapshot } from "./binding.ts";
import { envelope } from "./envelope.ts";
import { Intake } from "./intake.ts";
import { deleted, errorOf, explained, recordedFailure, sourceError } from "./topic-failure.ts";

/** Longest wait of a fetch that finds nothing. */
const pollWait = "3s";
/** New rows are bound this long after the last binding at the earliest. */
const bindEvery = "250ms";
/** How often the upper moves without rows, and without anybody who reads. */
const idleBindEvery = "5s";
const recordsMax = 500;

/** See the head of the file. */
export function startIngestion(
  object: IngestionObject,
  context: ConnectorContext,
  decode: DecodeValue,
): RunningConnector {
  const ingestion = new Ingestion(object, context, decode);
  void ingestion.run();
  return ingestion;
}

class Ingestion implements RunningConnector {
  readonly #object: IngestionObject;
  readonly #context: ConnectorContext;
  readonly #decode: DecodeValue;
  readonly #health: Health;
  readonly #about: KafkaObject;
  readonly #shard: Shard<SourceEntry>;
  #isStopped = false;
  /** Counts attempts: what an earlier one still does has no effect. */
  #attempt = 0;
  /** Looks in a row that did not find the topic. */
  #misses = 0;
  /** The latest time that somebody was said to read at. */
  #wanted: Time = 0;
  /** Makes the present attempt look whether there is something to bind. */
  #wake: (() => void) | null = null;

  constructor(object: IngestionObject, context: ConnectorContext, decode: DecodeValue) {
    this.#object = object;
    this.#context = context;
    this.#decode = decode;
    this.#health = new Health(object, context);
    this.#about = kafkaObject(object);
    this.#shard = context.persist.shard(object.shard);
  }

  stop(): void {
    this.#isStopped = true;
    this.#health.stop();
    this.#wake?.();
  }

  wanted(time: Time): void {
    if (time <= this.#wanted) return;
    this.#wanted = time;
    const ahead = time - this.#now();
    if (ahead <= 0) return this.#wake?.();
    void this.#context.ports.host.sleep(micros(ahead * 1_000)).then(() => this.#wake?.());
  }

  async run(): Promise<void> {
    await runAttempts(
      this.#context,
      this.#health,
      () => this.#attemptOnce(),
      () => this.#isStopped,
      () => this.#about,
    );
  }

  async #attemptOnce(): Promise<void> {
    const attempt = ++this.#attempt;
    const isOver = (): boolean => this.#isStopped || attempt !== this.#attempt;
    await takeOver(this.#shard, this.#context);
    const durable = await this.#durable();
    // Whatever Kafka would say now: its readers have the error, and keep it.
    if (durable.failure !== undefined) throw durable.failure;
    const kafka = this.#context.ports.kafka(this.#object.brokers);
    try {
      const topic = await this.#topic(kafka);
      const intake = await this.#resume(kafka, topic, durable);
      if (isOver()) return;
      await this.#ingest({ kafka, topic, intake, upper: durable.upper, isOver });
    } catch (error) {
      const failure = explained(connectorFailure(error, this.#about), this.#object.topic);
      // What is said to be for good is in the collection, too: all that reads the source must hear of it.
      throw failure.kind === "definite" && !isOver() ? await this.#recorded(failure) : failure;
    } finally {
      this.#attempt++;
      kafka.close();
    }
  }

  async #topic(kafka: KafkaClient): Promise<TopicInfo> {
    const { topic, topicId } = this.#object;
    const found = await kafka.topic(topic);
    if (found === undefined) {
      // It was there when the source was made, so sooner or later every broker has heard of it: if none has, it is gone.
      if (this.#context.policies.isTopicGone(++this.#misses)) throw deleted(topic);
      throw new ConnectorFailure("transient", "UNKNOWN_TOPIC_OR_PARTITION", `no broker knows topic "${topic}"`);
    }
    this.#misses = 0;
    if (!this.#context.policies.isSameTopic(topicId, found.id)) throw deleted(topic);
    return found;
  }

  /** What is in the shard now. */
  async #durable(): Promise<Durable> {
    const { upper } = await this.#shard.bounds();
    const snapshot = upper === null || upper === 0 ? [] : await this.#shard.snapshot(upper - 1);
    const { bindings, contents } = splitSnapshot(snapshot);
    const error = errorOf(contents);
    const failure = error === undefined ? undefined : recordedFailure(error.message, this.#about);
    return { upper, bindings, contents, failure };
  }

  /** Goes on from the durable bindings, and looks at partitions that have none. */
  async #resume(kafka: KafkaClient, topic: TopicInfo, { upper, bindings, contents }: Durable): Promise<Intake> {
    const { id, envelope: kind, columns } = this.#object;
    const resume = this.#context.policies.resumeOffsets(bindings);
    this.#context.ports.host.emit("source.resumed", { id, offsets: [...resume], upper });
    const intake = new Intake(envelope(kind, columns, this.#decode, contents), bindings, resume);
    for (let partition = 0; partition < topic.partitions; partition++) {
      if (intake.position(partition) !== undefined) continue;
      const marks = await kafka.watermarks({ topic: topic.name, topicId: topic.id, partition });
      intake.discover(partition, marks.logStartOffset, marks.lastStableOffset);
    }
    return intake;
  }

  /** Reads and binds until something fails; the failure is that of the whole attempt. */
  async #ingest(scene: Scene): Promise<void> {
    const readers = Array.from({ length: scene.topic.partitions }, (_, partition) => this.#read(scene, partition));
    await Promise.race([this.#bindAgainAndAgain(scene), ...readers]);
  }

  async #read(scene: Scene, partition: number): Promise<void> {
    const { kafka, topic, intake, isOver } = scene;
    const part = `partition ${partition}`;
    const onTrouble = (code: string): void => {
      if (!isOver()) this.#health.troubled(part, code, this.#about);
    };
    while (!isOver()) {
      const at = intake.position(partition)!;
      const where = { topic: topic.name, topicId: topic.id, partition };
      const options = { isolation: "read_committed", maxWait: pollWait, maxRecords: recordsMax } as const;
      const fetched = await kafka.fetch(where, at, { ...options, onTrouble });
      if (isOver()) return;
      this.#health.answered(part);
      intake.take(partition, fetched);
      this.#wake?.();
    }
  }

  async #bindAgainAndAgain(scene: Scene): Promise<void> {
    const { host } = this.#context.ports;
    const rest = { isOver: true };
    void this.#tick(scene, rest);
    for (let { upper } = scene; ;) {
      const isWanted = upper !== null && upper <= this.#wanted && this.#wanted <= this.#now();
      if (!scene.intake.isWhole || !(scene.intake.hasNews || isWanted || rest.isOver)) {
        await new Promise<void>((resolve) => (this.#wake = resolve));
        if (scene.isOver()) return;
        continue;
      }
      rest.isOver = false;
      upper = await this.#bind(scene, upper);
      if (scene.isOver()) return;
      this.#health.succeeded();
      await host.sleep(bindEvery);
      if (scene.isOver()) return;
    }
  }

  /** Ends the rest of a source without news from time to time. */
  async #tick(scene: Scene, rest: { isOver: boolean }): Promise<void> {
    for (;;) {
      await this.#context.ports.host.sleep(idleBindEvery);
      if (scene.isOver()) return;
      rest.isOver = true;
      this.#wake?.();
    }
  }

  /** Binds what has come to the present time of this host's clock, or waits when that has not moved on. */
  async #bind(scene: Scene, upper: Frontier): Promise<Frontier> {
    if (upper === null) throw new ConnectorFailure("internal", "shard-finished", "the source's shard is finished");
    const now = this.#now();
    if (now < upper) return upper;
    const updates = scene.intake.bind(now);
    const appended = await this.#shard.compareAndAppend(updates, upper, now + 1);
    if (!appended.ok) throw concurrentlyModified();
    this.#context.advanced(this.#object.id, this.#object.incarnation, now + 1);
    return now + 1;
  }

  /** Puts a definite error of the source into its collection, once; the upper stays there. Returns the one that is there. */
  async #recorded(failure: ConnectorFailure): Promise<ConnectorFailure> {
    const { upper, failure: earlier } = await this.#durable();
    if (upper === null || earlier !== undefined) return earlier ?? failure;
    const time = Math.max(upper, this.#now());
    const appended = await this.#shard.compareAndAppend([[sourceError(failure.message), time, 1]], upper, time + 1);
    if (!appended.ok) throw concurrentlyModified();
    this.#context.advanced(this.#object.id, this.#object.incarnation, time + 1);
    return failure;
  }

  #now(): Time {
    return Math.floor(this.#context.ports.host.clock.wall() / 1_000);
  }
}

interface Scene {
  readonly kafka: KafkaClient;
  readonly topic: TopicInfo;
  readonly intake: Intake;
  readonly upper: Frontier;
  readonly isOver: () => boolean;
}

/** What a source's shard holds. */
interface Durable {
  readonly upper: Frontier;
  readonly bindings: ReadonlyMap<number, number>;
  readonly contents: readonly (readonly [data: Entry, diff: number])[];
  /** What it has failed with for good. */
  readonly failure: ConnectorFailure | undefined;
}

/** Another instance of this source is at work; only one of the two is up to date. */
function concurrentlyModified(): ConnectorFailure {
  return new ConnectorFailure("transient", "concurrently-modified", "another instance writes this source's shard");
}
