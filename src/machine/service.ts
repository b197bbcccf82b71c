/**
 * A program under supervision: one incarnation after the other. Restarts wait for an exponential backoff that is reset
 * once an incarnation lived for ten seconds. A slow death starts the successor while the predecessor still acts.
 */
import type { Exit, Process } from "../kernel/process.ts";
import type { Program, StartOptions } from "../ports/world.ts";
import type { Machine } from "./machine.ts";
import type { MachineRoom } from "./room.ts";
import { hashText } from "../base/hash.ts";
import { HostPort } from "./host-port.ts";

export interface ServiceOptions {
  readonly name: string;
  readonly program: Program;
  readonly restart: NonNullable<StartOptions["restart"]>;
  readonly backoffMicros: number;
  readonly backoffMaxMicros: number;
  readonly ambient: "virtual" | "ports";
  readonly onEnd: NonNullable<StartOptions["onEnd"]> | null;
}

/** A dispatch of a program costs this much virtual CPU time. */
const dispatchMicros = 5;
const healthyMicros = 10_000_000;

export class Service {
  readonly name: string;
  readonly machine: Machine;
  /** The present incarnation, or the last one. */
  process: Process | null = null;
  readonly #room: MachineRoom;
  readonly #options: ServiceOptions;
  #incarnations = 0;
  #deathsInARow = 0;
  #startedAt = 0;
  #isRestarting = false;
  #losesPower = false;
  /** Above 0 no successor is started; one whose backoff is over meanwhile is due at the release. */
  #holds = 0;
  #isDue = false;
  #isRetired = false;
  /** The last incarnation whose end was told. */
  #told: Process | null = null;
  #stopHandlers: { readonly process: Process; readonly run: () => unknown }[] = [];

  constructor(room: MachineRoom, machine: Machine, options: ServiceOptions) {
    this.#room = room;
    this.machine = machine;
    this.name = options.name;
    this.#options = options;
  }

  get isRunning(): boolean {
    return this.process !== null && this.process.isAlive;
  }

  /** A successor is on its way. */
  get isExpected(): boolean {
    return this.#isRestarting;
  }

  /** Starts the next incarnation now. */
  launch(): void {
    const { kernel } = this.#room;
    const { machine } = this;
    this.#isRestarting = false;
    this.#startedAt = kernel.now;
    const process = kernel.spawn({
      name: this.name,
      incarnation: ++this.#incarnations,
      hostName: machine.name,
      ambient: this.#options.ambient,
      clock: machine.clock,
      costMicros: dispatchMicros,
      onEnd: (exit) => this.#ended(process, exit),
    });
    this.process = process;
    machine.adopt(process);
    machine.isOnNetwork = true;
    kernel.observe(null, "process.started", { host: machine.name, process: process.label });
    const port = new HostPort(this.#room, machine, process, (run) => this.#stopHandlers.push({ process, run }));
    const kind = kernel.trace.intern("process.start");
    kernel.schedule(process, 0, kind, hashText(this.name), () => void this.#run(port), undefined);
  }

  /** Kills the present incarnation and one that still dies slowly; with `silent` their peers are not told. */
  kill(how: "reset" | "silent"): boolean {
    const living = [...this.machine.processes.values()].filter((process) => process.name === this.name);
    this.#losesPower = how === "silent";
    for (const process of living) this.#room.kernel.end(process, killed);
    this.#losesPower = false;
    return living.length > 0;
  }

  /** The successor is started as if the present incarnation were dead; that one acts on for `lingerMicros`. */
  dieSlowly(lingerMicros: number): boolean {
    const { process } = this;
    if (process === null || !process.isAlive) return false;
    const { kernel } = this.#room;
    const end = (): void => kernel.end(process, killed);
    kernel.schedule(null, lingerMicros, kernel.trace.intern("process.killed"), process.timerChannel, end, undefined);
    kernel.observe(null, "process.lingered", { host: this.machine.name, process: process.label });
    this.#tell(process, killed);
    this.#restartLater(killed);
    return true;
  }

  /** Kills it and starts no successor before `release` was called as often as this. Returns whether it lived. */
  hold(): boolean {
    this.#holds++;
    return this.kill("reset");
  }

  /** Undoes one `hold`. */
  release(): void {
    this.#holds--;
    if (this.#holds === 0 && this.#isDue) this.#successor();
  }

  /** Kills it, and it never comes back. */
  retire(): void {
    this.#isRetired = true;
    this.#isRestarting = false;
    this.kill("reset");
  }

  /** Asks the present incarnation to stop and kills it after `graceMicros`. */
  stop(graceMicros: number): boolean {
    const { process } = this;
    if (process === null || !process.isAlive) return false;
    const { kernel } = this.#room;
    const kind = kernel.trace.intern("process.stop");
    kernel.observe(null, "process.stopped", { host: this.machine.name, process: process.label });
    for (const handler of this.#stopHandlers) {
      if (handler.process !== process) continue;
      kernel.schedule(process, 0, kind, process.timerChannel, () => void handler.run(), undefined);
    }
    const end = (): void => kernel.end(process, { kind: "killed", code: 143, reason: "stopped" });
    kernel.schedule(null, graceMicros, kind, process.timerChannel, end, undefined);
    return true;
  }

  /** Starts a successor if the process was killed and none is on its way. */
  revive(): void {
    if (this.isRunning || this.#isRestarting || this.process?.ended?.kind !== "killed") return;
    this.#restartLater(killed);
  }

  /** A server's main function returns once it listens; the process lives on, as a Node process does with open handles. */
  async #run(port: HostPort): Promise<void> {
    await this.#options.program(port);
  }

  #ended(process: Process, exit: Exit): void {
    const { kernel } = this.#room;
    this.#room.release(process, this.machine, this.#losesPower ? "silent" : "reset");
    this.#stopHandlers = this.#stopHandlers.filter((handler) => handler.process !== process);
    const where = { host: this.machine.name, process: process.label };
    if (exit.kind === "killed") kernel.observe(null, "process.crashed", where);
    else kernel.observe(null, "process.exited", { ...where, exit: exit.kind, reason: exit.reason });
    if (process !== this.process) return;
    this.#tell(process, exit);
    this.#restartLater(exit);
  }

  #tell(process: Process, { kind, code, reason }: Exit): void {
    if (this.#told === process) return;
    this.#told = process;
    this.#options.onEnd?.({ kind, code, reason });
  }

  #wantsSuccessor(exit: Exit): boolean {
    const { restart } = this.#options;
    if (this.#isRetired) return false;
    if (typeof restart === "function") return restart({ kind: exit.kind, code: exit.code, reason: exit.reason });
    return restart === "always" || (restart === "on-failure" && (exit.kind === "killed" || exit.code !== 0));
  }

  #restartLater(exit: Exit): void {
    const { kernel } = this.#room;
    const { backoffMicros, backoffMaxMicros } = this.#options;
    if (this.#isRestarting || !this.#wantsSuccessor(exit)) return;
    this.#isRestarting = true;
    this.#deathsInARow = kernel.now - this.#startedAt >= healthyMicros ? 0 : this.#deathsInARow + 1;
    const doublings = Math.min(20, Math.max(0, this.#deathsInARow - 1));
    const delay = Math.min(backoffMaxMicros, backoffMicros * 2 ** doublings);
    kernel.schedule(
      null,
      delay,
      kernel.trace.intern("process.restart"),
      hashText(this.name),
      () => this.#successor(),
      undefined,
    );
  }

  /** The backoff is over: starts the successor, unless the host is held down; then it starts once it no longer is. */
  #successor(): void {
    this.#isDue = this.#holds > 0;
    if (!this.#isDue && !this.#isRetired) this.launch();
  }
}

const killed: Exit = { kind: "killed", code: 137, reason: "killed" };
