/** Observations of brokers for traces written by hand: logs whose offsets follow from what was appended before. */
import type { KafkaRecord } from "../../src/ports/kafka-rpc.ts";
import type { Seen } from "./hand-trace.ts";

/** A record. */
export function record(key: string | null, value: string | null, time?: number): KafkaRecord {
  return { key, value, headers: time === undefined ? [] : [["wavetank-time", String(time)]], timestamp: 0 };
}

/** Whose batch it is. */
export interface Writer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
}

/** Topics have the id `id-of-NAME`. */
export class KafkaHistory {
  readonly #ends = new Map<string, number>();

  created(topic: string, partitions = 1): Seen {
    return ["kafka.topic-created", { topic, topicId: `id-of-${topic}`, partitions, by: "upstream" }];
  }

  deleted(topic: string): Seen {
    return ["kafka.topic-deleted", { topic, topicId: `id-of-${topic}`, by: "administrator" }];
  }

  appended(topic: string, records: readonly KafkaRecord[], writer?: Writer, partition = 0): Seen {
    const baseOffset = this.#take(topic, partition, records.length);
    const whose = writer ?? { transactionalId: null, producerId: null, epoch: -1 };
    const where = { topic, topicId: `id-of-${topic}`, partition, baseOffset };
    return ["kafka.appended", { ...where, records, isTransactional: writer !== undefined, ...whose, by: "upstream" }];
  }

  initialised(writer: Writer, by = "clusterd-0"): Seen {
    return ["kafka.producer-initialised", { ...writer, by }];
  }

  decided(writer: Writer, commit = true): Seen {
    return ["kafka.transaction-decided", { ...writer, commit, cause: "client" }];
  }

  marker(topic: string, writer: Writer, control: "commit" | "abort" = "commit", partition = 0): Seen {
    const offset = this.#take(topic, partition, 1);
    return ["kafka.marker-written", { topic, topicId: `id-of-${topic}`, partition, offset, ...writer, control }];
  }

  #take(topic: string, partition: number, count: number): number {
    const where = `${topic}/${partition}`;
    const offset = this.#ends.get(where) ?? 0;
    this.#ends.set(where, offset + count);
    return offset;
  }
}
