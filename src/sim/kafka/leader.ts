/**
 * One broker as the leader of partitions: produce, fetch, offsets and markers. An append is in the log at once, becomes
 * visible and is acknowledged once it is replicated; a leader that dies or is replaced in between leaves its client in
 * doubt. What waits here (long polls) is gone with the process, and so are the connections that it would be answered
 * on.
 */
import type { KafkaApis, KafkaErrorCode } from "../../ports/kafka-rpc.ts";
import type { Host } from "../../ports/host.ts";
import type { SequenceVerdict } from "./log/producer-history.ts";
import { micros } from "../../base/time.ts";
import { isReplicated, replicationTime, settingOf, type KafkaCluster, type Partition, type Topic } from "./cluster.ts";
import { isLarger } from "./log/batch-size.ts";
import {
  abortedWithin,
  append,
  appendMarker,
  isInRange,
  judgeBatch,
  lastStableOffset,
  raiseWatermark,
  read,
  type PartitionLog,
} from "./log/partition-log.ts";
import { tell } from "./observation.ts";
import { BadRequest, granted, refusal, type Answer, type MarkerReply, type MarkerRequest } from "./requests.ts";
import type { TopicAdmin } from "./topics.ts";
import { refusalOfWrite, type TransactionPartition } from "./transaction/core.ts";

interface Located {
  readonly topic: Topic;
  readonly partition: Partition;
  readonly leaderEpoch: number;
}

type Produce = KafkaApis["produce"]["request"];

export class PartitionLeader {
  readonly #host: Host;
  readonly #cluster: KafkaCluster;
  readonly #place: number;
  readonly #topics: TopicAdmin;
  /** Long polls that wait for a log's watermark to rise. */
  readonly #waiters = new Map<PartitionLog, Set<() => void>>();

  constructor(host: Host, cluster: KafkaCluster, place: number, topics: TopicAdmin) {
    this.#host = host;
    this.#cluster = cluster;
    this.#place = place;
    this.#topics = topics;
  }

  /** What a predecessor on this broker appended is replicated by now. */
  recover(): void {
    for (const { partitions } of this.#cluster.topics.values()) {
      for (const { leader, log } of partitions) {
        if (leader === this.#place) raiseWatermark(log, log.endOffset);
      }
    }
  }

  async produce(request: Produce, by: string): Promise<Answer<"produce">> {
    const located = this.#locate(request);
    if (typeof located === "string") return refusal(located);
    if (request.records.length === 0) throw new BadRequest("a batch without records");
    const { topic, partition } = located;
    if (!isReplicated(this.#cluster, topic, partition)) return refusal("NOT_ENOUGH_REPLICAS");
    const most = settingOf(topic, "max.message.bytes", this.#cluster.knobs.messageMaxBytes);
    if (!this.#cluster.policies.takesBatch(isLarger(request.records, most))) return refusal("MESSAGE_TOO_LARGE");
    const verdict = this.#judge(request, located);
    if (verdict.kind === "refuse") return this.#refuse(verdict.error, request, by);
    const baseOffset = verdict.kind === "repeat" ? verdict.baseOffset : this.#append(request, located, by);
    await this.#replicate(located, baseOffset);
    // The batch stays whoever leads now; but that is not for a broker to promise that was replaced meanwhile.
    if (!this.#leads(located)) return refusal("REQUEST_TIMED_OUT");
    if (!isReplicated(this.#cluster, topic, partition)) return refusal("NOT_ENOUGH_REPLICAS_AFTER_APPEND");
    return granted({ baseOffset });
  }

  async fetch(request: KafkaApis["fetch"]["request"]): Promise<Answer<"fetch">> {
    const { offset } = request;
    let hasTime = request.maxWaitMillis > 0;
    let wake: (() => void) | null = null;
    const timeUp = (): void => {
      hasTime = false;
      wake?.();
    };
    for (let isFirst = true; ; isFirst = false) {
      const located = this.#locate(request);
      if (typeof located === "string") return refusal(located);
      const { log } = located.partition;
      if (!isInRange(log, offset)) return refusal("OFFSET_OUT_OF_RANGE");
      const batches = read(log, request, this.#cluster.policies);
      if (batches.length > 0 || !hasTime) {
        const end = batches.at(-1)?.nextOffset ?? offset;
        const isFiltered = request.isolation === "read_committed";
        return granted({ batches, aborted: isFiltered ? abortedWithin(log, offset, end) : [], ...offsetsOf(log) });
      }
      if (isFirst) void this.#host.sleep(micros(request.maxWaitMillis * 1_000)).then(timeUp);
      await this.#watermark(log, (resolve) => (wake = resolve));
    }
  }

  listOffsets(request: KafkaApis["listOffsets"]["request"]): Answer<"listOffsets"> {
    const located = this.#locate(request);
    return typeof located === "string" ? refusal(located) : granted(offsetsOf(located.partition.log));
  }

  /** Writes markers where this broker leads; resolves when they are replicated. */
  async writeMarkers(request: MarkerRequest): Promise<MarkerReply> {
    const { transactionalId, producerId, epoch, control } = request;
    const led: { readonly wanted: TransactionPartition; readonly located: Located }[] = [];
    const done: TransactionPartition[] = [];
    for (const wanted of request.partitions) {
      const located = this.#locate(wanted);
      if (typeof located !== "string") led.push({ wanted, located });
      else if (located !== "NOT_LEADER_OR_FOLLOWER") done.push(wanted);
    }
    for (const { located } of led) {
      const { topic, partition } = located;
      const offset = appendMarker(partition.log, request, this.#cluster.policies);
      if (offset === undefined) continue;
      const where = { topic: topic.name, topicId: topic.id, partition: partition.number, offset };
      tell(this.#host, "kafka.marker-written", { ...where, producerId, epoch, transactionalId, control });
    }
    if (led.length === 0) return { done };
    const ends = led.map(({ located }) => located.partition.log.endOffset);
    const key = `markers/${transactionalId}/${request.round}/${this.#place}`;
    await this.#host.sleep(micros(replicationTime(this.#cluster, key)));
    for (const [at, { wanted, located }] of led.entries()) {
      this.#raise(located.partition.log, ends[at]!);
      if (this.#leads(located)) done.push(wanted);
    }
    return { done };
  }

  #locate({
    topic: name,
    topicId,
    partition: number,
  }: {
    readonly topic: string;
    readonly topicId?: string;
    readonly partition: number;
  }): Located | KafkaErrorCode {
    const topic = this.#cluster.topics.get(name);
    if (topic === undefined) {
      this.#topics.missed(name);
      return topicId === undefined ? "UNKNOWN_TOPIC_OR_PARTITION" : "UNKNOWN_TOPIC_ID";
    }
    if (!this.#cluster.policies.isSameTopic(topic.id, topicId)) return "UNKNOWN_TOPIC_ID";
    const partition = topic.partitions[number];
    if (partition === undefined) return "UNKNOWN_TOPIC_OR_PARTITION";
    if (partition.leader !== this.#place) return "NOT_LEADER_OR_FOLLOWER";
    return { topic, partition, leaderEpoch: partition.leaderEpoch };
  }

  /** Whether this broker has led the partition ever since it was located. */
  #leads({ topic, partition, leaderEpoch }: Located): boolean {
    return this.#cluster.topics.get(topic.name) === topic && partition.leaderEpoch === leaderEpoch;
  }

  #judge(request: Produce, located: Located): SequenceVerdict {
    const { producer, records } = request;
    if (producer === undefined) return { kind: "append" };
    const verdict = judgeBatch(located.partition.log, producer, records.length, this.#cluster.policies);
    if (verdict.kind !== "append") return verdict;
    const error = this.#refusalToJoin(request, located);
    return error === undefined ? verdict : { kind: "refuse", error };
  }

  #append({ producer, records }: Produce, { topic, partition }: Located, by: string): number {
    const baseOffset = append(partition.log, records, producer);
    const transactionalId = producer?.transactionalId ?? null;
    tell(this.#host, "kafka.appended", {
      topic: topic.name,
      topicId: topic.id,
      partition: partition.number,
      baseOffset,
      records,
      isTransactional: transactionalId !== null,
      producerId: producer?.id ?? null,
      epoch: producer?.epoch ?? -1,
      transactionalId,
      by,
    });
    return baseOffset;
  }

  /** A producer's first batch of a transaction in a partition: the coordinator says whether it belongs there. */
  #refusalToJoin({ producer }: Produce, { topic, partition }: Located): KafkaErrorCode | undefined {
    if (producer?.transactionalId === undefined) return undefined;
    if (partition.log.open.get(producer.id)?.epoch === producer.epoch) return undefined;
    const state = this.#cluster.transactions.get(producer.transactionalId);
    const where = { topic: topic.name, topicId: topic.id, partition: partition.number };
    return refusalOfWrite(state, producer, where, this.#cluster.policies);
  }

  #refuse(error: KafkaErrorCode, { producer }: Produce, by: string): Answer<"produce"> {
    if (error === "INVALID_PRODUCER_EPOCH" && producer?.transactionalId !== undefined) {
      const { transactionalId, epoch } = producer;
      tell(this.#host, "kafka.producer-fenced", { transactionalId, epoch, by });
    }
    return refusal(error);
  }

  async #replicate({ topic, partition }: Located, baseOffset: number): Promise<void> {
    const { log, number } = partition;
    const end = log.endOffset;
    await this.#host.sleep(micros(replicationTime(this.#cluster, `${topic.id}/${number}/${baseOffset}`)));
    this.#raise(log, end);
  }

  #raise(log: PartitionLog, end: number): void {
    if (!raiseWatermark(log, end)) return;
    const waiters = this.#waiters.get(log);
    if (waiters === undefined) return;
    this.#waiters.delete(log);
    for (const wake of waiters) wake();
  }

  /** Resolves when the watermark rises, or by the function that `take` is handed. */
  async #watermark(log: PartitionLog, take: (wake: () => void) => void): Promise<void> {
    const waiters = this.#waiters.get(log) ?? new Set();
    this.#waiters.set(log, waiters);
    let wake = (): void => undefined;
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    waiters.add(wake);
    take(wake);
    await woken;
    waiters.delete(wake);
  }
}

function offsetsOf(log: PartitionLog): {
  readonly logStartOffset: number;
  readonly lastStableOffset: number;
  readonly highWatermark: number;
} {
  return {
    logStartOffset: log.startOffset,
    lastStableOffset: lastStableOffset(log),
    highWatermark: log.highWatermark,
  };
}
