/** A sink over a shard and brokers that only note what is asked of them. */
import type { ConnectorContext, RunningConnector } from "../../../../src/engine/connectors/connector.ts";
import type { ConnectorPolicies } from "../../../../src/engine/connectors/policies.ts";
import { connectorPolicies } from "../../../../src/engine/connectors/policies.ts";
import { startSink } from "../../../../src/engine/connectors/sink/start-sink.ts";
import type { SinkObject } from "../../../../src/engine/compute/protocol.ts";

const sink: SinkObject = {
  kind: "sink",
  id: "u1",
  incarnation: 1,
  brokers: ["b:1"],
  topic: "out",
  connection: "u0",
  from: { id: "u2", shard: "u2" },
  columns: [],
  key: [],
  envelope: "debezium",
  partitions: 1,
  asOf: 0,
  shard: "u1",
};

export interface FakeSinkOptions {
  /** Called in the call of that name, before it is answered; what it throws is the answer. */
  readonly during?: (call: string, running: RunningConnector) => void;
  readonly policies?: Partial<ConnectorPolicies>;
  /** Whether brokers know the sink's own topic. */
  readonly hasTopic?: boolean;
}

/** Starts a sink and lets it go on for as long as it is answered. What it called is returned. */
export async function callsOf({ during, policies, hasTopic = false }: FakeSinkOptions): Promise<readonly string[]> {
  const calls: string[] = [];
  const owner = { generation: 1, epoch: 1 };
  const call = async <T>(name: string, answer: T): Promise<T> => {
    calls.push(name);
    await turns(2);
    during?.(name, running);
    return answer;
  };
  const found = { name: "t", id: "t1", partitions: 1 };
  const producer = {
    init: () => call("init", undefined),
    begin: () => undefined,
    send: () => call("send", undefined),
    commit: () => call("commit", undefined),
    abort: () => call("abort", undefined),
  };
  const kafka = {
    producer: () => producer,
    topic: (name: string) => call(`topic ${name}`, name === "out" && !hasTopic ? undefined : found),
    createTopic: (name: string) => call(`create ${name}`, undefined),
    watermarks: () => call("watermarks", { highWatermark: 0, lastStableOffset: 0, logStartOffset: 0 }),
    close: () => undefined,
  };
  const shard = { acquire: () => call("acquire", owner), snapshot: () => call("snapshot", []), known: { upper: 0 } };
  const host = { process: "p#1", emit: () => undefined, sleep: () => new Promise(() => undefined), random: () => 0 };
  const clock = { wall: () => 0, monotonic: () => 0 };
  const context = {
    ports: { host: { ...host, clock }, kafka: () => kafka },
    persist: { shard: () => shard },
    policies: { ...connectorPolicies, ...policies },
    owner,
    report: () => undefined,
    advanced: () => undefined,
  };
  const running = startSink(sink, context as unknown as ConnectorContext);
  await turns(1_000);
  return calls;
}

/** So many turns of promises: nothing in here waits for anything else. */
async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await null;
}
