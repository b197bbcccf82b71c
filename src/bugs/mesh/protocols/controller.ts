/**
 * The controller that historic protocols depend on: holds a connection to every process, asks for an attempt on each new
 * one, and when one is lost makes all of them anew and asks for the next. What it calls its attempts, and which
 * connections a loss costs, are decisions of their own, for each of them has been wrong.
 */
import type { ControllerPolicies } from "../../../engine/mesh/policies.ts";
import type { Epoch } from "../../../engine/mesh/forming.ts";
import type { MeshAddress } from "../../../engine/mesh/mesh.ts";
import type { Connection, Host } from "../../../ports/host.ts";
import { meshControlPort, type CreateMesh } from "./controlled-attempts.ts";

export interface ControllerDecisions {
  /** A number for this life of the controller, which may be kept on its disk. */
  readonly life: (host: Host) => Promise<number>;
  /** The name of an attempt: `round` counts the attempts of this life, from 0. */
  readonly attempt: (host: Host, life: number, round: number) => Epoch;
  /** Whether the loss of one connection makes all others be made anew, too. */
  readonly beginsAnew: () => boolean;
}

/** Names that only rise: over attempts within a life, and over lives. */
export const risingAttempts: ControllerDecisions = {
  life: async (host) => {
    const life = ((await host.disk.read<number>("life")) ?? 0) + 1;
    await host.disk.write("life", life);
    return life;
  },
  attempt: (_host, life, round) => ({ millis: life, nonce: round }),
  beginsAnew: () => true,
};

/** Names that only differ. */
export const drawnAttempts: ControllerDecisions = {
  ...risingAttempts,
  attempt: (host) => ({ millis: 0, nonce: host.random(2 ** 30) }),
};

const dialTimeout = "2s";
const retryDelay = "1s";
const beatEvery = "5s";

/** A controller's program with these decisions. */
export function meshController(decisions: ControllerDecisions): ControllerPolicies {
  return {
    program: async (host, members) => {
      const life = await decisions.life(host);
      const controller = new Controller(host, decisions, life);
      for (const member of members) void controller.hold(member);
    },
  };
}

class Controller {
  readonly #host: Host;
  readonly #decisions: ControllerDecisions;
  readonly #life: number;
  readonly #connections = new Map<MeshAddress, Connection>();
  #round = 0;
  #attempt: Epoch;

  constructor(host: Host, decisions: ControllerDecisions, life: number) {
    this.#host = host;
    this.#decisions = decisions;
    this.#life = life;
    this.#attempt = decisions.attempt(host, life, 0);
  }

  /** For ever: connects to a process, asks for the present attempt, and waits until the connection is lost. */
  async hold(member: MeshAddress): Promise<void> {
    for (;;) {
      const connection = await this.#connect(member);
      if (connection !== undefined) {
        this.#connections.set(member, connection);
        const message: CreateMesh = { create: this.#attempt };
        send(connection, message as never);
        void this.#beat(member, connection);
        await ended(connection);
        // Whoever hung up on this one has begun the next attempt.
        if (this.#connections.get(member) === connection) this.#lost(member);
      }
      await this.#host.sleep(retryDelay);
    }
  }

  #lost(member: MeshAddress): void {
    this.#connections.delete(member);
    this.#attempt = this.#decisions.attempt(this.#host, this.#life, ++this.#round);
    if (!this.#decisions.beginsAnew()) return;
    for (const connection of this.#connections.values()) connection.close();
    this.#connections.clear();
  }

  async #connect({ host }: MeshAddress): Promise<Connection | undefined> {
    try {
      return await this.#host.connect(`${host}:${meshControlPort}`, { timeout: dialTimeout });
    } catch (error) {
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
      return undefined;
    }
  }

  /** A word now and then, so that a process which vanished costs its connection. */
  async #beat(member: MeshAddress, connection: Connection): Promise<void> {
    while (this.#connections.get(member) === connection) {
      await this.#host.sleep(beatEvery);
      send(connection, null);
    }
  }
}

function send(connection: Connection, message: Parameters<Connection["send"]>[0]): void {
  try {
    connection.send(message);
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== "string") throw error;
  }
}

/** Resolves when nothing more comes. */
async function ended(connection: Connection): Promise<void> {
  try {
    while ((await connection.receive()) !== undefined);
  } catch (error) {
    if (typeof (error as { code?: unknown }).code !== "string") throw error;
  }
}
