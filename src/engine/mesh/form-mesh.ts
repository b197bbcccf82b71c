/**
 * The shell around forming: dials, accepts, times and hands everything to the pure core, until the mesh is formed. From
 * then on the links carry what runs on the mesh, and the loss of one ends the process: all of a replica share one fate.
 * Links are watched by beats, since a peer that vanished without a word breaks no connection of a silent link.
 */
import type { Json } from "../../base/json.ts";
import type { EnginePorts } from "../../ports/engine-ports.ts";
import type { Connection } from "../../ports/host.ts";
import type { Epoch, FormingEffect, FormingEvent, FormingMessage, FormingState } from "./forming.ts";
import type { Mesh, MeshAddress } from "./mesh.ts";
import type { MeshPolicies } from "./policies.ts";
import { acceptPatiently } from "./binding.ts";
import { Link } from "./link.ts";
import { meshTiming } from "./timing.ts";

export interface MeshOptions {
  readonly replica: string;
  readonly index: number;
  /** Of all members, in order of their index. */
  readonly addresses: readonly MeshAddress[];
  readonly policies: MeshPolicies;
}

/** All that forming takes of the outside world. */
type MeshPorts = Pick<EnginePorts, "host">;

/** Resolves once the mesh is formed. Ends the process (`listen-failed`, `mesh-lost`) when it cannot be, or is lost. */
export async function formMesh(ports: MeshPorts, options: MeshOptions): Promise<Mesh> {
  const forming = new Forming(ports, options);
  await forming.bind();
  return new Promise((resolve) => forming.begin(resolve));
}

class Forming implements Mesh {
  readonly index: number;
  readonly size: number;
  epoch = "";
  readonly #ports: MeshPorts;
  readonly #options: MeshOptions;
  readonly #links = new Map<number, Link>();
  #state: FormingState;
  #attempt = 0;
  #linkCount = 0;
  #peers: readonly (Link | null)[] = [];
  #formed: ((mesh: Mesh) => void) | null = null;
  /** What is to happen when an attempt has failed. */
  #failed: (() => void) | null = null;
  #receiver: ((peer: number, message: Json) => void) | null = null;

  constructor(ports: MeshPorts, options: MeshOptions) {
    this.#ports = ports;
    this.#options = options;
    this.index = options.index;
    this.size = options.addresses.length;
    this.#state = options.policies.formingCore.initial(this.index, this.size);
  }

  get onMessage(): ((peer: number, message: Json) => void) | null {
    return this.#receiver;
  }

  set onMessage(receiver: ((peer: number, message: Json) => void) | null) {
    this.#receiver = receiver;
    if (receiver === null) return;
    for (const [peer, link] of this.#peers.entries()) {
      for (const message of link?.early.splice(0) ?? []) receiver(peer, message);
    }
  }

  send(peer: number, message: Json): void {
    this.#peers[peer]?.send(message);
  }

  /** Listens for peers. The port may be taken for a while by what died here before. */
  async bind(): Promise<void> {
    const { port } = this.#options.addresses[this.index]!;
    await acceptPatiently(this.#ports.host, port, (connection) => this.#accepted(connection));
  }

  begin(formed: (mesh: Mesh) => void): void {
    this.#formed = formed;
    this.#failed = this.#options.policies.attempts(this.#ports.host, (mint) => this.#start(mint));
    void this.#beat();
  }

  #start(mint: Epoch): void {
    this.#attempt++;
    this.#step({ kind: "start", mint });
  }

  #step(event: FormingEvent): void {
    const [state, effects] = this.#options.policies.formingCore.next(this.#state, event);
    this.#state = state;
    for (const effect of effects) this.#perform(effect);
  }

  #perform(effect: FormingEffect): void {
    switch (effect.kind) {
      case "dial":
        return void this.#dial(effect.peer, effect.isRetry, this.#attempt);
      case "send":
        return this.#links.get(effect.link)?.send({ mesh: effect.message as unknown as Json });
      case "close":
        return this.#close(effect.link);
      case "joined":
        this.epoch = `${effect.epoch.millis}.${effect.epoch.nonce}`;
        return this.#emit("mesh.attempt", {});
      case "failed":
        for (const link of this.#links.values()) link.close();
        this.#links.clear();
        return this.#failed?.();
      case "formed":
        return this.#complete(effect.links);
    }
  }

  async #dial(peer: number, isRetry: boolean, attempt: number): Promise<void> {
    const { host } = this.#ports;
    if (isRetry) await host.sleep(meshTiming.retryDelay);
    if (attempt !== this.#attempt) return;
    const { host: name, port } = this.#options.addresses[peer]!;
    let connection: Connection;
    try {
      connection = await host.connect(`${name}:${port}`, { timeout: meshTiming.dialTimeout });
    } catch (error) {
      if (typeof (error as { code?: unknown }).code !== "string") throw error;
      if (attempt === this.#attempt) this.#step({ kind: "dial-failed", peer });
      return;
    }
    if (attempt !== this.#attempt) return connection.close();
    const link = this.#add(connection);
    this.#step({ kind: "dialed", peer, link: link.number });
    this.#watch(link);
  }

  #accepted(connection: Connection): void {
    const link = this.#add(connection);
    this.#step({ kind: "accepted", link: link.number });
    if (!link.isClosed) this.#watch(link);
  }

  #add(connection: Connection): Link {
    const link = new Link(++this.#linkCount, connection);
    this.#links.set(link.number, link);
    return link;
  }

  #close(number: number): void {
    this.#links.get(number)?.close();
    this.#links.delete(number);
  }

  #watch(link: Link): void {
    void this.#read(link);
    void this.#expire(link);
  }

  async #expire(link: Link): Promise<void> {
    await this.#ports.host.sleep(meshTiming.handshakeTimeout);
    if (link.isClosed || !this.#state.handshakes.has(link.number)) return;
    this.#step({ kind: "handshake-expired", link: link.number });
  }

  async #read(link: Link): Promise<void> {
    for (;;) {
      let message: Json | undefined;
      try {
        message = await link.connection.receive();
      } catch (error) {
        if (typeof (error as { code?: unknown }).code !== "string") throw error;
        message = undefined;
      }
      if (link.isClosed) return;
      if (message === undefined) return this.#lost(link);
      link.hasHeard = true;
      this.#heard(link, message);
    }
  }

  #heard(link: Link, message: Json): void {
    if (message === null) return;
    const word = (message as { readonly mesh?: FormingMessage }).mesh;
    if (word !== undefined) return this.#step({ kind: "message", link: link.number, message: word });
    const peer = this.#peers.indexOf(link);
    // The other side may think the mesh formed while this one still waits for a third.
    if (peer < 0 || this.#receiver === null) link.early.push(message);
    else this.#receiver(peer, message);
  }

  #lost(link: Link): void {
    link.isClosed = true;
    const peer = this.#peers.indexOf(link);
    if (peer >= 0) {
      this.#emit("mesh.lost", { peer });
      this.#options.policies.loseMember(this.#ports.host);
    }
    this.#links.delete(link.number);
    this.#step({ kind: "closed", link: link.number });
  }

  #complete(links: readonly (number | null)[]): void {
    this.#peers = links.map((number) => (number === null ? null : (this.#links.get(number) ?? null)));
    this.#emit("mesh.formed", { size: this.size });
    // A protocol that does not watch its links may count one that is dead.
    for (const [peer, number] of links.entries()) {
      if (number === null || this.#peers[peer] !== null) continue;
      this.#emit("mesh.lost", { peer });
      this.#options.policies.loseMember(this.#ports.host);
    }
    this.#formed?.(this);
  }

  /** One timer for all links: says something where nothing was said, and counts the silences of the others. */
  async #beat(): Promise<void> {
    for (;;) {
      await this.#ports.host.sleep(meshTiming.beatEvery);
      for (const link of this.#links.values()) {
        if (this.#state.handshakes.has(link.number)) continue;
        if (!link.hasSent) link.send(null);
        link.hasSent = false;
        link.silences = link.hasHeard ? 0 : link.silences + 1;
        link.hasHeard = false;
        if (!this.#options.policies.isSilent(link.silences)) continue;
        link.connection.close();
        this.#lost(link);
      }
    }
  }

  #emit(kind: "mesh.attempt" | "mesh.formed" | "mesh.lost", data: { readonly [key: string]: Json }): void {
    const { replica, index } = this.#options;
    this.#ports.host.emit(kind, { replica, index, epoch: this.epoch, ...data });
  }
}
