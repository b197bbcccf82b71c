/**
 * One incarnation of a process: what a dispatch runs as. It is alive until it exits, panics or is killed; from then on
 * nothing reaches it and nothing it still holds has any effect. No `finally` runs, pending awaits never resolve.
 * It is also what ambient APIs act on while it is current.
 */
import type { AmbientProcess } from "../ports/ambient.ts";
import type { KernelEvent } from "./event-queue.ts";
import type { Kernel } from "./kernel.ts";
import { hashText, mix } from "../base/hash.ts";
import { NondeterminismError } from "../base/errors.ts";
import { stream, type Stream } from "./rng.ts";

/** How a process ended. `killed` is a fault's or the orchestrator's doing, the others its own. */
export interface Exit {
  readonly kind: "exit" | "halt" | "panic" | "killed";
  readonly code: number;
  /** Typed reason: of a panic the error's code or name, never its message. */
  readonly reason: string;
  readonly error?: unknown;
}

/** The clocks of the host that a process runs on; read at the kernel's present moment. */
export interface ProcessClock {
  wallMicros(): number;
  monotonicMicros(): number;
  /** Virtual time that passes while this host's monotonic clock advances by `micros`. */
  virtualDelay(micros: number): number;
}

export interface ProcessOptions {
  readonly name: string;
  readonly incarnation: number;
  readonly hostName: string;
  readonly ambient: "virtual" | "ports";
  readonly clock: ProcessClock;
  /** Virtual CPU time of every dispatch, microseconds. */
  readonly costMicros: number;
  /** Called once, outside any dispatch, when the process has ended. */
  readonly onEnd?: ((exit: Exit) => void) | undefined;
}

/** Thrown to leave code whose process has ended by its own doing; never a failure in itself. */
export class ExitSignal extends Error {
  override readonly name = "ExitSignal";
}

export class Process implements AmbientProcess {
  readonly kernel: Kernel;
  readonly name: string;
  readonly incarnation: number;
  readonly label: string;
  readonly hostName: string;
  readonly ambient: "virtual" | "ports";
  readonly clock: ProcessClock;
  /** Number in this run, from 0. */
  readonly number: number;
  readonly costMicros: number;
  readonly onEnd: ((exit: Exit) => void) | undefined;
  /** Null while alive. */
  ended: Exit | null = null;
  /** Until then its next event waits, virtual µs. */
  busyUntil = 0;
  /** Paused by this many faults; while above 0 nothing is dispatched. */
  pauses = 0;
  /** CPU time asked for in the current dispatch. */
  cpuMicros = 0;
  cpuFactor = 1;
  /** Events that became due while it was busy or paused, oldest first. */
  readonly backlog: KernelEvent[] = [];
  wake: KernelEvent | null = null;
  /** Effects of the current dispatch, in order. */
  readonly stagedRuns: ((arg: any) => void)[] = [];
  readonly stagedArgs: unknown[] = [];
  stagedCount = 0;
  dispatches = 0;
  /** Told once an event had to wait because of a pause, or a dispatch took longer because of a slow CPU. */
  hindered: ((how: "paused" | "slowed") => void) | null = null;
  /** `nextTick` callbacks of the current dispatch. */
  readonly ticks: (() => void)[] = [];
  readonly timerChannel: number;
  #timers: Map<number, KernelEvent> | null = null;
  #timersCount = 0;
  #ambientStream: Stream | null = null;

  constructor(kernel: Kernel, number: number, options: ProcessOptions) {
    this.kernel = kernel;
    this.number = number;
    this.name = options.name;
    this.incarnation = options.incarnation;
    this.label = `${options.name}#${options.incarnation}`;
    this.hostName = options.hostName;
    this.ambient = options.ambient;
    this.clock = options.clock;
    this.costMicros = options.costMicros;
    this.onEnd = options.onEnd;
    this.timerChannel = mix(hashText(this.name), options.incarnation);
  }

  get isAlive(): boolean {
    return this.ended === null;
  }

  /** Spends virtual CPU time in the current dispatch. */
  cpu(micros: number): void {
    this.cpuMicros += micros;
  }

  wallMillis(): number {
    return Math.floor(this.clock.wallMicros() / 1_000);
  }

  monotonicMicros(): number {
    return this.clock.monotonicMicros();
  }

  random32(): number {
    this.#ambientStream ??= stream(this.kernel.seed, `ambient/${this.label}`);
    return this.#ambientStream.int32() >>> 0;
  }

  setTimer(delayMillis: number, repeat: boolean, callback: () => void): number {
    const handle = ++this.#timersCount;
    this.#timers ??= new Map();
    const timers = this.#timers;
    const micros = Math.round(delayMillis * 1_000);
    const fire = (): void => {
      if (repeat) arm();
      else timers.delete(handle);
      callback();
    };
    const arm = (): void => {
      const delay = Math.max(1, this.clock.virtualDelay(micros));
      timers.set(
        handle,
        this.kernel.schedule(this, delay, this.kernel.kinds.timer, this.timerChannel, fire, undefined),
      );
    };
    arm();
    return handle;
  }

  clearTimer(handle: number): void {
    const event = this.#timers?.get(handle);
    if (event === undefined) return;
    this.#timers?.delete(handle);
    this.kernel.cancel(event);
  }

  nextTick(callback: () => void): void {
    this.ticks.push(callback);
  }

  microtask(callback: () => void): void {
    void Promise.resolve().then(() => {
      if (!this.isAlive) return;
      try {
        callback();
      } catch (error) {
        this.kernel.panic(this, error);
      }
    });
  }

  print(level: "debug" | "log" | "info" | "warn" | "error", text: string): void {
    if (this.isAlive) this.kernel.print(this, level, text);
  }

  exit(code: number): never {
    this.kernel.end(this, { kind: "exit", code, reason: code === 0 ? "exit" : `exit(${code})` });
    throw new ExitSignal();
  }

  leak(api: string, place: string, replacement: string): Error {
    const error = new NondeterminismError(
      api,
      this.label,
      place,
      `${api} reached from ${this.label} at ${place}: nothing outside the run may enter it; ${replacement}`,
    );
    this.kernel.fail({
      rule: "nondeterminism",
      subject: api,
      message: error.message,
      process: this.label,
      place,
    });
    return error;
  }
}
