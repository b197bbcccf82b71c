/** Environments over the simulated S3 and Postgres, with clients; replicas and Kafka are not there. */
import type { Json } from "../../../src/base/json.ts";
import { assert } from "../../../src/base/assert.ts";
import { hashText } from "../../../src/base/hash.ts";
import type { Duration } from "../../../src/base/time.ts";
import { catalogPolicies, type CatalogPolicies } from "../../../src/engine/catalog/policies.ts";
import { engineReasons, type EngineReason } from "../../../src/engine/coordinator/fate.ts";
import { coordinatorPolicies, type CoordinatorPolicies } from "../../../src/engine/coordinator/policies.ts";
import { environmentd } from "../../../src/engine/environmentd.ts";
import { persistClient } from "../../../src/engine/persist/client.ts";
import { persistPolicies } from "../../../src/engine/persist/policies.ts";
import { sqlPolicies } from "../../../src/engine/sql/policies.ts";
import type { Connection, Host } from "../../../src/ports/host.ts";
import type { KafkaClient, TopicInfo } from "../../../src/ports/kafka.ts";
import type { SessionReply } from "../../../src/ports/session.ts";
import { objectStoreClient } from "../../../src/sim/s3/object-store-client.ts";
import { objectStoreControls } from "../../../src/sim/s3/object-store-controls.ts";
import { objectStoreProgram } from "../../../src/sim/s3/object-store-program.ts";
import { objectStoreServer } from "../../../src/sim/s3/object-store-server.ts";
import { postgresClient } from "../../../src/sim/postgres/client.ts";
import { postgresControls } from "../../../src/sim/postgres/controls.ts";
import { postgresProgram } from "../../../src/sim/postgres/program.ts";
import { postgresServer } from "../../../src/sim/postgres/server.ts";
import { Tank } from "../../machine/tank.ts";
import type { ServiceState } from "../../../src/ports/orchestrator.ts";
import { fakeOrchestrator } from "./fake-orchestrator.ts";
import { fakeClusters, type FakeCluster } from "./fake-cluster.ts";

export interface Policies {
  readonly catalog?: Partial<CatalogPolicies>;
  readonly coordinator?: Partial<CoordinatorPolicies>;
}

type Good = Extract<SessionReply, { ok: true }>;

export class EnvironmentWorld {
  readonly tank: Tank;
  readonly postgres;
  readonly objects;
  /** In order of their start. */
  readonly clusters: FakeCluster[] = [];
  /** Services that environments declared, by name. */
  readonly services = new Map<string, ServiceState>();
  /** Topics that brokers have; null: no broker answers. */
  topics: readonly TopicInfo[] | null = [];
  /** How long brokers take to answer. */
  kafkaDelay: Duration = "1ms";

  constructor(seed = "environment", tolerate: readonly string[] = []) {
    this.tank = new Tank({ seed, tolerate });
    const choose = (key: string, n: number): number => (hashText(`${seed} ${key}`) >>> 0) % n;
    const objects = objectStoreServer({ choose });
    const postgres = postgresServer({ choose });
    this.objects = objectStoreControls(objects);
    this.postgres = postgresControls(postgres);
    this.tank.start("s3", objectStoreProgram(objects), { restart: "always", ambient: "ports" });
    this.tank.start("postgres", postgresProgram(postgres), { restart: "always", ambient: "ports" });
  }

  /** Starts an environment on a host; it is started again as its reasons to end say. */
  start(name: string, generation: number, policies: Policies = {}): void {
    const program = (host: Host): Promise<void> => {
      const ports = {
        host,
        objects: objectStoreClient(host, "s3:9000"),
        postgres: postgresClient(host, "postgres:5432"),
        kafka: () => this.#kafka(host),
      };
      const persist = persistClient({ ports, policies: persistPolicies });
      return environmentd({
        ports,
        policies: {
          catalog: { ...catalogPolicies, ...policies.catalog },
          coordinator: { ...coordinatorPolicies, ...policies.coordinator },
          sql: sqlPolicies,
        },
        generation,
        persist,
        createController: fakeClusters(() => persist, this.clusters),
        orchestrator: fakeOrchestrator(host, this.services),
      });
    };
    const restart = ({ reason }: { readonly reason: string }): boolean =>
      !Object.hasOwn(engineReasons, reason) || engineReasons[reason as EngineReason].isRestarted;
    this.tank.start(name, program, { restart, backoff: "500ms", ambient: "ports" });
  }

  /** Runs clients, each on a host of its own, and fails unless all have ended. */
  async run(clients: readonly ((client: Client) => Promise<unknown>)[], until: Duration = "2m"): Promise<void> {
    let ended = 0;
    for (const [number, client] of clients.entries()) {
      this.tank.outsider(`client${number}`, async (host) => {
        await client(new Client(host));
        ended++;
      });
    }
    await this.tank.run(until);
    assert(ended === clients.length, "all clients came to their ends");
  }

  /** Reasons for which environments ended, in order. */
  get endings(): readonly string[] {
    return this.tank.of("env.ending").map((data) => (data as { readonly reason: string }).reason);
  }

  #kafka(host: Host): KafkaClient {
    const topics = async (): Promise<readonly TopicInfo[]> => {
      await host.sleep(this.kafkaDelay);
      if (this.topics !== null) return this.topics;
      throw Object.assign(new Error("refused"), { code: "ECONNREFUSED", failure: "transient" });
    };
    return { topics, close: () => undefined } as unknown as KafkaClient;
  }
}

/** A session that connects when it must, and waits until somebody serves. */
export class Client {
  readonly host: Host;
  #connection: Connection | null = null;
  #address = "";

  constructor(host: Host) {
    this.host = host;
  }

  /** The reply of an environment; undefined when it never came. */
  async ask(sql: string, environment = "env"): Promise<SessionReply | undefined> {
    const connection = await this.#connected(`${environment}:6875`);
    try {
      connection.send({ sql, session: this.host.name });
      const reply = (await connection.receive()) as SessionReply | undefined;
      if (reply === undefined) this.#connection = null;
      return reply;
    } catch (error) {
      coded(error);
      this.#connection = null;
      return undefined;
    }
  }

  /** A reply that must be good. */
  async good(sql: string, environment?: string): Promise<Good> {
    const reply = await this.ask(sql, environment);
    assert(reply?.ok === true, `a good answer to ${sql}, not ${JSON.stringify(reply)}`);
    return reply;
  }

  /** Code of a reply that must be an error. */
  async code(sql: string, environment?: string): Promise<string> {
    const reply = await this.ask(sql, environment);
    assert(reply?.ok === false, `an error of ${sql}, not ${JSON.stringify(reply)}`);
    return reply.error.code;
  }

  async rows(sql: string, environment?: string): Promise<readonly (readonly Json[])[]> {
    return (await this.good(sql, environment)).rows;
  }

  /** Closes the connection, whatever is under way. */
  leave(): void {
    this.#connection?.close();
    this.#connection = null;
  }

  async #connected(address: string): Promise<Connection> {
    if (this.#address !== address) this.leave();
    this.#address = address;
    while (this.#connection === null) {
      try {
        this.#connection = await this.host.connect(address, { timeout: "2s" });
      } catch (error) {
        coded(error);
        await this.host.sleep("200ms");
      }
    }
    return this.#connection;
  }
}

function coded(error: unknown): void {
  if (typeof (error as { readonly code?: unknown }).code !== "string") throw error;
}
