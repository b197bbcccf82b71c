/**
 * One end of a connection, held by one process. Messages arrive in order; after the last one comes the reason why no more
 * will: the peer closed, or the connection broke.
 */
import type { Connection, Peer } from "../../ports/host.ts";
import type { Json } from "../../base/json.ts";
import type { Process } from "../../kernel/process.ts";
import { NetError, type NetCode } from "../port-errors.ts";
import type { Link } from "./link.ts";
import type { Network } from "./network.ts";
import { copyValue } from "../copy.ts";

interface Waiting {
  readonly resolve: (message: any) => void;
  readonly reject: (error: unknown) => void;
}

export class End implements Connection {
  readonly peer: Peer;
  readonly process: Process;
  readonly host: string;
  /** Key of all choices about messages sent from this end. */
  readonly key: number;
  /** The way from here to the other side. */
  readonly link: Link;
  /** The end at the other side; null behind a phantom accept. */
  other: End | null = null;
  /** Null while usable; then why it is not. `closed` is this side's own doing. */
  closed: NetCode | "closed" | "ended" | null = null;
  /** The network forgot the way to the other side: what is sent vanishes. */
  isHalfOpen = false;
  /** Messages sent so far. */
  sent = 0;
  /** When the last message sent from here arrives, µs: the next one is not earlier. */
  arrivesAt = 0;
  /** A look at what was not acknowledged is scheduled. */
  isTimingOut = false;
  /** Packets from here that wait on a closed way, and since when the first of them does, µs. */
  heldCount = 0;
  heldSince = 0;
  /** Instead of `receive`: called in an event of this process for each message and once, with undefined, at the end. */
  onMessage: ((message: any) => void) | null = null;
  readonly #network: Network;
  readonly #address: string;
  readonly #inbox: unknown[] = [];
  #waiting: Waiting[] = [];

  constructor(network: Network, process: Process, host: string, peer: string, address: string, key: number) {
    this.#network = network;
    this.process = process;
    this.host = host;
    this.peer = { host: peer };
    this.#address = address;
    this.key = key;
    this.link = network.link(host, peer);
  }

  send(message: Json): void {
    if (this.closed !== null)
      throw this.#error(this.closed === "closed" || this.closed === "ended" ? "EPIPE" : this.closed, true);
    const copy = copyValue(message);
    this.process.kernel.inspect?.(this.process, copy);
    this.process.kernel.stage(this.process, () => this.#network.transmit(this, copy), undefined);
  }

  receive(): Promise<any> {
    return new Promise((resolve, reject) => {
      if (this.#inbox.length > 0) resolve(this.#inbox.shift());
      else if (this.closed === null) this.#waiting.push({ resolve, reject });
      else if (this.closed === "ended" || this.closed === "closed") resolve(undefined);
      else reject(this.#error(this.closed, false));
    });
  }

  close(): void {
    if (this.closed !== null) return;
    this.closed = "closed";
    for (const { resolve } of this.#waiting.splice(0)) resolve(undefined);
    this.process.kernel.stage(this.process, () => this.#network.hangUp(this, "ended"), undefined);
  }

  /** An arrived message, in an event of this process. */
  deliver(message: unknown): void {
    if (this.closed !== null) return;
    if (this.onMessage !== null) this.onMessage(message);
    else if (this.#waiting.length > 0) this.#waiting.shift()!.resolve(message);
    else this.#inbox.push(message);
  }

  /** No more will come, in an event of this process. */
  shut(reason: NetCode | "ended"): void {
    if (this.closed !== null) return;
    this.closed = reason;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const { resolve, reject } of waiting) {
      if (reason === "ended") resolve(undefined);
      else reject(this.#error(reason, false));
    }
    this.onMessage?.(undefined);
  }

  /** `definite` of a message that was refused: it did not leave; of those before it nothing is known. */
  #error(code: NetCode, definite: boolean): NetError {
    return new NetError(code, this.#address, definite);
  }
}
