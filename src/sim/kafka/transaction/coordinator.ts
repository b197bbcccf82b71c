/**
 * One broker as the coordinator of transactions: the shell around `core.ts`. Each step is durable at once and answered
 * once replicated; a coordinator that dies in between leaves its client in doubt. Markers are written after the answer,
 * again and again until all are there, also by the next coordinator, which takes over what was decided when it has
 * loaded its share. Time counts only while somebody coordinates.
 */
import type { KafkaApis, KafkaErrorCode } from "../../../ports/kafka-rpc.ts";
import type { Host } from "../../../ports/host.ts";
import { micros } from "../../../base/time.ts";
import { addressOf, replicationTime, slotNumber, type KafkaCluster, type Slot } from "../cluster.ts";
import { tell } from "../observation.ts";
import { granted, refusal, type Answer } from "../requests.ts";
import {
  isPrepared,
  nextTransaction,
  type TransactionAnswer,
  type TransactionEvent,
  type TransactionPartition,
} from "./core.ts";
import type { MarkerWriter } from "./markers.ts";

/** What this process knows of a share that it coordinates. */
interface Share {
  readonly generation: number;
  isLoaded: boolean;
}

export class TransactionCoordinator {
  readonly #host: Host;
  readonly #cluster: KafkaCluster;
  readonly #place: number;
  readonly #markers: MarkerWriter;
  readonly #shares = new Map<Slot, Share>();
  /** Transactions whose markers this process is writing: `id/round`. */
  readonly #completing = new Set<string>();

  constructor(host: Host, cluster: KafkaCluster, place: number, markers: MarkerWriter) {
    this.#host = host;
    this.#cluster = cluster;
    this.#place = place;
    this.#markers = markers;
  }

  find({ transactionalId }: KafkaApis["findCoordinator"]["request"]): Answer<"findCoordinator"> {
    const { broker } = this.#slot(transactionalId);
    if (!this.#cluster.members[broker]!.isAlive) return refusal("COORDINATOR_NOT_AVAILABLE");
    return granted({ coordinator: addressOf(this.#cluster, broker) });
  }

  async init(request: KafkaApis["initProducerId"]["request"], by: string): Promise<Answer<"initProducerId">> {
    const { transactionalId, timeoutMillis } = request;
    if (transactionalId === null) return granted({ producerId: this.#cluster.nextProducerId++, epoch: 0 });
    const answer = await this.#ask(transactionalId, { kind: "init", timeoutMillis }, by);
    return answer.ok ? granted({ producerId: answer.producerId, epoch: answer.epoch }) : answer;
  }

  async add(request: KafkaApis["addPartitionsToTxn"]["request"], by: string): Promise<Answer<"addPartitionsToTxn">> {
    const { transactionalId, producerId, epoch } = request;
    const partitions: TransactionPartition[] = [];
    for (const { topic: name, partition } of request.partitions) {
      const topic = this.#cluster.topics.get(name);
      if (topic?.partitions[partition] === undefined) return refusal("UNKNOWN_TOPIC_OR_PARTITION");
      partitions.push({ topic: name, topicId: topic.id, partition });
    }
    const answer = await this.#ask(transactionalId, { kind: "add", producerId, epoch, partitions }, by);
    return answer.ok ? granted({}) : answer;
  }

  async end(request: KafkaApis["endTxn"]["request"], by: string): Promise<Answer<"endTxn">> {
    const { transactionalId, producerId, epoch, commit } = request;
    const answer = await this.#ask(transactionalId, { kind: "end", producerId, epoch, commit }, by);
    return answer.ok ? granted({}) : answer;
  }

  /** Begins to load what is this broker's now and was not before. */
  takeOver(): void {
    for (const slot of this.#cluster.slots) {
      if (slot.broker === this.#place) this.#share(slot);
    }
  }

  /** Takes over what is new, and looks for transactions that are open for too long. */
  tick(elapsedMillis: number): void {
    this.takeOver();
    for (const { transactionalId, phase } of this.#cluster.transactions.values()) {
      if (phase !== "ONGOING" || !this.#coordinates(transactionalId)) continue;
      this.#step(transactionalId, { kind: "aged", millis: elapsedMillis }, this.#host.name);
    }
  }

  async #ask(transactionalId: string, event: TransactionEvent, by: string): Promise<TransactionAnswer> {
    const error = this.#refusal(transactionalId);
    if (error !== undefined) return refusal(error);
    const before = this.#cluster.transactions.get(transactionalId);
    const answer = this.#step(transactionalId, event, by);
    const after = this.#cluster.transactions.get(transactionalId);
    if (answer.ok && after !== before) await this.#host.sleep(micros(this.#replication(transactionalId)));
    return answer;
  }

  #step(transactionalId: string, event: TransactionEvent, by: string): TransactionAnswer {
    const { transactions, knobs, policies, nextProducerId } = this.#cluster;
    const { epochMax, transactionMaxMillis } = knobs;
    const context = { transactionalId, freshId: nextProducerId, epochMax, transactionMaxMillis, policies };
    const before = transactions.get(transactionalId);
    const { state, answer, effects } = nextTransaction(before, event, context);
    if (state !== undefined && state !== before) transactions.set(transactionalId, state);
    if (state?.producerId === nextProducerId) this.#cluster.nextProducerId++;
    for (const effect of effects) {
      if (effect.kind === "fenced") {
        tell(this.#host, "kafka.producer-fenced", { transactionalId, epoch: effect.epoch, by });
        continue;
      }
      const { producerId, epoch } = state!;
      if (effect.kind === "initialised") {
        tell(this.#host, "kafka.producer-initialised", { transactionalId, producerId, epoch, by });
      } else {
        const { commit, cause } = effect;
        tell(this.#host, "kafka.transaction-decided", { transactionalId, producerId, epoch, commit, cause });
        void this.#complete(transactionalId);
      }
    }
    return answer ?? { ok: true, producerId: state?.producerId ?? -1, epoch: state?.epoch ?? -1 };
  }

  /** Writes the markers of a decided transaction. Ends when all are written, or when somebody else coordinates it. */
  async #complete(transactionalId: string): Promise<void> {
    const { transactions, knobs, choose } = this.#cluster;
    const { round } = transactions.get(transactionalId)!;
    const name = `${transactionalId}/${round}`;
    if (this.#completing.has(name)) return;
    this.#completing.add(name);
    const delay = knobs.markerDelays[choose(`marker/${name}`, knobs.markerDelays.length)]!;
    // At the earliest when the decision is replicated, which is when it is answered.
    await this.#host.sleep(micros(this.#replication(transactionalId) + delay));
    for (let pause = knobs.markerRetryMicros; ; pause = Math.min(pause * 2, knobs.markerRetryMaxMicros)) {
      const state = transactions.get(transactionalId)!;
      if (state.round !== round || !isPrepared(state.phase) || !this.#coordinates(transactionalId)) break;
      await this.#markers.write(state, state.phase, (partitions) => {
        if (!this.#coordinates(transactionalId)) return;
        this.#step(transactionalId, { kind: "marked", round, partitions }, this.#host.name);
      });
      if (transactions.get(transactionalId)!.partitions.length === 0) break;
      await this.#host.sleep(micros(pause));
    }
    this.#completing.delete(name);
  }

  #replication(transactionalId: string): number {
    const { round, epoch, phase } = this.#cluster.transactions.get(transactionalId)!;
    return replicationTime(this.#cluster, `${transactionalId}/${epoch}/${round}/${phase}`);
  }

  /** Why this broker does not answer for a transactional id now. */
  #refusal(transactionalId: string): KafkaErrorCode | undefined {
    const slot = this.#slot(transactionalId);
    const isOurs = slot.broker === this.#place;
    if (isOurs && this.#share(slot).isLoaded) return undefined;
    if (slot.wasMovedByFault) tell(this.#host, "kafka.coordinator-moved", { transactionalId });
    return isOurs ? "COORDINATOR_LOAD_IN_PROGRESS" : "NOT_COORDINATOR";
  }

  #coordinates(transactionalId: string): boolean {
    const slot = this.#slot(transactionalId);
    const share = this.#shares.get(slot);
    return slot.broker === this.#place && share?.generation === slot.generation && share.isLoaded;
  }

  #slot(transactionalId: string): Slot {
    return this.#cluster.slots[slotNumber(this.#cluster, transactionalId)]!;
  }

  /** A share of this broker's; begins to load it when it is new. A cluster without transactions has nothing to load. */
  #share(slot: Slot): Share {
    const known = this.#shares.get(slot);
    if (known?.generation === slot.generation) return known;
    const isEmpty = this.#cluster.transactions.size === 0 && !slot.wasMovedByFault;
    const share: Share = { generation: slot.generation, isLoaded: isEmpty };
    this.#shares.set(slot, share);
    if (!isEmpty) void this.#load(slot, share);
    return share;
  }

  async #load(slot: Slot, share: Share): Promise<void> {
    await this.#host.sleep(micros(slot.loadMicros));
    if (slot.generation !== share.generation) return;
    share.isLoaded = true;
    for (const { transactionalId, phase } of this.#cluster.transactions.values()) {
      if (isPrepared(phase) && this.#slot(transactionalId) === slot) void this.#complete(transactionalId);
    }
  }
}
