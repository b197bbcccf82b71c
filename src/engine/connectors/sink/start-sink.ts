/**
 * An exactly-once Kafka sink on a replica. Start-up: fence predecessors, then find the last committed progress, then read
 * the input from there (C2). Steady state: whole times in one transaction each, the progress record last, then the sink's
 * own shard follows, which holds back compaction of the input (C3). Whatever fails ends the attempt; the next one begins
 * at the top, since only the progress topic knows what became of a commit without an answer.
 */
import type { Json } from "../../../base/json.ts";
import type { KafkaClient, TransactionalProducer } from "../../../ports/kafka.ts";
import type { Entry, Frontier, Time, Update } from "../../collection.ts";
import type { SinkObject } from "../../compute/protocol.ts";
import type { Listener, Shard } from "../../persist/persist.ts";
import type { ConnectorContext, RunningConnector } from "../connector.ts";
import type { Outbox, Release } from "./outbox.ts";
import { isBeyond } from "../../collection.ts";
import { collectionUpdates } from "../../compute/source-updates.ts";
import { connectorFailure, ConnectorFailure, runAttempts, takeOver } from "../attempts.ts";
import { kafkaObject, type KafkaObject } from "../failure-text.ts";
import { Health } from "../health.ts";
import { encode } from "./encoding.ts";
import { newOutbox, receive, release } from "./outbox.ts";
import { ensureProgressTopic, progressRecord, progressTopic, scanProgress } from "./progress.ts";

/** A producer that died with a transaction open holds others up for so long. */
const transactionTimeout = "10s";
/** Without messages, progress is written so seldom, ms of the input's time. */
const idleCommitMillis = 4_000;
/** Of a sink's calls of Kafka, all that can fail while it runs. */
const part = "producer";

/** See the head of the file. */
export function startSink(sink: SinkObject, context: ConnectorContext): RunningConnector {
  const running = new Sink(sink, context);
  void running.run();
  return running;
}

interface Position {
  readonly resume: Time;
  readonly isFound: boolean;
  readonly partitions: number;
}

class Sink implements RunningConnector {
  readonly #sink: SinkObject;
  readonly #context: ConnectorContext;
  readonly #health: Health;
  readonly #shard: Shard<Entry>;
  readonly #input: Shard<Json>;
  /** What the call of Kafka that is under way is about: the topic, or that of progress. */
  #about: KafkaObject;
  #isStopped = false;
  /** Looks in a row that did not find the topic of a sink that has written to it. */
  #misses = 0;

  constructor(sink: SinkObject, context: ConnectorContext) {
    this.#sink = sink;
    this.#context = context;
    this.#health = new Health(sink, context);
    this.#about = kafkaObject(sink);
    this.#shard = context.persist.shard(sink.shard);
    this.#input = context.persist.shard(sink.from.shard);
  }

  stop(): void {
    this.#isStopped = true;
    this.#health.stop();
  }

  async run(): Promise<void> {
    await runAttempts(
      this.#context,
      this.#health,
      () => this.#attempt(),
      () => this.#isStopped,
      () => this.#about,
    );
  }

  async #attempt(): Promise<void> {
    const { ports, policies } = this.#context;
    await takeOver(this.#shard, this.#context);
    // One that was dropped or moved meanwhile must fence nobody and make no topic.
    if (this.#isStopped) return;
    const kafka = ports.kafka(this.#sink.brokers);
    let listener: Listener<Json> | null = null;
    try {
      const id = policies.transactionalId(this.#sink.id, ports.host.process);
      const onTrouble = (code: string): void => this.#health.troubled(part, code, this.#about);
      this.#about = kafkaObject(this.#sink);
      const producer = kafka.producer(id, { transactionTimeout, onTrouble });
      await producer.init();
      this.#health.answered(part);
      if (this.#isStopped) return;
      const position = await this.#resume(kafka);
      if (position === null || this.#isStopped) return;
      const { asOf } = this.#sink;
      // Before its contents are there, the frontier of an input is the time that it is read as of.
      if (!position.isFound && policies.mayCommit(asOf, position.resume, asOf)) {
        await this.#commit({ producer, position }, { batches: [], upper: asOf, error: undefined });
      }
      const at = Math.max(asOf, position.resume - 1);
      const snapshot = await this.#input.snapshot(at);
      if (this.#isStopped) return;
      this.#health.succeeded();
      listener = this.#input.listen(at);
      const contents = this.#own(snapshot.map(([data, diff]) => [data, at, diff]));
      // What a sink that resumes has sent already counts only for the errors that are in force.
      const outbox = position.isFound ? newOutbox(contents) : receive(newOutbox([]), contents);
      await this.#follow({ kafka, producer, listener, position, outbox }, at + 1);
    } catch (error) {
      const failure = error as { readonly code?: unknown; readonly failure?: unknown };
      if (failure.failure === "fenced") ports.host.emit("sink.fenced", this.#named());
      throw failure.code === "since-violation" ? overCompacted() : error;
    } finally {
      listener?.stop();
      kafka.close();
    }
  }

  /** Where to go on: behind the last committed progress, or at the beginning. Null: there is nothing left to do. */
  async #resume(kafka: KafkaClient): Promise<Position | null> {
    const { ports, policies } = this.#context;
    this.#about = aboutProgress(this.#sink);
    const progress = await ensureProgressTopic(kafka, this.#sink);
    const found = await scanProgress(ports, kafka, this.#sink, progress, policies);
    this.#about = kafkaObject(this.#sink);
    const isFound = found.upper !== undefined;
    const resume = found.upper ?? 0;
    const { scanned, bound } = found;
    const told = { resume: isFound ? (found.upper ?? null) : 0, asOf: this.#sink.asOf, scanned, bound, found: isFound };
    ports.host.emit("sink.resumed", { ...this.#named(), ...told });
    if (isFound && found.upper === null) {
      await this.#advanceShard(null);
      return null;
    }
    if (isFound && this.#sink.asOf > resume) throw overCompacted();
    if (this.#isStopped) return null;
    if (!isFound) await kafka.createTopic(this.#sink.topic, { partitions: this.#sink.partitions });
    const topic = await kafka.topic(this.#sink.topic);
    if (topic === undefined) {
      if (!isFound)
        throw new ConnectorFailure(
          "transient",
          "UNKNOWN_TOPIC_OR_PARTITION",
          `topic "${this.#sink.topic}" is not there yet`,
        );
      const hint = "drop the sink and create it again to write everything anew";
      const message = `topic "${this.#sink.topic}" is gone, but the progress of the sink is not`;
      const kind = this.#context.policies.isTopicGone(++this.#misses) ? "definite" : "transient";
      throw new ConnectorFailure(kind, "UNKNOWN_TOPIC_OR_PARTITION", message, kind === "definite" ? hint : null);
    }
    this.#misses = 0;
    if (isFound) await this.#advanceShard(resume);
    return { resume, isFound, partitions: topic.partitions };
  }

  /** Sends what is complete below `frontier`, and then what becomes complete, for as long as all is well. */
  async #follow(run: Run, frontier: Frontier): Promise<void> {
    let { outbox } = run;
    let upper: Time = run.position.resume;
    const mayCommit = (to: Frontier): boolean => this.#context.policies.mayCommit(to, upper, this.#sink.asOf);
    for (let complete = frontier; ;) {
      const [rest, released] = release(outbox, upper, complete);
      outbox = rest;
      // An error in the contents at `asOf` holds them back: then there is no progress yet.
      if (this.#isDue(released, upper) && mayCommit(released.upper)) {
        await this.#commit(run, released);
        await this.#advanceShard(released.upper);
        if (this.#isStopped || released.upper === null) return;
        upper = released.upper;
      }
      this.#show(released);
      const step = await run.listener.next();
      if (this.#isStopped) return;
      outbox = receive(outbox, this.#own(step.updates));
      complete = step.upper;
    }
  }

  #isDue(released: Release, upper: Time): boolean {
    if (released.batches.length > 0) return true;
    if (!isBeyond(released.upper, upper)) return false;
    return released.upper === null || upper === 0 || released.upper - upper >= idleCommitMillis;
  }

  async #commit(
    { producer, position }: Pick<Run, "producer" | "position">,
    { batches, upper }: Release,
  ): Promise<void> {
    let count = 0;
    let isEnding = false;
    producer.begin();
    try {
      for (const [time, changes] of batches) {
        const messages = encode(this.#sink, time, changes, position.partitions);
        count += messages.length;
        for (let partition = 0; partition < position.partitions; partition++) {
          const records = messages.filter((message) => message.partition === partition).map(({ record }) => record);
          if (records.length === 0) continue;
          await producer.send(this.#sink.topic, partition, records);
          this.#health.answered(part);
        }
      }
      this.#about = aboutProgress(this.#sink);
      const record = progressRecord(this.#sink, upper, Math.floor(this.#context.ports.host.clock.wall() / 1_000));
      await producer.send(progressTopic(this.#sink), 0, [record]);
      this.#health.answered(part);
      this.#about = kafkaObject(this.#sink);
      isEnding = true;
      await producer.commit();
      this.#health.answered(part);
    } catch (error) {
      await this.#abort(producer, error, isEnding);
      throw error;
    }
    this.#context.ports.host.emit("sink.committed", {
      ...this.#named(),
      upper,
      asOf: this.#sink.asOf,
      messages: count,
    });
  }

  /**
   * One try to give the transaction up; without it its timeout does. A commit whose answer was lost is not aborted;
   * records that may or may not be there are.
   */
  async #abort(producer: TransactionalProducer, cause: unknown, isEnding: boolean): Promise<void> {
    const { failure } = cause as { readonly failure?: string };
    if (failure === "fenced" || (isEnding && failure === "ambiguous")) return;
    try {
      await producer.abort();
      this.#context.ports.host.emit("sink.txn-aborted", this.#named());
    } catch (error) {
      connectorFailure(error, this.#about);
    }
  }

  /** Moves the sink's own shard up to `upper`; another instance may have done so already. */
  async #advanceShard(upper: Frontier): Promise<void> {
    // What this process knows may be behind; then the append is refused and says where the shard is.
    let known = this.#shard.known.upper;
    while (known !== null && isBeyond(upper, known)) {
      const appended = await this.#shard.compareAndAppend([], known, upper);
      if (appended.ok) break;
      known = appended.upper;
    }
    this.#context.advanced(this.#sink.id, this.#sink.incarnation, upper);
  }

  #show({ error }: Release): void {
    if (error === undefined) return this.#health.succeeded();
    this.#health.stalled({ error: error.message, code: error.code, class: "input", namespace: "input", hint: null });
  }

  /** Of the input's shard what belongs to the collection. */
  #own(updates: readonly Update<Json>[]): readonly Update<Entry>[] {
    return collectionUpdates(this.#sink.from, updates);
  }

  #named(): { readonly id: string; readonly incarnation: number } {
    return { id: this.#sink.id, incarnation: this.#sink.incarnation };
  }
}

interface Run {
  readonly kafka: KafkaClient;
  readonly producer: TransactionalProducer;
  readonly listener: Listener<Json>;
  readonly position: Position;
  readonly outbox: Outbox;
}

function aboutProgress(sink: SinkObject): KafkaObject {
  return { ...kafkaObject(sink), topic: progressTopic(sink) };
}

function overCompacted(): ConnectorFailure {
  return new ConnectorFailure("definite", "XX001", "the input no longer holds what the sink has yet to send");
}
