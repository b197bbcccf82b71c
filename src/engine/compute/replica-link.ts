/**
 * The environment's connection to one replica: connects until it is stopped, says hello with a fresh nonce, replays the
 * history and then hands over commands as they come. Objects are told one after the other, each as it is to be rendered at
 * that moment, so that a long history holds up nobody else; what comes meanwhile is told behind them. A replica that does
 * not answer a ping in time is connected to anew.
 */
import type { Connection } from "../../ports/host.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { Json } from "../../base/json.ts";
import type { Owner } from "../persist/persist.ts";
import type { ClusterPolicies } from "./policies.ts";
import type { ClusterCommand, ClusterResponse, RenderedObject } from "./protocol.ts";

export interface ReplicaAddress {
  /** Unique in the environment. */
  readonly name: string;
  /** `host:port` of process 0. */
  readonly address: string;
}

type ReplayedCommand = Extract<ClusterCommand, { kind: "create" | "initialization-complete" }>;

/** Why a replica is not connected. */
export type OfflineReason = "lost" | "refused" | "timeout" | "silent" | "fenced" | "dropped";

export interface ReplicaLinkOptions {
  readonly ports: EnginePorts;
  readonly replica: ReplicaAddress;
  readonly owner: Owner;
  readonly policies: Pick<ClusterPolicies, "replayPace">;
  /** What a new connection is told behind its hello: objects, and that these are all if they are. */
  readonly replay: () => readonly ReplayedCommand[];
  /** The object as it is to be told now. */
  readonly present: (object: RenderedObject) => RenderedObject;
  /** The replica is about to be told that these are all. */
  readonly onMentioned: (nonce: string, objects: readonly RenderedObject[]) => void;
  readonly onResponse: (response: ClusterResponse) => void;
  /** There is no connection; told after every one and every attempt, the last time when it is stopped. */
  readonly onOffline: (reason: OfflineReason) => void;
}

const reconnectDelay = "1s";
const connectTimeout = "5s";
const pingEvery = "5s";

export class ReplicaLink {
  readonly #options: ReplicaLinkOptions;
  #connection: Connection | null = null;
  #nonce = "";
  /** By id, what the present connection was told to run. */
  readonly #told = new Map<string, RenderedObject>();
  /** Commands that came during a replay; null when there is none. */
  #held: ClusterCommand[] | null = null;
  #attempts = 0;
  #hasHeard = true;
  #isStopped = false;
  /** Why the present connection ends, if it is known before it does. */
  #reason: OfflineReason = "lost";

  constructor(options: ReplicaLinkOptions) {
    this.#options = options;
    void this.#run();
    void this.#ping();
  }

  /** Hands over a live command; without a connection it is in the history that the next one replays. */
  send(command: ClusterCommand): void {
    if (this.#connection === null) return;
    if (this.#held !== null) this.#held.push(command);
    else this.#tell(command);
  }

  /** Ends the connection for good; nothing is heard of the replica any more. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#connection?.close();
    this.#connection = null;
    this.#options.onOffline("dropped");
  }

  async #run(): Promise<void> {
    const { host } = this.#options.ports;
    while (!this.#isStopped) {
      const connection = await this.#connect();
      if (connection !== null) {
        await this.#serve(connection);
        this.#ended(this.#reason);
      }
      this.#connection = null;
      await host.sleep(reconnectDelay);
    }
  }

  #ended(reason: OfflineReason): void {
    if (!this.#isStopped) this.#options.onOffline(reason);
  }

  async #connect(): Promise<Connection | null> {
    const { ports, replica, owner } = this.#options;
    try {
      const connection = await ports.host.connect(replica.address, { timeout: connectTimeout });
      if (this.#isStopped) {
        connection.close();
        return null;
      }
      this.#nonce = `${ports.host.process}/${++this.#attempts}/${ports.host.random(2 ** 30)}`;
      this.#connection = connection;
      this.#hasHeard = true;
      this.#reason = "lost";
      this.#told.clear();
      ports.host.emit("controller.connected", { replica: replica.name, nonce: this.#nonce, ...owner });
      this.#tell({ kind: "hello", nonce: this.#nonce, owner });
      await this.#replay();
      return connection;
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (typeof code !== "string") throw error;
      this.#ended(code === "ECONNREFUSED" ? "refused" : "timeout");
      return null;
    }
  }

  async #replay(): Promise<void> {
    const { ports, replay, policies } = this.#options;
    const held: ClusterCommand[] = (this.#held = []);
    const commands = replay();
    for (const [place, command] of commands.entries()) {
      if (command.kind !== "create") continue;
      if (place > 0) await ports.host.sleep(policies.replayPace());
      this.#tell(command);
    }
    this.#held = null;
    for (const command of held) this.#tell(command);
    if (commands.at(-1)?.kind === "initialization-complete") this.#tell({ kind: "initialization-complete" });
  }

  #tell(command: ClusterCommand): void {
    const connection = this.#connection;
    if (connection === null) return;
    const told = this.#noted(command);
    try {
      connection.send(told as unknown as Json);
    } catch (error) {
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
      // The loop that reads it meets the same end and connects anew.
      this.#connection = null;
    }
  }

  #noted(command: ClusterCommand): ClusterCommand {
    const { present, onMentioned } = this.#options;
    switch (command.kind) {
      case "create": {
        const object = present(command.object);
        this.#told.set(object.id, object);
        return { kind: "create", object };
      }
      case "drop":
        this.#told.delete(command.id);
        return command;
      case "initialization-complete":
        onMentioned(this.#nonce, [...this.#told.values()]);
        return command;
      default:
        return command;
    }
  }

  async #serve(connection: Connection): Promise<void> {
    while (!this.#isStopped) {
      let response: ClusterResponse | undefined;
      try {
        response = await connection.receive();
      } catch (error) {
        if (typeof (error as { code?: unknown }).code !== "string") throw error;
        return;
      }
      if (response === undefined || this.#isStopped) return;
      this.#hasHeard = true;
      if (response.kind === "fenced") this.#reason = "fenced";
      if (response.kind !== "pong") this.#options.onResponse(response);
    }
  }

  /** A connection on which nothing was heard since the last ping is given up: its replica vanished without a word. */
  async #ping(): Promise<void> {
    for (;;) {
      await this.#options.ports.host.sleep(pingEvery);
      if (this.#isStopped) return;
      if (this.#connection === null) continue;
      if (!this.#hasHeard) {
        this.#reason = "silent";
        this.#connection.close();
        this.#connection = null;
        continue;
      }
      this.#hasHeard = false;
      this.send({ kind: "ping" });
    }
  }
}
