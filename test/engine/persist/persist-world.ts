/** A tank with the simulated S3 and Postgres, and clients of persist in it. */
import { assert } from "../../../src/base/assert.ts";
import type { Json } from "../../../src/base/json.ts";
import { persistClient } from "../../../src/engine/persist/client.ts";
import type { PersistClient } from "../../../src/engine/persist/persist.ts";
import { persistPolicies, type PersistPolicies } from "../../../src/engine/persist/policies.ts";
import { decodeBatch, decodeShardState, shardChange } from "../../../src/engine/persist/shard-codec.ts";
import { brokenRule, type ShardState } from "../../../src/engine/persist/shard-state.ts";
import type { Update } from "../../../src/engine/collection.ts";
import { hashText } from "../../../src/base/hash.ts";
import type { EnginePorts } from "../../../src/ports/engine-ports.ts";
import type { Host } from "../../../src/ports/host.ts";
import { objectStoreClient } from "../../../src/sim/s3/object-store-client.ts";
import { objectStoreControls } from "../../../src/sim/s3/object-store-controls.ts";
import { objectStoreProgram } from "../../../src/sim/s3/object-store-program.ts";
import { objectStoreServer } from "../../../src/sim/s3/object-store-server.ts";
import { postgresClient } from "../../../src/sim/postgres/client.ts";
import { postgresControls } from "../../../src/sim/postgres/controls.ts";
import { postgresProgram } from "../../../src/sim/postgres/program.ts";
import { postgresServer } from "../../../src/sim/postgres/server.ts";
import { Tank } from "../../machine/tank.ts";

export interface Append {
  readonly shard: string;
  readonly lower: number | null;
  readonly upper: number | null;
  readonly updates: readonly Update<Json>[];
}

export class PersistWorld {
  readonly tank: Tank;
  readonly seed: string;
  readonly objects;
  readonly postgres;
  /** What became durable, in order, as an oracle at the database sees it. */
  readonly appends: Append[] = [];
  readonly states = new Map<string, ShardState>();
  /** Number of states that were seen. */
  changes = 0;
  readonly #objectServer;
  readonly #postgresServer;

  constructor(seed = "persist") {
    this.seed = seed;
    this.tank = new Tank({ seed });
    const choose = (key: string, n: number): number => (hashText(`${seed} ${key}`) >>> 0) % n;
    this.#objectServer = objectStoreServer({ choose });
    this.#postgresServer = postgresServer({ choose });
    this.objects = objectStoreControls(this.#objectServer);
    this.postgres = postgresControls(this.#postgresServer);
    this.#postgresServer.onCommit = ({ table, row }) => {
      if (table === "consensus" && row !== null) this.#committed(row["shard"] as string, row["data"] as string);
    };
    this.tank.start("s3", objectStoreProgram(this.#objectServer), { restart: "always", ambient: "ports" });
    this.tank.start("postgres", postgresProgram(this.#postgresServer), { restart: "always", ambient: "ports" });
  }

  ports(host: Host): EnginePorts {
    return {
      host,
      objects: objectStoreClient(host, "s3:9000"),
      postgres: postgresClient(host, "postgres:5432"),
      kafka: () => {
        throw new TypeError("persist has no use for Kafka");
      },
    };
  }

  client(host: Host, policies: Partial<PersistPolicies> = {}): PersistClient {
    return persistClient({ ports: this.ports(host), policies: { ...persistPolicies, ...policies } });
  }

  /** Runs programs that no fault touches until all have ended, and fails unless they do. */
  async run(programs: readonly ((host: Host, world: PersistWorld) => Promise<unknown>)[], until = "30m" as const) {
    let ended = 0;
    for (const [number, program] of programs.entries()) {
      this.tank.outsider(`client${number}`, async (host) => {
        await host.sleep("1s");
        await program(host, this);
        ended++;
      });
    }
    await this.tank.run(until);
    assert(ended === programs.length, "every program ended", { ended });
  }

  /** Number of blobs that are stored. */
  get blobs(): number {
    return [...this.#objectServer.buckets.values()][0]!.values.size;
  }

  #committed(shard: string, text: string): void {
    const state = decodeShardState(text);
    assert(brokenRule(state) === undefined, `a durable state keeps its rules: ${brokenRule(state)}`, { shard, text });
    const change = shardChange(this.states.get(shard), state);
    this.states.set(shard, state);
    if (change === undefined) return;
    this.changes++;
    const updates = change.appended.flatMap(({ key }) => [...decodeBatch(this.#objectServer.peek(key)!)]);
    if (change.kind === "append") this.appends.push({ shard, lower: change.lower, upper: state.upper, updates });
  }
}
