/**
 * The environment's connection to one replica: connects for ever, says hello with a fresh nonce, replays the history and
 * then hands over commands as they come. A replica that does not answer a ping in time is connected to anew.
 */
import type { Connection } from "../../ports/host.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { Json } from "../../base/json.ts";
import type { Owner } from "../persist/persist.ts";
import type { ClusterCommand, ClusterResponse } from "./protocol.ts";

export interface ReplicaAddress {
  readonly name: string;
  /** `host:port` of process 0. */
  readonly address: string;
}

export interface ReplicaLinkOptions {
  readonly ports: EnginePorts;
  readonly replica: ReplicaAddress;
  readonly owner: Owner;
  /** What a new connection is told behind its hello. */
  readonly replay: () => readonly ClusterCommand[];
  readonly onResponse: (response: ClusterResponse) => void;
}

const reconnectDelay = "1s";
const connectTimeout = "5s";
const pingEvery = "5s";

export class ReplicaLink {
  readonly #options: ReplicaLinkOptions;
  #connection: Connection | null = null;
  #attempts = 0;
  #hasHeard = true;

  constructor(options: ReplicaLinkOptions) {
    this.#options = options;
    void this.#run();
    void this.#ping();
  }

  /** Hands over a live command; without a connection it is in the history that the next one replays. */
  send(command: ClusterCommand): void {
    const connection = this.#connection;
    if (connection === null) return;
    try {
      connection.send(command as unknown as Json);
    } catch (error) {
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
      // The loop that reads it meets the same end and connects anew.
      this.#connection = null;
    }
  }

  async #run(): Promise<void> {
    const { host } = this.#options.ports;
    for (;;) {
      const connection = await this.#connect();
      if (connection !== null) await this.#serve(connection);
      this.#connection = null;
      await host.sleep(reconnectDelay);
    }
  }

  async #connect(): Promise<Connection | null> {
    const { ports, replica, owner } = this.#options;
    try {
      const connection = await ports.host.connect(replica.address, { timeout: connectTimeout });
      const nonce = `${ports.host.process}/${++this.#attempts}/${ports.host.random(2 ** 30)}`;
      this.#connection = connection;
      this.#hasHeard = true;
      this.send({ kind: "hello", nonce, owner });
      for (const command of this.#options.replay()) this.send(command);
      ports.host.emit("controller.connected", { replica: replica.name, nonce, ...owner });
      return connection;
    } catch (error) {
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
      return null;
    }
  }

  async #serve(connection: Connection): Promise<void> {
    for (;;) {
      let response: ClusterResponse | undefined;
      try {
        response = await connection.receive();
      } catch (error) {
        if (typeof (error as { code?: unknown }).code !== "string") throw error;
        return;
      }
      if (response === undefined) return;
      this.#hasHeard = true;
      if (response.kind !== "pong") this.#options.onResponse(response);
    }
  }

  /** A connection on which nothing was heard since the last ping is given up: its replica vanished without a word. */
  async #ping(): Promise<void> {
    for (;;) {
      await this.#options.ports.host.sleep(pingEvery);
      if (this.#connection === null) continue;
      if (!this.#hasHeard) {
        this.#connection.close();
        this.#connection = null;
        continue;
      }
      this.#hasHeard = false;
      this.send({ kind: "ping" });
    }
  }
}
