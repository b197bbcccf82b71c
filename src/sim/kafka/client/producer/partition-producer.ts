/**
 * Idempotent batches to one partition, outside any transaction, one after the other. Every partition has a producer id of
 * its own, so that one without a leader holds up no other, and starting over concerns nobody else.
 */
import type { KafkaRecord } from "../../../../ports/kafka-rpc.ts";
import type { Delivery } from "../delivery.ts";
import { KafkaFailureError } from "../kafka-failure-error.ts";
import type { KafkaClientPolicies } from "../policies.ts";
import { appended } from "./batch-append.ts";
import { sequenceAfter, type ProducerIdentity } from "./producer-state.ts";

/** Whom the next batch is from. */
type Author = ProducerIdentity & { readonly sequence: number };

/**
 * The author after a batch, null when a new producer id is needed: after a failure that leaves the batch's fate open, or
 * that ended the producer.
 */
export function nextAuthor(author: Author, outcome: { readonly count: number } | KafkaFailureError): Author | null {
  if ("count" in outcome) return { ...author, sequence: sequenceAfter(author.sequence, outcome.count) };
  return outcome.failure === "transient" ? author : null;
}

/** Whether a batch may be sent once more under a new id: the broker knows ours no longer, and certainly has no copy. */
export function mayStartOver({ code, isUncertain }: KafkaFailureError): boolean {
  return !isUncertain && lostProducer.includes(code);
}

const lostProducer: readonly string[] = [
  "OUT_OF_ORDER_SEQUENCE_NUMBER",
  "INVALID_PRODUCER_EPOCH",
  "INVALID_PRODUCER_ID_MAPPING",
  "PRODUCER_FENCED",
];

/** Not a transaction's: any value within the brokers' limit does. */
const timeoutMillis = 60_000;

/** Appends to one partition. */
export class PartitionProducer {
  readonly #delivery: Delivery;
  readonly #policies: KafkaClientPolicies;
  readonly #topic: string;
  readonly #partition: number;
  #author: Author | null = null;
  /** Settles when the batches before have been dealt with. */
  #last: Promise<unknown> = Promise.resolve();

  constructor(delivery: Delivery, policies: KafkaClientPolicies, topic: string, partition: number) {
    this.#delivery = delivery;
    this.#policies = policies;
    this.#topic = topic;
    this.#partition = partition;
  }

  /** The first record's offset. The time in which calls have to succeed begins now, not when it is this batch's turn. */
  append(records: readonly KafkaRecord[]): Promise<number> {
    const startedAt = this.#delivery.host.clock.monotonic();
    const turn = this.#last.then(() => this.#append(records, startedAt));
    this.#last = turn.catch((error: unknown) => error);
    return turn;
  }

  async #append(records: readonly KafkaRecord[], startedAt: number): Promise<number> {
    try {
      return await this.#try(records, startedAt);
    } catch (error) {
      if (!(error instanceof KafkaFailureError) || !mayStartOver(error)) throw error;
      return this.#try(records, startedAt);
    }
  }

  async #try(records: readonly KafkaRecord[], startedAt: number): Promise<number> {
    const what = `produce to ${this.#topic}/${this.#partition}`;
    this.#author ??= await this.#initialised(what, startedAt);
    const author: Author = this.#author;
    const batch = { topic: this.#topic, partition: this.#partition, records, producer: author };
    try {
      const offset = await appended(this.#delivery, this.#policies, what, batch, { startedAt });
      this.#author = nextAuthor(author, { count: records.length });
      return offset;
    } catch (error) {
      if (error instanceof KafkaFailureError) this.#author = nextAuthor(author, error);
      throw error;
    }
  }

  async #initialised(what: string, startedAt: number): Promise<Author> {
    const request = { transactionalId: null, timeoutMillis };
    try {
      const reply = await this.#delivery.request(what, { kind: "any" }, "initProducerId", request, { startedAt });
      return { id: reply.producerId, epoch: reply.epoch, sequence: 0 };
    } catch (error) {
      if (!(error instanceof KafkaFailureError) || error.failure !== "ambiguous") throw error;
      // A producer id may have been given out for nothing; the batch was not sent.
      throw new KafkaFailureError(error.code, "transient", what);
    }
  }
}
