/** A sink that is stopped while it starts: what it does not do any more. */
import { expect, it } from "vitest";
import type { ConnectorContext } from "../../../../src/engine/connectors/connector.ts";
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

/** Starts a sink and stops it in the `stopAt`-th call that it makes. What it called is returned. */
async function callsUntil(stopAt: string): Promise<readonly string[]> {
  const calls: string[] = [];
  const owner = { generation: 1, epoch: 1 };
  const call = async <T>(name: string, answer: T): Promise<T> => {
    calls.push(name);
    await turns(2);
    if (name === stopAt) running.stop();
    return answer;
  };
  const found = { name: "t", id: "t1", partitions: 1 };
  const kafka = {
    producer: () => ({ init: () => call("init", undefined) }),
    topic: (name: string) => call(`topic ${name}`, name === "out" ? undefined : found),
    createTopic: (name: string) => call(`create ${name}`, undefined),
    watermarks: () => call("watermarks", { highWatermark: 0, lastStableOffset: 0, logStartOffset: 0 }),
    close: () => undefined,
  };
  const shard = { acquire: () => call("acquire", owner), known: { upper: 0 } };
  const host = { process: "p#1", emit: () => undefined, sleep: () => new Promise(() => undefined), random: () => 0 };
  const clock = { wall: () => 0, monotonic: () => 0 };
  const context = {
    ports: { host: { ...host, clock }, kafka: () => kafka },
    persist: { shard: () => shard },
    policies: connectorPolicies,
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

it("fences nobody once its shard is taken over", async () => {
  expect(await callsUntil("acquire")).toEqual(["acquire"]);
});

it("looks for no progress once it has fenced its predecessors", async () => {
  expect(await callsUntil("init")).toEqual(["acquire", "init"]);
});

it("makes no topic for its contents once it has looked for its progress", async () => {
  const calls = await callsUntil("watermarks");
  expect(calls.slice(0, 2)).toEqual(["acquire", "init"]);
  expect(calls).toContain("watermarks");
  expect(calls).not.toContain("create out");
});
