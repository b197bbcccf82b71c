/**
 * What a fault may turn: the control panel of the machine room. Every control that lasts returns `heal`, which undoes
 * exactly that one and may be called once more without effect. A control only changes what happens; that something
 * happened because of it shows as an observation (`ports/events.ts`), the witness.
 */
import type { Micros, Duration } from "../base/time.ts";

export type Heal = () => void;

export interface FaultWorld {
  readonly now: Micros;
  /** Hosts that run programs, in order of their first start; the driver is not among them. */
  hosts(): readonly string[];
  /** Every host on the network, clients' included, in order of first use. */
  machines(): readonly string[];
  /** The host named, or for a number the host at that place, modulo their count; undefined when there is none. */
  resolve(role: string | number): string | undefined;
  host(name: string): HostControls;
  /** Traffic from one host to another, one direction. */
  link(from: string, to: string): LinkControls;
  /** Controls that the body provided under this name (`World.provide`); undefined when it provided none. */
  provided(name: string): unknown;
  /** A keyed choice in [0, n) that belongs to the fault being injected. */
  choose(key: string, n: number): number;
}

export interface HostControls {
  readonly name: string;
  /** Kills every process of the host at once; what the disk holds stays, page cache included. Returns how many died. */
  crash(): number;
  /** Kills every process of the host and starts no successor until healed. */
  down(): Heal;
  /** `crash` of the machine: what was not synced is lost or torn as well. */
  powerLoss(): number;
  /** No process of the host runs until healed; what arrives meanwhile waits. */
  pause(): Heal;
  /** The supervisor takes every process for dead and starts successors, while the old ones act on for `linger`. */
  slowDeath(linger: Duration | Micros): number;
  /** Asks every process to stop; what still runs after `grace` is killed. */
  stop(grace: Duration | Micros): number;
  /** Every dispatch costs `factor` times the virtual CPU time. */
  slowCpu(factor: number): Heal;
  /** New connections to the host are refused. */
  refuse(): Heal;
  /** New connections to the host are accepted by a proxy in front of it, and never answered. */
  phantomAccept(): Heal;
  /** `listen` on the host fails with `EADDRINUSE`. */
  holdPorts(): Heal;
  readonly disk: DiskControls;
  readonly clock: ClockControls;
}

export interface DiskControls {
  /** Every operation takes `by` longer. */
  delay(by: Duration | Micros): Heal;
  /** Writes fail with `ENOSPC`. */
  fill(): Heal;
  /** One operation in `oneIn` fails with `EIO`, before or after its effect. */
  fail(oneIn: number): Heal;
}

export interface ClockControls {
  /** The wall clock jumps by this much (may be negative) and stays there until healed. */
  offset(byMicros: number): Heal;
  /** Both clocks run fast (or slow, negative) by parts per million. */
  drift(partsPerMillion: number): Heal;
  /** The wall clock stands still; healed, it shows the right time again. */
  freeze(): Heal;
}

export interface LinkControls {
  /** Nothing passes. What is sent waits for retransmission; a connection blocked for longer than its limit breaks. */
  block(): Heal;
  /** Every message takes `by` longer. */
  delay(by: Duration | Micros): Heal;
  /** Messages queue up and pass when healed, all at once; connections do not break. */
  clog(): Heal;
  /** Resets the established connections between the two; both ends see it. Returns how many. */
  reset(): number;
  /** Established connections lose their peer without a word: what is sent either way vanishes. Returns how many. */
  halfOpen(): number;
  /** One message in `oneIn` costs its connection: it is lost and both ends see a reset. */
  breakSome(oneIn: number): Heal;
}
