/**
 * Kafka's logs as a read-committed consumer sees them, folded from appends and markers, which brokers tell in the moment
 * they happen. Watermarks are left out: what is in a log stays there, so its end is what consumers will see.
 */
import type { KafkaRecord } from "../../ports/kafka-rpc.ts";
import type { ServiceEvents } from "../../ports/service-events.ts";

export type Fate = "open" | "committed" | "aborted";

/** A batch in a log. Its fate is settled by its transaction's marker; one outside of transactions is committed. */
export interface LoggedBatch {
  readonly appended: ServiceEvents["kafka.appended"];
  fate: Fate;
}

export interface LoggedRecord extends KafkaRecord {
  readonly offset: number;
}

/** The log of one partition of one incarnation of a topic. */
export class PartitionLog {
  /** Offset of the next append. */
  end = 0;
  /** In order of their offsets. */
  readonly #batches: LoggedBatch[] = [];
  /** Batches without a marker, by producer. */
  readonly #open = new Map<number, LoggedBatch[]>();

  /** Where the earliest open transaction begins, or the end. */
  get lastStable(): number {
    let stable = this.end;
    for (const [first] of this.#open.values()) stable = Math.min(stable, first!.appended.baseOffset);
    return stable;
  }

  append(appended: ServiceEvents["kafka.appended"]): LoggedBatch {
    const { isTransactional, producerId, baseOffset, records } = appended;
    const isOpen = isTransactional && producerId !== null;
    const batch: LoggedBatch = { appended, fate: isOpen ? "open" : "committed" };
    this.#batches.push(batch);
    this.end = Math.max(this.end, baseOffset + records.length);
    if (isOpen) this.#open.set(producerId, [...(this.#open.get(producerId) ?? []), batch]);
    return batch;
  }

  /** Settles the open batches of a producer, and returns them. */
  mark({ producerId, control, offset }: ServiceEvents["kafka.marker-written"]): readonly LoggedBatch[] {
    this.end = Math.max(this.end, offset + 1);
    const settled = this.#open.get(producerId) ?? [];
    this.#open.delete(producerId);
    for (const batch of settled) batch.fate = control === "commit" ? "committed" : "aborted";
    return settled;
  }

  /** Committed records with offsets in [from, to). */
  committed(from: number, to: number): readonly LoggedRecord[] {
    const found: LoggedRecord[] = [];
    for (let at = this.#batchAt(from); at < this.#batches.length; at++) {
      const { fate, appended } = this.#batches[at]!;
      if (appended.baseOffset >= to) break;
      if (fate !== "committed") continue;
      for (const [place, record] of appended.records.entries()) {
        const offset = appended.baseOffset + place;
        if (offset >= from && offset < to) found.push({ ...record, offset });
      }
    }
    return found;
  }

  /** Place of the first batch that reaches beyond `offset`. */
  #batchAt(offset: number): number {
    let low = 0;
    let high = this.#batches.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const { baseOffset, records } = this.#batches[middle]!.appended;
      if (baseOffset + records.length > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** One incarnation of a topic. */
export interface Topic {
  readonly id: string;
  readonly name: string;
  /** As it was created with; 0 while that was not seen. */
  partitionCount: number;
  isDeleted: boolean;
  readonly partitions: Map<number, PartitionLog>;
}

/** All topics that were ever heard of. */
export class TopicLogs {
  readonly #topics = new Map<string, Topic>();
  readonly #names = new Map<string, Topic>();

  get(id: string): Topic | undefined {
    return this.#topics.get(id);
  }

  /** The newest topic of that name. */
  named(name: string): Topic | undefined {
    return this.#names.get(name);
  }

  created({ topic, topicId, partitions }: ServiceEvents["kafka.topic-created"]): void {
    this.#topic(topic, topicId).partitionCount = partitions;
  }

  deleted({ topic, topicId }: ServiceEvents["kafka.topic-deleted"]): Topic {
    const found = this.#topic(topic, topicId);
    found.isDeleted = true;
    return found;
  }

  appended(appended: ServiceEvents["kafka.appended"]): LoggedBatch {
    return this.#partition(appended).append(appended);
  }

  /** Settles batches, and returns them. */
  marked(marker: ServiceEvents["kafka.marker-written"]): readonly LoggedBatch[] {
    return this.#partition(marker).mark(marker);
  }

  #partition(where: { readonly topic: string; readonly topicId: string; readonly partition: number }): PartitionLog {
    const { partitions } = this.#topic(where.topic, where.topicId);
    let log = partitions.get(where.partition);
    if (log === undefined) partitions.set(where.partition, (log = new PartitionLog()));
    return log;
  }

  #topic(name: string, id: string): Topic {
    let topic = this.#topics.get(id);
    if (topic === undefined) {
      topic = { id, name, partitionCount: 0, isDeleted: false, partitions: new Map() };
      this.#topics.set(id, topic);
      this.#names.set(name, topic);
    }
    return topic;
  }
}
