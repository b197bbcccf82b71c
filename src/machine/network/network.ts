/**
 * TCP as programs see it: connections are ordered and reliable until they break. Per direction a link may be blocked
 * (packets wait for retransmission and break their connection in the end), clogged (they wait) or slow. A crash resets
 * the connections of its process; a power loss resets nothing, its peers find out when they next send. Not modelled:
 * windows and back-pressure, segments, datagrams.
 */
import type { Kernel } from "../../kernel/kernel.ts";
import type { Process } from "../../kernel/process.ts";
import type { NetCode } from "../port-errors.ts";
import { hashText, mix } from "../../base/hash.ts";
import { site } from "../../kernel/choices.ts";
import { End } from "./end.ts";
import { Link } from "./link.ts";

/** How long unacknowledged data keeps a connection alive, µs. */
export const retransmitLimitMicros = 15_000_000;

const latencySite = site("net.latency");
const breakSite = site("net.break");

export interface ListenerRecord {
  readonly process: Process;
  readonly onConnection: (end: End) => unknown;
}

/** What the network asks of a host. */
export interface NetworkHost {
  readonly name: string;
  readonly listeners: Map<number, ListenerRecord>;
  refusals: number;
  phantoms: number;
}

export interface Dialing {
  readonly process: Process;
  readonly fromHost: string;
  readonly address: string;
  readonly toHost: string;
  readonly port: number;
  readonly opened: (end: End) => void;
  readonly failed: (code: NetCode) => void;
}

export class Network {
  readonly #kernel: Kernel;
  readonly #hosts: ReadonlyMap<string, NetworkHost>;
  readonly #links = new Map<string, Link>();
  readonly #ends = new Set<End>();
  readonly #dials = new Map<string, number>();
  readonly #kind: { readonly [name in "message" | "connect" | "close" | "timeout"]: number };

  constructor(kernel: Kernel, hosts: ReadonlyMap<string, NetworkHost>) {
    this.#kernel = kernel;
    this.#hosts = hosts;
    const kind = (name: string): number => kernel.trace.intern(name);
    this.#kind = {
      message: kind("net.message"),
      connect: kind("net.connect"),
      close: kind("net.close"),
      timeout: kind("net.timeout"),
    };
  }

  link(from: string, to: string): Link {
    const name = `${from}→${to}`;
    let link = this.#links.get(name);
    if (link === undefined) {
      link = new Link(from, to);
      this.#links.set(name, link);
    }
    return link;
  }

  /** Open connections between two hosts, either way round, in order of their making; each once. */
  between(a: string, b: string): End[] {
    return [...this.#ends].filter(
      (end) =>
        end.closed === null &&
        end.other !== null &&
        end.host === a &&
        end.peer.host === b &&
        (a !== b || end.key < end.other.key),
    );
  }

  /** Opens a connection: a packet there, a packet back. Called as an effect. */
  dial(dialing: Dialing): void {
    const route = `${dialing.fromHost}→${dialing.toHost}:${dialing.port}`;
    const count = (this.#dials.get(route) ?? 0) + 1;
    this.#dials.set(route, count);
    const dialKey = mix(hashText(route), count);
    this.#pass(this.link(dialing.fromHost, dialing.toHost), mix(dialKey, 1), null, (at) => {
      const text = this.#text(() => `${dialing.fromHost} → ${dialing.address} connect`);
      this.#at(null, at, this.#kind.connect, dialKey, () => this.#arrive(dialing, dialKey), text);
    });
  }

  /** Sends a message that left an end. */
  transmit(end: End, message: unknown): void {
    const { other, link } = end;
    if (end.isHalfOpen || other === null) {
      this.#kernel.observe(null, "net.half-open", { from: link.from, to: link.to });
      return this.#giveUpLater(end, retransmitLimitMicros);
    }
    const messageKey = mix(end.key, ++end.sent);
    const { breaks } = link;
    for (let index = 0; index < breaks.length; index++) {
      if (this.#kernel.oracle.choose(breakSite, mix(messageKey, index), breaks[index]!) !== 0) continue;
      this.#kernel.observe(null, "net.reset", { from: link.from, to: link.to });
      return this.reset(end);
    }
    if (link.blocks > 0) this.#giveUpLater(end, retransmitLimitMicros);
    this.#pass(link, messageKey, end, (at) => {
      if (other.closed !== null || !other.process.isAlive) return this.#shutLater(end, "ECONNRESET", at);
      const kernel = this.#kernel;
      const text = kernel.trace.isRecording
        ? `${end.process.name} → ${other.process.name} ${preview(message)}`
        : undefined;
      const arrival = { end: other, message, text };
      kernel.schedule(other.process, Math.max(0, at - kernel.now), this.#kind.message, end.key, deliver, arrival);
    });
  }

  /** Tells the other end, behind everything sent before, that this one is gone. */
  hangUp(end: End, reason: NetCode | "ended"): void {
    this.#ends.delete(end);
    const { other } = end;
    if (other === null || end.isHalfOpen) return;
    const goneKey = mix(end.key, 0x7fffffff);
    this.#pass(end.link, goneKey, end, (at) => this.#shutLater(other, reason, at));
  }

  /** Breaks a connection for both ends, now. */
  reset(end: End): void {
    this.#shutLater(end, "ECONNRESET", this.#kernel.now);
    if (end.other !== null) this.#shutLater(end.other, "ECONNRESET", this.#kernel.now);
  }

  /** The process has ended: `reset` tells its peers, as an operating system does; else nobody tells them. */
  drop(process: Process, how: "reset" | "silent"): void {
    for (const end of this.#ends) {
      if (end.process !== process) continue;
      if (how === "reset") this.hangUp(end, "ECONNRESET");
      else this.#ends.delete(end);
    }
  }

  #arrive(dialing: Dialing, dialKey: number): void {
    const host = this.#hosts.get(dialing.toHost)!;
    const where = { from: dialing.fromHost, to: dialing.toHost };
    const { process, fromHost, toHost, address } = dialing;
    if (host.phantoms > 0) {
      this.#kernel.observe(null, "net.phantom-accepted", where);
      return this.#answer(dialing, new End(this, process, fromHost, toHost, address, dialKey), null);
    }
    const listener = host.listeners.get(dialing.port);
    if (host.refusals > 0 || listener === undefined || !listener.process.isAlive) {
      if (host.refusals > 0) this.#kernel.observe(null, "net.refused", where);
      return this.#refuse(dialing, dialKey);
    }
    const client = new End(this, process, fromHost, toHost, address, dialKey);
    const server = new End(this, listener.process, toHost, fromHost, fromHost, mix(dialKey, 2));
    client.other = server;
    server.other = client;
    this.#ends.add(server);
    const text = this.#text(() => `${address} ← ${fromHost} accepted`);
    const accept = (): unknown => listener.onConnection(server);
    this.#at(listener.process, this.#kernel.now, this.#kind.connect, dialKey, accept, text);
    this.#answer(dialing, client, server);
  }

  /** The packet back to whoever dialed; what the server sends comes behind it. */
  #answer(dialing: Dialing, client: End, server: End | null): void {
    this.#pass(this.link(dialing.toHost, dialing.fromHost), mix(client.key, 3), server, (at) => {
      if (!dialing.process.isAlive) return server === null ? undefined : this.#shutLater(server, "ECONNRESET", at);
      this.#ends.add(client);
      const text = this.#text(() => `${dialing.address} connected`);
      const channel = server?.key ?? client.key;
      this.#at(dialing.process, at, this.#kind.connect, channel, () => dialing.opened(client), text);
    });
  }

  #refuse(dialing: Dialing, dialKey: number): void {
    this.#pass(this.link(dialing.toHost, dialing.fromHost), mix(dialKey, 3), null, (at) => {
      const text = this.#text(() => `${dialing.address} refused`);
      this.#at(dialing.process, at, this.#kind.connect, dialKey, () => dialing.failed("ECONNREFUSED"), text);
    });
  }

  /** Calls `go` with the moment of arrival, behind what `end` sent before: now or, on a closed way, when it is free. */
  #pass(link: Link, packetKey: number, end: End | null, go: (at: number) => void): void {
    const { from, to } = link;
    if (!link.isOpen) {
      this.#kernel.observe(null, link.blocks > 0 ? "net.blocked" : "net.clogged", { from, to });
      if (end !== null && end.heldCount++ === 0) end.heldSince = this.#kernel.now;
      const release = (): void => {
        if (end !== null) end.heldCount--;
        this.#pass(link, packetKey, end, go);
      };
      link.hold({ release });
      return;
    }
    if (link.delayMicros > 0) this.#kernel.observe(null, "net.delayed", { from, to });
    const bucket = this.#kernel.oracle.choose(latencySite, packetKey, 64);
    const micros = from === to ? 20 + bucket : latencyMicros(bucket);
    const at = Math.max(this.#kernel.leavesAt + micros + link.delayMicros, end?.arrivesAt ?? 0);
    if (end !== null) end.arrivesAt = at;
    go(at);
  }

  /** Data of this end is not being acknowledged: if that lasts for as long as TCP tries, it gives up. */
  #giveUpLater(end: End, delayMicros: number): void {
    if (end.isTimingOut) return;
    end.isTimingOut = true;
    const giveUp = (): void => {
      end.isTimingOut = false;
      const { link } = end;
      if (end.closed !== null || !end.process.isAlive) return;
      if (!end.isHalfOpen && end.other !== null) {
        if (link.blocks === 0 || end.heldCount === 0) return;
        // What waited when this was scheduled has passed; what waits now may not have waited long enough.
        const left = end.heldSince + retransmitLimitMicros - this.#kernel.now;
        if (left > 0) return this.#giveUpLater(end, left);
      }
      this.#kernel.observe(null, "net.timed-out", { from: link.from, to: link.to });
      end.isHalfOpen = true;
      this.#shutLater(end, "ETIMEDOUT", this.#kernel.now);
    };
    const text = this.#text(() => `${end.process.name} waits for ${end.peer.host}`);
    this.#at(null, this.#kernel.now + delayMicros, this.#kind.timeout, end.key, giveUp, text);
  }

  #shutLater(end: End, reason: NetCode | "ended", at: number): void {
    this.#ends.delete(end);
    const text = this.#text(() => `${end.process.name} ⇠ ${end.peer.host} ${reason}`);
    this.#at(end.process, at, this.#kind.close, end.other?.key ?? end.key, () => end.shut(reason), text);
  }

  #at(process: Process | null, at: number, kind: number, channel: number, run: () => void, text: string): void {
    const arg = text === "" ? undefined : { text };
    this.#kernel.schedule(process, Math.max(0, at - this.#kernel.now), kind, channel, run, arg);
  }

  #text(text: () => string): string {
    return this.#kernel.trace.isRecording ? text() : "";
  }
}

/** Mostly 150 µs to 1.7 ms; one packet in 32 takes 8 or 12 ms. */
function latencyMicros(bucket: number): number {
  return bucket < 62 ? 150 + bucket * 25 : 4_000 * (bucket - 60);
}

/** A message is there, in an event of the process that gets it. */
function deliver({ end, message }: { readonly end: End; readonly message: unknown }): void {
  end.deliver(message);
}

function preview(message: unknown): string {
  const text = JSON.stringify(message) ?? "undefined";
  return text.length > 120 ? `${text.slice(0, 117)}…` : text;
}
