/** A machine room on a kernel of its own: programs, faults turned by hand at their moments, and what was observed. */
import type { Json } from "../../src/base/json.ts";
import { parseDuration, type Duration, type Micros } from "../../src/base/time.ts";
import { RandomOracle, type Oracle } from "../../src/kernel/choices.ts";
import { Kernel } from "../../src/kernel/kernel.ts";
import { HostClock } from "../../src/machine/clock.ts";
import { faultWorld } from "../../src/machine/controls.ts";
import { HostPort } from "../../src/machine/host-port.ts";
import { MachineRoom } from "../../src/machine/room.ts";
import type { FaultWorld } from "../../src/ports/controls.ts";
import type { MachineEventKind, Observation } from "../../src/ports/events.ts";
import type { Host } from "../../src/ports/host.ts";
import type { Program, StartOptions } from "../../src/ports/world.ts";
import { runAll } from "../support/kernels.ts";

interface TankOptions {
  readonly seed?: string;
  readonly oracle?: Oracle;
  /** Reasons of panics that do not end the run. */
  readonly tolerate?: readonly string[];
}

export class Tank {
  readonly kernel: Kernel;
  readonly room: MachineRoom;
  /** What a fault would have in its hands. */
  readonly controls: FaultWorld;
  readonly seen: Observation[] = [];

  constructor({ seed = "tank", oracle = new RandomOracle(seed), tolerate = [] }: TankOptions = {}) {
    this.kernel = new Kernel({ seed, oracle });
    this.kernel.observer = (observation) => this.seen.push(observation);
    this.kernel.toleratesPanic = (_process, exit) => tolerate.includes(exit.reason);
    this.room = new MachineRoom(this.kernel);
    this.controls = faultWorld(this.room, 1);
  }

  /** Virtual µs; programs under test cannot read it, their tests can. */
  get now(): number {
    return this.kernel.now;
  }

  start(host: string, program: Program, options?: StartOptions): void {
    this.room.start(host, program, options);
  }

  /** A process on a host that no fault kills, as the driver has one on the hosts of its clients. */
  outsider(host: string, program: (port: Host) => Promise<unknown>): void {
    const machine = this.room.machine(host);
    const clock = new HostClock(
      () => this.now,
      0,
      () => undefined,
    );
    const name = `outsider-${host}`;
    const process = this.kernel.spawn({
      name,
      incarnation: 1,
      hostName: host,
      ambient: "virtual",
      clock,
      costMicros: 0,
    });
    const port = new HostPort(this.room, machine, process, () => undefined);
    this.kernel.schedule(process, 0, this.kernel.kinds.timer, 1, () => void program(port), undefined);
  }

  /** Calls `act` at a moment, between the events of processes. */
  at(moment: Duration | Micros, act: () => unknown): void {
    const delay = parseDuration(moment) - this.now;
    this.kernel.schedule(null, delay, this.kernel.kinds.timer, 0, () => void act(), undefined);
  }

  /** Runs until `until`; throws what ended the run early, such as a failed expectation in a program. */
  async run(until: Duration | Micros = "1h"): Promise<void> {
    await runAll(this.kernel, parseDuration(until));
    const { failure } = this.kernel;
    if (failure === null) return;
    throw failure.detail instanceof Error ? failure.detail : new Error(failure.message);
  }

  /** What was observed of one kind, in order. */
  of(kind: MachineEventKind | (string & {})): readonly Json[] {
    return this.seen.filter((observation) => observation.kind === kind).map(({ data }) => data);
  }

  /** Moments of the observations of one kind, µs. */
  momentsOf(kind: MachineEventKind | (string & {})): readonly number[] {
    return this.seen.filter((observation) => observation.kind === kind).map(({ at }) => at);
  }
}

/** How a promise ends: its value, or the code of its error with a `!` before it and `?` behind it unless it is definite. */
export async function outcome(promise: Promise<unknown>): Promise<unknown> {
  try {
    return await promise;
  } catch (error) {
    const { code, definite } = error as { code?: unknown; definite?: unknown };
    if (typeof code !== "string") throw error;
    return `!${code}${definite === true ? "" : "?"}`;
  }
}
