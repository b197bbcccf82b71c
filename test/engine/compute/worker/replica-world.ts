/** A replica of three processes in a world, over shards in memory, with a controller in the driver's hands. */
import { expect } from "vitest";
import type { Json } from "../../../../src/base/json.ts";
import type { Entry, Update } from "../../../../src/engine/collection.ts";
import type { ClusterCommand, ClusterResponse, Peek } from "../../../../src/engine/compute/protocol.ts";
import type { ReplicaPolicies } from "../../../../src/engine/compute/worker/policies.ts";
import type { RunningConnector } from "../../../../src/engine/connectors/connector.ts";
import type { PersistClient } from "../../../../src/engine/persist/persist.ts";
import type { EnginePorts } from "../../../../src/ports/engine-ports.ts";
import type { Connection, Host } from "../../../../src/ports/host.ts";
import type { World } from "../../../../src/ports/world.ts";
import type { BodyContext } from "../../../../src/runner/body.ts";
import type { RunRecord } from "../../../../src/runner/run/record.ts";
import { crash } from "../../../../src/faults/crash.ts";
import { gracefulStop } from "../../../../src/faults/graceful-stop.ts";
import { clusterd, type ClusterdOptions } from "../../../../src/engine/clusterd.ts";
import { replicaPolicies } from "../../../../src/engine/compute/worker/policies.ts";
import { connectorPolicies } from "../../../../src/engine/connectors/policies.ts";
import { dataflowPolicies } from "../../../../src/engine/dataflow/policies.ts";
import { formMesh } from "../../../../src/engine/mesh/form-mesh.ts";
import { meshPolicies, type MeshPolicies } from "../../../../src/engine/mesh/policies.ts";
import { runBody } from "../../../support/bodies.ts";
import { memoryPersist, stateOf, type MemoryShards } from "../../catalog/memory-persist.ts";

type StartConnector = (
  id: string,
  host: Host,
  context: Parameters<ClusterdOptions<MeshPolicies>["startSink"]>[1],
) => RunningConnector;

export interface ReplicaSetup {
  readonly processes?: number;
  readonly policies?: Partial<ReplicaPolicies>;
  readonly connector?: StartConnector;
  readonly seed?: string;
}

const delays: Readonly<Record<string, "100ms" | "2ms">> = { wait: "100ms" };

function persistOf(shards: MemoryShards, host: Pick<Host, "sleep">): PersistClient {
  return memoryPersist(shards, (operation) => host.sleep(delays[operation] ?? "2ms"));
}

/** One connection to process 0, and all that came over it. */
export class TestController {
  readonly responses: ClusterResponse[] = [];
  isClosed = false;
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
    void this.#read();
  }

  say(...commands: readonly ClusterCommand[]): this {
    for (const command of commands) this.#connection.send(command as unknown as Json);
    return this;
  }

  close(): void {
    this.#connection.close();
  }

  /** The last frontier that was reported of an object. */
  frontier(id: string): number | null | undefined {
    const last = this.responses.findLast((response) => response.kind === "frontier" && response.id === id);
    return last?.kind === "frontier" ? last.upper : undefined;
  }

  async #read(): Promise<void> {
    for (;;) {
      const response: ClusterResponse | undefined = await this.#connection.receive().catch(() => undefined);
      if (response === undefined) break;
      this.responses.push(response);
    }
    this.isClosed = true;
  }
}

export class ReplicaWorld {
  readonly shards: MemoryShards = new Map();
  readonly world: World;
  readonly #faults: BodyContext["faults"];
  readonly #env: ReturnType<World["host"]>;
  readonly persist: PersistClient;
  #peeks = 0;

  constructor({ world, faults }: Pick<BodyContext, "world" | "faults">, setup: ReplicaSetup) {
    this.world = world;
    this.#faults = faults;
    this.#env = world.host("env");
    this.persist = persistOf(this.shards, this.#env);
    const { processes = 3, policies = {}, connector = () => ({ stop: () => undefined }) } = setup;
    const addresses = Array.from({ length: processes }, (_, index) => ({ host: `c${index}`, port: 2102 }));
    for (const [index, { host: name }] of addresses.entries()) {
      const program = (host: Host): Promise<void> =>
        clusterd<MeshPolicies>({
          ports: { host } as EnginePorts,
          policies: {
            dataflow: dataflowPolicies,
            replica: { ...replicaPolicies, ...policies },
            connectors: connectorPolicies,
            mesh: meshPolicies,
          },
          replica: "r1",
          index,
          addresses,
          formMesh,
          startIngestion: ({ id }, context) => connector(id, host, context),
          startSink: ({ id }, context) => connector(id, host, context),
          persist: persistOf(this.shards, host),
        });
      world.host(name).start(program, { restart: "always", ambient: "ports" });
    }
  }

  crash(host: string): void {
    this.#faults.inject(crash, { host });
  }

  /** Asks a host's process to stop; it has two seconds for it. */
  stop(host: string): void {
    this.#faults.inject(gracefulStop, { host, graceMs: 2_000 });
  }

  /** Connects until it is heard: says hello, mentions these, and that they are all. */
  async controller(epoch: number, ...commands: readonly ClusterCommand[]): Promise<TestController> {
    for (;;) {
      const connection = await this.#env.connect("c0:2101").catch(() => undefined);
      if (connection === undefined) {
        await this.world.sleep("500ms");
        continue;
      }
      const owner = { generation: 1, epoch };
      const hello: ClusterCommand = { kind: "hello", nonce: `n${epoch}/${this.world.now}`, owner };
      return new TestController(connection).say(hello, ...commands);
    }
  }

  /** Makes a shard longer; its upper is as the last call left it. */
  async append(shard: string, updates: readonly Update<Json>[], upper: number | null): Promise<void> {
    const from = stateOf(this.shards, shard).upper;
    const { ok } = await this.persist.shard(shard).compareAndAppend(updates, from!, upper);
    if (!ok) throw new Error(`somebody else writes ${shard}`);
  }

  /** Waits until a shard is written up to there. */
  async written(shard: string, upper: number): Promise<void> {
    await this.world.until(() => (stateOf(this.shards, shard).upper ?? upper) >= upper, { every: "50ms" });
  }

  /** Contents of a shard at a time, as texts. */
  contents(shard: string, at: number): readonly string[] {
    const counts = new Map<string, number>();
    for (const [data, time, diff] of stateOf(this.shards, shard).updates as readonly Update<Json>[]) {
      if (time <= at) counts.set(JSON.stringify(data), (counts.get(JSON.stringify(data)) ?? 0) + diff);
    }
    return [...counts]
      .filter(([, count]) => count !== 0)
      .map(([text, count]) => (count === 1 ? text : `${text} x${count}`))
      .toSorted();
  }

  /** Asks and waits for the answer. */
  async peek(controller: TestController, peek: Omit<Peek, "uuid">): Promise<unknown> {
    const uuid = `p${++this.#peeks}`;
    controller.say({ kind: "peek", peek: { uuid, ...peek } });
    const answer = (): ClusterResponse | undefined =>
      controller.responses.find((response) => response.kind === "peek-answer" && response.uuid === uuid);
    await this.world.until(() => answer() !== undefined, { every: "20ms" });
    const found = answer();
    return found?.kind === "peek-answer" ? found.outcome : undefined;
  }
}

export const row = (entry: Entry, time: number, diff = 1): Update<Json> => [entry as unknown as Json, time, diff];

/** Runs a script against a replica and gives back the observations, as lines `kind text`. */
export async function withReplica(
  script: (scene: ReplicaWorld) => Promise<void>,
  setup: ReplicaSetup = {},
): Promise<{ readonly record: RunRecord; readonly seen: (kind: string) => readonly string[] }> {
  const record = await runBody(
    async (context) => {
      await script(new ReplicaWorld(context, setup));
    },
    { run: { record: true, checking: true } },
  );
  expect(record.failure).toBeNull();
  return { record, seen: (kind) => record.trace.filter((line) => line.kind === kind).map(({ text }) => text) };
}
