/** A whole streaming database in a world, with its services, its clients and an upstream application. */
import type { World } from "../ports/world.ts";
import type { EnginePolicies } from "../engine/policies.ts";
import type { Restarts } from "./replica-fleet.ts";
import type { SqlRow } from "./sql-session.ts";
import type { Topology } from "./topology.ts";
import { Orchestration } from "./orchestrator.ts";
import { startServices } from "./services.ts";
import { SqlSession } from "./sql-session.ts";
import { brokerAddresses, defaultTopology, environmentHost, sessionPort } from "./topology.ts";
import { Upstream } from "./upstream.ts";

export interface StreamingWorldOptions {
  readonly world: World;
  readonly policies: EnginePolicies;
  readonly topology?: Partial<Topology>;
  /** Of all processes of the engine, or of those on each host. */
  readonly restarts?: Restarts | ((host: string) => Restarts);
}

/** SQLSTATEs that say that what was asked for is there already. */
const thereAlready = ["42710", "42P07"];

export class StreamingWorld {
  readonly topology: Topology;
  readonly upstream: Upstream;
  readonly #world: World;
  readonly #orchestration: Orchestration;
  readonly #sessions = new Map<string, SqlSession>();
  #generation = 0;

  constructor({ world, policies, topology, restarts = { first: "500ms", max: "10s" } }: StreamingWorldOptions) {
    this.topology = { ...defaultTopology, ...topology };
    const restartsOf = typeof restarts === "function" ? restarts : () => restarts;
    this.#world = world;
    startServices(world, this.topology);
    this.#orchestration = new Orchestration({ world, policies, topology: this.topology, restartsOf });
    this.upstream = new Upstream(world, brokerAddresses(this.topology));
    this.deploy();
  }

  /** Generations started so far. */
  get generation(): number {
    return this.#generation;
  }

  /** Starts the next generation beside the present one, which it will fence out. */
  deploy(): void {
    const before = this.#generation;
    this.#orchestration.deploy(++this.#generation);
    if (before > 0) void this.#orchestration.reap(before);
  }

  /** A session by its name, opened with its first statement. Each has one statement in flight. */
  session(name: string): SqlSession {
    let session = this.#sessions.get(name);
    if (session === undefined) {
      const addresses = (): readonly string[] =>
        Array.from(
          { length: this.#generation },
          (_, index) => `${environmentHost(this.#generation - index)}:${sessionPort}`,
        );
      session = new SqlSession(this.#world, this.#world.host(name), { name, addresses });
      this.#sessions.set(name, session);
    }
    return session;
  }

  /** Rows of a query, in a session named `client`. Rejects with a coded error. */
  async rows(sql: string): Promise<readonly SqlRow[]> {
    return (await this.session("client").query(sql)).rows;
  }

  /**
   * Sees to it that a statement has happened, over lost answers and outages: what is there already is there. Rejects when
   * the database refuses it.
   */
  async ensure(sql: string): Promise<void> {
    for (;;) {
      try {
        await this.session("admin").query(sql);
        return;
      } catch (error) {
        const { code } = error as { readonly code?: unknown };
        if (typeof code !== "string") throw error;
        if (thereAlready.includes(code)) return;
        if (!isTransient(code)) throw error;
        await this.#world.sleep("500ms");
      }
    }
  }
}

/** Whether trying again may help: the answer was lost, nobody answered, or SQLSTATE says so. */
export function isTransient(code: string): boolean {
  return code === "unknown" || code === "unavailable" || /^(08|40|53|57|58)/.test(code);
}
