/** The shell of the transactional producer: makes the requests that `producer-state.ts` asks for and tells it how they went. */
import type { KafkaApis, KafkaRecord } from "../../../../ports/kafka-rpc.ts";
import type { TransactionalProducer } from "../../../../ports/kafka.ts";
import type { Delivery } from "../delivery.ts";
import { endsProducer, type Trouble } from "../error-table.ts";
import { KafkaFailureError } from "../kafka-failure-error.ts";
import type { KafkaClientPolicies } from "../policies.ts";
import type { Route } from "../routes.ts";
import { appended, type Batch } from "./batch-append.ts";
import { batchesOf } from "./batch-split.ts";
import {
  transition,
  type Failed,
  type ProducerAction,
  type ProducerEvent,
  type ProducerIdentity,
  type ProducerPhase,
} from "./producer-state.ts";

interface ProducerOptions {
  readonly transactionalId: string;
  readonly timeoutMillis: number;
  /** Told of every failed attempt of every call. */
  readonly onTrouble: (trouble: Trouble) => void;
}

/** One transactional id at one cluster. Every rejection is a `KafkaFailureError`. */
export class KafkaTransactionalProducer implements TransactionalProducer {
  readonly #delivery: Delivery;
  readonly #policies: KafkaClientPolicies;
  readonly #transactionalId: string;
  readonly #timeoutMillis: number;
  readonly #onTrouble: (trouble: Trouble) => void;
  readonly #coordinator: Route;
  #state: ProducerPhase = { name: "uninitialised" };
  #isBusy = false;

  constructor(
    delivery: Delivery,
    policies: KafkaClientPolicies,
    { transactionalId, timeoutMillis, onTrouble }: ProducerOptions,
  ) {
    this.#delivery = delivery;
    this.#policies = policies;
    this.#transactionalId = transactionalId;
    this.#timeoutMillis = timeoutMillis;
    this.#onTrouble = onTrouble;
    this.#coordinator = { kind: "coordinator", transactionalId };
  }

  /** Takes the next epoch; waits for the end of the predecessor's transaction, no longer than calls may take. */
  init(): Promise<void> {
    return this.#alone("init", async (what) => {
      this.#step(what, { kind: "init" });
      const request = { transactionalId: this.#transactionalId, timeoutMillis: this.#timeoutMillis };
      const { producerId, epoch } = await this.#told(
        what,
        this.#request(what, "initProducerId", request),
        (failed) => ({ kind: "init-failed", failed }),
      );
      this.#step(what, { kind: "initialised", producer: { id: producerId, epoch } });
    });
  }

  /** Throws `KafkaFailureError` where no transaction can begin. */
  begin(): void {
    this.#step(this.#call("begin"), { kind: "begin" });
  }

  send(topic: string, partition: number, records: readonly KafkaRecord[]): Promise<void> {
    const key = `${topic}/${partition}`;
    return this.#alone(`send to ${key}`, async (what) => {
      const action = this.#step(what, { kind: "send", partition: key });
      if (records.length === 0) return;
      if (action.kind === "add") {
        const request = { ...this.#named(action.producer), partitions: [{ topic, partition }] };
        await this.#told(what, this.#request(what, "addPartitionsToTxn", request), (failed) => ({
          kind: "add-failed",
          failed,
        }));
        this.#step(what, { kind: "added", partition: key });
      }
      for (const [place, batch] of batchesOf(records).entries()) {
        await this.#append(what, { topic, partition, records: batch }, place > 0);
      }
    });
  }

  /** One batch. When others of the same call are in the log already, its failure leaves the call half done. */
  async #append(what: string, records: Omit<Batch, "producer">, isLater: boolean): Promise<void> {
    const partition = `${records.topic}/${records.partition}`;
    const action = this.#step(what, { kind: "send", partition });
    if (action.kind !== "produce") return;
    const { producer, sequence } = action;
    const batch = { ...records, producer: { ...producer, sequence, transactionalId: this.#transactionalId } };
    const appending = appended(this.#delivery, this.#policies, what, batch, { onTrouble: this.#onTrouble });
    const sent = isLater ? appending.catch((error: unknown) => Promise.reject(halfDone(error, what))) : appending;
    await this.#told(what, sent, (failed) => ({ kind: "send-failed", partition, failed }));
    this.#step(what, { kind: "sent", partition, count: records.records.length });
  }

  commit(): Promise<void> {
    return this.#end("commit", true);
  }

  /** Nothing to do where no transaction is open. */
  abort(): Promise<void> {
    return this.#end("abort", false);
  }

  #end(call: string, commit: boolean): Promise<void> {
    return this.#alone(call, async (what) => {
      const action = this.#step(what, { kind: "end", commit });
      if (action.kind !== "end") return;
      const request = { ...this.#named(action.producer), commit };
      let isUncertain = false;
      const onTrouble = (trouble: Trouble): void => {
        isUncertain ||= trouble.isUncertain;
        this.#onTrouble(trouble);
      };
      try {
        await this.#delivery.request(what, this.#coordinator, "endTxn", request, { onTrouble });
      } catch (error) {
        const failed = this.#failure(error);
        const before = this.#state;
        this.#step(what, { kind: "end-failed", failed });
        // An abort that found nothing to abort has succeeded.
        if (before.name === "ending" && ["ready", "uninitialised"].includes(this.#state.name)) return;
        throw shown(error, what);
      }
      this.#step(what, { kind: "ended", isUncertain });
    });
  }

  #request<A extends "initProducerId" | "addPartitionsToTxn">(
    what: string,
    api: A,
    request: KafkaApis[A]["request"],
  ): Promise<KafkaApis[A]["reply"]> {
    return this.#delivery.request(what, this.#coordinator, api, request, { onTrouble: this.#onTrouble });
  }

  /** The outcome of a request, after a failure has been told to the protocol. */
  async #told<T>(what: string, request: Promise<T>, eventOf: (failed: Failed) => ProducerEvent): Promise<T> {
    try {
      return await request;
    } catch (error) {
      this.#step(what, eventOf(this.#failure(error)));
      throw shown(error, what);
    }
  }

  #failure(error: unknown): Failed {
    if (!(error instanceof KafkaFailureError)) throw error;
    return { code: error.code, failure: error.failure };
  }

  #step(what: string, event: ProducerEvent): ProducerAction {
    const { state, action } = transition(this.#state, event, this.#policies);
    this.#state = state;
    if (action.kind !== "refuse") return action;
    throw new KafkaFailureError(action.code, action.failure, `${what}, ${action.why}`);
  }

  /** Calls do not overlap: a second one would see a state in which the first has half happened. */
  async #alone(call: string, act: (what: string) => Promise<void>): Promise<void> {
    const what = this.#call(call);
    if (this.#isBusy) throw new KafkaFailureError("INVALID_TXN_STATE", "permanent", `${what}, one call at a time`);
    this.#isBusy = true;
    try {
      await act(what);
    } finally {
      this.#isBusy = false;
    }
  }

  #call(call: string): string {
    return `${call} of ${this.#transactionalId}`;
  }

  #named({ id, epoch }: ProducerIdentity): { transactionalId: string; producerId: number; epoch: number } {
    return { transactionalId: this.#transactionalId, producerId: id, epoch };
  }
}

/** A failure without an effect of its own, of a call that had one before. */
function halfDone(error: unknown, what: string): unknown {
  if (!(error instanceof KafkaFailureError) || error.failure !== "transient") return error;
  return new KafkaFailureError(error.code, "ambiguous", what);
}

/** The failure as the caller sees it: what only this producer cannot get over is no reason to give up for good. */
function shown(error: unknown, what: string): unknown {
  if (!(error instanceof KafkaFailureError) || error.failure !== "permanent" || !endsProducer(error.code)) return error;
  return new KafkaFailureError(error.code, "transient", `${what}, a new producer is needed`);
}
