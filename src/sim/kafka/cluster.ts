/**
 * What the brokers of a cluster have in common: topics with their logs, transactions, who leads what and who is alive.
 * Plain data, changed in place, and as durable as a cluster whose replicas are all in sync. A partition's log is
 * changed by its leader only, a transaction by its coordinator; leaders and coordinators move in one step that all see
 * at once, so a broker that was passed over knows it with its next event. That stands for the controller quorum, which
 * is left out.
 */
import type { TopicMetadata } from "../../ports/kafka-rpc.ts";
import type { ServiceEvents } from "../../ports/service-events.ts";
import type { TransactionState } from "./transaction/core.ts";
import { hashText } from "../../base/hash.ts";
import { kafkaKnobs, type KafkaKnobs } from "./knobs.ts";
import { emptyLog, raiseWatermark, type PartitionLog } from "./log/partition-log.ts";
import { kafkaPolicies, type KafkaPolicies } from "./policies.ts";
import type { RequestFault } from "./request-faults.ts";

/** Where brokers listen. */
export const kafkaPort = 9092;

export interface Partition {
  readonly number: number;
  /** Place of the broker that leads it. */
  leader: number;
  leaderEpoch: number;
  readonly log: PartitionLog;
}

export interface Topic {
  readonly name: string;
  readonly id: string;
  /** As it was asked for; `settingOf` reads what is acted on. */
  readonly config: { readonly [key: string]: string };
  readonly partitions: readonly Partition[];
}

export interface Member {
  readonly host: string;
  /** Grows as long as the broker is up. */
  beats: number;
  /** False until it is up for the first time, and when the others have missed it for long enough. */
  isAlive: boolean;
  /** Every request takes so much longer. */
  slowByMicros: number;
  /** Reasons for which its replicas are behind those of leaders elsewhere. */
  lags: number;
}

/** A share of the transactional ids, and who coordinates it. */
export interface Slot {
  broker: number;
  /** Goes up with every move. */
  generation: number;
  /** How long whoever takes it over reads before it answers. */
  loadMicros: number;
  wasMovedByFault: boolean;
}

/** An observation of what no broker did; the next broker that does anything tells it first. */
export type News = {
  [K in "kafka.topic-deleted" | "kafka.leader-moved"]: { readonly kind: K; readonly data: ServiceEvents[K] };
}["kafka.topic-deleted" | "kafka.leader-moved"];

export interface KafkaCluster {
  readonly knobs: KafkaKnobs;
  readonly policies: KafkaPolicies;
  /** A keyed choice in [0, n). */
  readonly choose: (key: string, n: number) => number;
  readonly members: readonly Member[];
  readonly topics: Map<string, Topic>;
  readonly slots: readonly Slot[];
  readonly transactions: Map<string, TransactionState>;
  nextProducerId: number;
  topicsCreated: number;
  /** Goes up with every change that metadata shows. */
  version: number;
  readonly news: News[];
  /** Topics that a fault deleted and no client has missed yet. */
  readonly gone: Set<string>;
  /** Active faults, oldest first. */
  readonly requestFaults: Set<RequestFault>;
  /** Requests that each host made while such faults were active. */
  readonly exposed: Map<string, number>;
}

export interface KafkaClusterOptions {
  /** Host names, in order. */
  readonly brokers: readonly string[];
  readonly choose: (key: string, n: number) => number;
  readonly knobs?: Partial<KafkaKnobs>;
  readonly policies?: Partial<KafkaPolicies>;
}

/** A cluster without topics. Its brokers are programs: `broker(cluster, place)`. */
export function kafkaCluster({ brokers, choose, knobs, policies }: KafkaClusterOptions): KafkaCluster {
  const all = { ...kafkaKnobs, ...knobs };
  return {
    knobs: all,
    policies: { ...kafkaPolicies, ...policies },
    choose,
    members: brokers.map((host) => ({ host, beats: 0, isAlive: false, slowByMicros: 0, lags: 0 })),
    topics: new Map(),
    slots: brokers.map((_host, broker) => ({
      broker,
      generation: 0,
      loadMicros: all.coordinatorLoadMicros,
      wasMovedByFault: false,
    })),
    transactions: new Map(),
    nextProducerId: 1_000,
    topicsCreated: 0,
    version: 0,
    news: [],
    gone: new Set(),
    requestFaults: new Set(),
    exposed: new Map(),
  };
}

/** `host:port` of a broker. */
export function addressOf(cluster: KafkaCluster, place: number): string {
  return `${cluster.members[place]!.host}:${kafkaPort}`;
}

/** A topic's own setting, where it is a whole number from 1 on; else what holds for the cluster. */
export function settingOf(
  { config }: Topic,
  name: "min.insync.replicas" | "max.message.bytes",
  otherwise: number,
): number {
  const own = Number(config[name] ?? "");
  return Number.isSafeInteger(own) && own > 0 ? own : otherwise;
}

/** Whether a partition has the replicas in sync that its topic asks for. Every live broker has one; a leader's is. */
export function isReplicated({ members, knobs, policies }: KafkaCluster, topic: Topic, { leader }: Partition): boolean {
  const inSync = members.filter(({ isAlive, lags }, place) => place === leader || (isAlive && lags === 0));
  return policies.hasReplicas(inSync.length, settingOf(topic, "min.insync.replicas", knobs.minInSyncReplicas));
}

/** How long an append takes until all replicas have it, microseconds; `key` names the append. */
export function replicationTime({ knobs, choose }: KafkaCluster, key: string): number {
  return knobs.replicationMicros + choose(`replication/${key}`, knobs.replicationSteps) * knobs.replicationStepMicros;
}

/** Adds a topic, its leaders taken in turn from the brokers that are alive. */
export function addTopic(cluster: KafkaCluster, name: string, count: number, config: Topic["config"]): Topic {
  const alive = cluster.members.flatMap(({ isAlive }, place) => (isAlive ? [place] : []));
  const first = cluster.topicsCreated++;
  const topic: Topic = {
    name,
    id: `topic-${String(cluster.topicsCreated).padStart(6, "0")}`,
    config,
    partitions: Array.from({ length: count }, (_none, number) => ({
      number,
      leader: alive[(first + number) % alive.length] ?? 0,
      leaderEpoch: 0,
      log: emptyLog(),
    })),
  };
  cluster.topics.set(name, topic);
  cluster.gone.delete(name);
  cluster.version++;
  return topic;
}

/** Removes a topic with all its data. Returns it, or undefined when there is none. */
export function removeTopic(cluster: KafkaCluster, name: string): Topic | undefined {
  const topic = cluster.topics.get(name);
  if (topic === undefined) return undefined;
  cluster.topics.delete(name);
  cluster.version++;
  return topic;
}

/** The share that a transactional id belongs to. */
export function slotNumber({ slots }: KafkaCluster, transactionalId: string): number {
  return (hashText(transactionalId) >>> 0) % slots.length;
}

/** The next live broker behind this one, undefined when there is no other. */
export function nextAlive({ members }: KafkaCluster, place: number): number | undefined {
  for (let step = 1; step < members.length; step++) {
    const candidate = (place + step) % members.length;
    if (members[candidate]!.isAlive) return candidate;
  }
  return undefined;
}

/** Moves what a broker leads to the next live one; everything appended stays, and everybody has it then. */
export function moveLeaders(cluster: KafkaCluster, place: number): ServiceEvents["kafka.leader-moved"][] {
  const next = nextAlive(cluster, place);
  const moved: ServiceEvents["kafka.leader-moved"][] = [];
  if (next === undefined) return moved;
  for (const topic of cluster.topics.values()) {
    for (const partition of topic.partitions) {
      if (partition.leader !== place) continue;
      partition.leader = next;
      partition.leaderEpoch++;
      raiseWatermark(partition.log, partition.log.endOffset);
      moved.push({ topic: topic.name, partition: partition.number, leader: cluster.members[next]!.host });
    }
  }
  cluster.version++;
  return moved;
}

/** Moves one share of the transactions to the next live broker, which then loads it. */
export function moveSlot(cluster: KafkaCluster, slot: Slot, loadMicros: number, wasFault: boolean): void {
  slot.broker = nextAlive(cluster, slot.broker) ?? slot.broker;
  slot.generation++;
  slot.loadMicros = loadMicros;
  slot.wasMovedByFault = wasFault;
}

/** What metadata shows at this moment. */
export function metadataOf(cluster: KafkaCluster): TopicMetadata[] {
  return [...cluster.topics.values()].map(({ name, id, partitions }) => ({
    name,
    id,
    partitions: partitions.map(({ number, leader, leaderEpoch }) => ({
      partition: number,
      leader: cluster.members[leader]!.isAlive ? addressOf(cluster, leader) : null,
      leaderEpoch,
    })),
  }));
}
