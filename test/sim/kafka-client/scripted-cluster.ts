/** A cluster that answers what a test says, and a process with a client of it. */
import { expect } from "vitest";
import { parseDuration } from "../../../src/base/time.ts";
import type { Host } from "../../../src/ports/host.ts";
import type { KafkaApi, KafkaApis, KafkaErrorCode, KafkaRpc } from "../../../src/ports/kafka-rpc.ts";
import { runBody } from "../../support/bodies.ts";

/** A request as it reached a broker; `at` in µs of the host's clock, since the script's first. */
export interface Asked {
  readonly broker: string;
  readonly api: KafkaApi;
  readonly request: any;
  readonly at: number;
}

/** A value, one of Kafka's errors, one of the network's (`definite` unless it has a question mark), or no answer. */
export type Says =
  | { readonly [name: string]: unknown }
  | KafkaErrorCode
  | "ECONNREFUSED"
  | "ECONNRESET?"
  | "silence"
  | undefined;

export interface Script {
  readonly rpc: KafkaRpc;
  readonly asked: Asked[];
}

/** Three brokers; `t` has two partitions, led by the first and the second. */
export const brokers = ["b1:9092", "b2:9092", "b3:9092"] as const;

const usual: { readonly [A in KafkaApi]: KafkaApis[A]["reply"] } = {
  metadata: {
    brokers: [...brokers],
    topics: [
      {
        name: "t",
        id: "t-1",
        partitions: [
          { partition: 0, leader: brokers[0], leaderEpoch: 1 },
          { partition: 1, leader: brokers[1], leaderEpoch: 1 },
        ],
      },
    ],
  },
  createTopic: { id: "t-1" },
  deleteTopic: {},
  listOffsets: { logStartOffset: 0, lastStableOffset: 5, highWatermark: 7 },
  fetch: { batches: [], aborted: [], logStartOffset: 0, lastStableOffset: 5, highWatermark: 7 },
  findCoordinator: { coordinator: brokers[2] },
  initProducerId: { producerId: 9, epoch: 0 },
  addPartitionsToTxn: {},
  produce: { baseOffset: 0 },
  endTxn: {},
};

/** Every request takes a millisecond. What `says` leaves undefined is answered as a healthy cluster would. */
export function script(host: Host, says: (asked: Asked, count: number) => Says = () => undefined): Script {
  const asked: Asked[] = [];
  const startedAt = host.clock.monotonic();
  const rpc: KafkaRpc = {
    async request(broker, api, request, options = {}) {
      const one = { broker, api, request, at: host.clock.monotonic() - startedAt };
      asked.push(one);
      const answer = says(one, asked.filter((other) => other.api === api).length);
      await host.sleep(answer === "silence" ? parseDuration(options.timeout ?? "5s") : "1ms");
      if (answer === "silence") throw netError("ETIMEDOUT", false);
      if (answer === "ECONNRESET?") throw netError("ECONNRESET", false);
      if (answer === "ECONNREFUSED") throw netError("ECONNREFUSED", true);
      if (typeof answer === "string") return { ok: false, error: answer };
      return { ok: true, value: (answer ?? usual[api]) as never };
    },
  };
  return { rpc, asked };
}

/** Runs `use` as a process that is held to ports, in a world of its own; resolves with what it returns. */
export async function inProcess<T>(use: (host: Host) => Promise<T>): Promise<T> {
  let result: { readonly value: T } | undefined;
  const record = await runBody(async ({ world }) => {
    world.host("engine").start(
      async (host) => {
        result = { value: await use(host) };
      },
      { ambient: "ports" },
    );
    await world.until(() => result !== undefined, { every: "1s" });
  });
  expect(record.failure).toBeNull();
  return result!.value;
}

/** How a call ends: its value, or `!CODE class`. */
export async function outcome(call: Promise<unknown>): Promise<unknown> {
  try {
    return await call;
  } catch (error) {
    const { code, failure } = error as { readonly code?: unknown; readonly failure?: unknown };
    if (typeof failure !== "string") throw error;
    return `!${String(code)} ${failure}`;
  }
}

function netError(code: string, definite: boolean): Error {
  return Object.assign(new Error(code), { code, definite });
}
