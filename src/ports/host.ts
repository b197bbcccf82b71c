/**
 * What code under test may use of its machine. Every port is bound to one incarnation of one process and dead with it.
 * Messages are JSON-like values, copied on the way.
 */
import type { Json } from "../base/json.ts";
import type { Duration, Micros } from "../base/time.ts";

export interface Host {
  readonly name: string;
  /** Name of the process with its incarnation: `server#2`. */
  readonly process: string;
  readonly disk: Disk;
  readonly clock: Clock;
  /** This incarnation's own entropy: a whole number in [0, n). */
  random(n: number): number;
  /** Serves requests on a port. Rejects with `EADDRINUSE` when the port is taken. */
  listen(port: number, handler: (request: any, peer: Peer) => unknown): Promise<Listener>;
  /** Accepts raw connections on a port. */
  accept(port: number, onConnection: (connection: Connection) => unknown): Promise<Listener>;
  /** Opens a connection. Rejects with `ECONNREFUSED` (definite) or `ETIMEDOUT`. */
  connect(address: string, options?: { readonly timeout?: Duration | Micros }): Promise<Connection>;
  /**
   * One request, one reply, over a pooled connection. Rejects with a `NetError`: `definite` when the request was certainly
   * not handled, else it may have been.
   */
  call(address: string, request: Json, options?: { readonly timeout?: Duration | Micros }): Promise<any>;
  sleep(duration: Duration | Micros): Promise<void>;
  /** An observation for invariants. */
  emit(kind: string, data: Json): void;
  /** Spends virtual CPU time: the process handles its next event later by this much. */
  cpu(duration: Duration | Micros): void;
  /** Ends this process. 0 is a success. */
  exit(code: number, reason?: string): never;
  /** Called when the process is asked to stop; it may then exit by itself before it is killed. */
  onStop(handler: () => unknown): void;
}

/** The host's own clocks. They may be wrong; only virtual time, which no process sees, is right. */
export interface Clock {
  /** Wall clock, microseconds since 1970; may jump, drift and stand still. */
  wall(): Micros;
  /** Monotonic clock, microseconds since some moment; may drift, never goes back. */
  monotonic(): Micros;
}

export interface Peer {
  /** Name of the host at the other end. */
  readonly host: string;
}

export interface Listener {
  close(): void;
}

/** One end of an ordered stream of messages, reliable until it breaks. */
export interface Connection {
  readonly peer: Peer;
  /** Queues a message; throws `NetError` when this end knows that the connection is closed. */
  send(message: Json): void;
  /** The next message; undefined after the peer closed; rejects with `NetError` when the connection broke. */
  receive(): Promise<any>;
  close(): void;
}

/**
 * Named files of one host. `write` replaces a whole value, all or nothing; `append` grows a text, and what was not
 * synced may be lost from the end, cut in the middle of a record, by a power loss.
 * Every method may reject with `DiskError`: `ENOSPC` is definite, `EIO` is not.
 */
export interface Disk {
  read<T = any>(file: string): Promise<T | undefined>;
  /** Durable when it resolves. */
  write(file: string, value: Json): Promise<void>;
  readText(file: string): Promise<string>;
  /** In the page cache when it resolves; durable after the next `sync` of the file. */
  append(file: string, text: string): Promise<void>;
  sync(file: string): Promise<void>;
  /** Cuts a text file to its first `length` characters, durably. */
  truncate(file: string, length: number): Promise<void>;
  remove(file: string): Promise<void>;
  list(): Promise<string[]>;
}
