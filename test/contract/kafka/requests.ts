/** Single requests to the right broker, for cases that are about the protocol and not about a client. */
import { expect } from "vitest";
import type { Duration } from "../../../src/base/time.ts";
import type {
  Isolation,
  KafkaAnswer,
  KafkaApi,
  KafkaApis,
  KafkaErrorCode,
  KafkaRecord,
  KafkaRpc,
} from "../../../src/ports/kafka-rpc.ts";
import type { KafkaClient, TransactionalProducer } from "../../../src/ports/kafka.ts";
import type { KafkaSession } from "./backend.ts";

/** A record with a value only. */
export function record(value: string | null, rest: Partial<KafkaRecord> = {}): KafkaRecord {
  return { key: null, value, headers: [], timestamp: 0, ...rest };
}

/** A topic of its own for a case, ready to be written to. */
export async function freshTopic(session: KafkaSession, partitions = 1): Promise<string> {
  const topic = session.unique("topic");
  expect(await session.client().createTopic(topic, { partitions })).toBe("created");
  return topic;
}

const busy: readonly KafkaErrorCode[] = [
  "NOT_LEADER_OR_FOLLOWER",
  "LEADER_NOT_AVAILABLE",
  "COORDINATOR_LOAD_IN_PROGRESS",
  "COORDINATOR_NOT_AVAILABLE",
  "NOT_COORDINATOR",
];

type LeaderApi = "fetch" | "produce" | "listOffsets";
type CoordinatorApi = "addPartitionsToTxn" | "endTxn" | "initProducerId";

/** Asks whoever leads the partition at the moment. */
export async function askLeader<A extends LeaderApi>(
  session: KafkaSession,
  api: A,
  request: KafkaApis[A]["request"],
): Promise<KafkaAnswer<A>> {
  return patient(session, busy, async () => {
    const leader = await leaderOf(session, request.topic, request.partition);
    return leader === null ? { ok: false, error: "LEADER_NOT_AVAILABLE" } : session.rpc.request(leader, api, request);
  });
}

/** Asks whoever coordinates the transactional id; again while a decided transaction is being completed. */
export async function askCoordinator<A extends CoordinatorApi>(
  session: KafkaSession,
  api: A,
  request: KafkaApis[A]["request"] & { readonly transactionalId: string },
  patience: readonly KafkaErrorCode[] = ["CONCURRENT_TRANSACTIONS"],
): Promise<KafkaAnswer<A>> {
  const { transactionalId } = request;
  return patient(session, [...busy, ...patience], async () => {
    const found = await session.rpc.request(session.brokers[0]!, "findCoordinator", { transactionalId });
    return found.ok ? session.rpc.request(found.value.coordinator, api, request) : found;
  });
}

/** The leader's address by the first broker's metadata; null when there is none. */
export async function leaderOf(session: KafkaSession, topic: string, partition: number): Promise<string | null> {
  const { topics } = valueOf(await session.rpc.request(session.brokers[0]!, "metadata", {}));
  const found = topics.find(({ name }) => name === topic)?.partitions.find((each) => each.partition === partition);
  return found?.leader ?? null;
}

async function patient<A extends KafkaApi>(
  session: KafkaSession,
  patience: readonly KafkaErrorCode[],
  ask: () => Promise<KafkaAnswer<A>>,
): Promise<KafkaAnswer<A>> {
  for (let attempt = 0; ; attempt++) {
    const answer = await ask();
    if (answer.ok || attempt === 100 || !patience.includes(answer.error)) return answer;
    await session.sleep("100ms");
  }
}

export function valueOf<A extends KafkaApi>(answer: KafkaAnswer<A>): KafkaApis[A]["reply"] {
  if (!answer.ok) throw new RangeError(`a request was refused: ${answer.error}`);
  return answer.value;
}

/** The error of a refusal, "" of anything else. */
export function errorOf(answer: KafkaAnswer<KafkaApi>): KafkaErrorCode | "" {
  return answer.ok ? "" : answer.error;
}

/** How a call of the client ends: `done`, or `CODE class`. */
export async function ending(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "done";
  } catch (error) {
    const { code, failure } = error as { readonly code?: unknown; readonly failure?: unknown };
    if (typeof failure !== "string") throw error;
    return `${String(code)} ${failure}`;
  }
}

/** Reads from the start to the high watermark that the log has now; waits until it may. Values in order. */
export async function readAll(
  client: KafkaClient,
  topic: string,
  isolation: Isolation,
  partition = 0,
): Promise<(string | null)[]> {
  const where = { topic, partition };
  const { highWatermark } = await client.watermarks(where);
  const values: (string | null)[] = [];
  for (let offset = 0; offset < highWatermark;) {
    const { records, nextOffset } = await client.fetch(where, offset, { isolation, maxWait: "5s" });
    values.push(...records.map(({ value }) => value));
    offset = nextOffset;
  }
  return values;
}

/** A producer of the client's that was initialised, with a transaction begun. */
export async function begun(
  session: KafkaSession,
  transactionalId: string,
  client = session.client(),
): Promise<TransactionalProducer> {
  const producer = client.producer(transactionalId, { transactionTimeout: "30s" });
  await producer.init();
  producer.begin();
  return producer;
}

/** Requests of one API lose their answers, after the effect, as long as `loses` says so of their number, from 1 on. */
export function losingAnswers(rpc: KafkaRpc, api: KafkaApi, loses: (count: number) => boolean): KafkaRpc {
  let count = 0;
  return {
    async request(broker, asked, request, options) {
      const answer = await rpc.request(broker, asked, request, options);
      if (asked !== api || !loses(++count)) return answer;
      throw Object.assign(new Error("the answer is lost"), { code: "ECONNRESET", definite: false });
    },
  };
}

/** The first request of an API seems lost, and arrives later all the same, when its sender has long sent it again. */
export function arrivingLate(session: KafkaSession, api: KafkaApi, delay: Duration): KafkaRpc {
  const { rpc } = session;
  let count = 0;
  return {
    async request(broker, asked, request, options) {
      if (asked !== api || count++ > 0) return rpc.request(broker, asked, request, options);
      void session.sleep(delay).then(() => rpc.request(broker, asked, request, options));
      throw Object.assign(new Error("no answer yet"), { code: "ETIMEDOUT", definite: false });
    },
  };
}

/** A transactional producer made of single requests: it may do what a proper client does not. */
export class RawProducer {
  readonly transactionalId: string;
  readonly producerId: number;
  readonly epoch: number;
  readonly #session: KafkaSession;

  private constructor(session: KafkaSession, transactionalId: string, producerId: number, epoch: number) {
    this.#session = session;
    this.transactionalId = transactionalId;
    this.producerId = producerId;
    this.epoch = epoch;
  }

  static async init(session: KafkaSession, transactionalId: string, timeoutMillis = 60_000): Promise<RawProducer> {
    const answer = await askCoordinator(session, "initProducerId", { transactionalId, timeoutMillis });
    const { producerId, epoch } = valueOf(answer);
    return new RawProducer(session, transactionalId, producerId, epoch);
  }

  add(topic: string, partition = 0): Promise<KafkaAnswer<"addPartitionsToTxn">> {
    return askCoordinator(this.#session, "addPartitionsToTxn", {
      ...this.#named(),
      partitions: [{ topic, partition }],
    });
  }

  produce(topic: string, sequence: number, values: readonly string[], partition = 0): Promise<KafkaAnswer<"produce">> {
    const producer = { id: this.producerId, epoch: this.epoch, sequence, transactionalId: this.transactionalId };
    const records = values.map((value) => record(value));
    return askLeader(this.#session, "produce", { topic, partition, records, producer });
  }

  end(commit: boolean): Promise<KafkaAnswer<"endTxn">> {
    return askCoordinator(this.#session, "endTxn", { ...this.#named(), commit });
  }

  #named(): { readonly transactionalId: string; readonly producerId: number; readonly epoch: number } {
    const { transactionalId, producerId, epoch } = this;
    return { transactionalId, producerId, epoch };
  }
}
