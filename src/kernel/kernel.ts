/**
 * The kernel: one queue of events, one virtual clock, one current process. An event is dispatched to its process and
 * everything that this sets off (promises, ticks) runs to exhaustion before the clock moves: so `current` is a plain
 * variable. What a process does to the world is staged and leaves at the end of the dispatch; if the process died in it,
 * a choice decides how much still leaves. Knows no network, no disk and no database.
 */
import type { ConsoleLine } from "../ports/console.ts";
import type { Observation } from "../ports/events.ts";
import type { Json } from "../base/json.ts";
import type { Micros } from "../base/time.ts";
import { assert } from "../base/assert.ts";
import { fold53, hashText, mix } from "../base/hash.ts";
import { key, site, type Oracle } from "./choices.ts";
import { current } from "./current.ts";
import { EventQueue, KernelEvent } from "./event-queue.ts";
import { ExitSignal, Process, type Exit, type ProcessOptions } from "./process.ts";
import { Trace } from "./trace.ts";

/** Something that ends the run; the first one counts. */
export interface KernelFailure {
  readonly rule: "panic" | "nondeterminism" | "invariant" | "stuck" | "hung" | "out-of-budget" | "body";
  readonly subject: string;
  readonly message: string;
  readonly process: string | null;
  readonly place?: string | undefined;
  readonly detail?: unknown;
}

export interface KernelOptions {
  readonly seed: string;
  readonly oracle: Oracle;
  readonly isRecording?: boolean;
  /** More events than this end the run as out of budget. */
  readonly eventsMax?: number;
  /** More events than this at one moment of virtual time end the run as stuck. */
  readonly burstMax?: number;
  /** Instead of a new trace. */
  readonly trace?: Trace;
}

const tieSite = site("order");
const readySite = site("ready");
const leaveSite = site("effects-leave");

export class Kernel {
  readonly seed: string;
  readonly oracle: Oracle;
  readonly trace: Trace;
  readonly kinds: { readonly timer: number; readonly wake: number };
  readonly console: ConsoleLine[] = [];
  /** Virtual µs since the start of the run. */
  now = 0;
  /** Events dispatched so far. */
  events = 0;
  failure: (KernelFailure & { readonly at: number; readonly event: number }) | null = null;
  /** Called for every observation, in order. */
  observer: ((seen: Observation) => void) | null = null;
  /** A panic that this returns true for is no failure. */
  toleratesPanic: (process: Process, exit: Exit) => boolean = () => false;
  /** Set by checking mode: freezes what a process sends and reports what must not leave it. */
  inspect: ((process: Process, value: unknown) => void) | null = null;
  readonly #queue: EventQueue;
  readonly #eventsMax: number;
  readonly #burstMax: number;
  #sequence = 0;
  #burst = 0;
  #processes = 0;
  #leavesAt = 0;

  constructor(options: KernelOptions) {
    this.seed = options.seed;
    this.oracle = options.oracle;
    this.trace = options.trace ?? new Trace(options.isRecording ?? false);
    this.#eventsMax = options.eventsMax ?? 10_000_000;
    this.#burstMax = options.burstMax ?? 100_000;
    const oracle = options.oracle;
    this.#queue = new EventQueue((event) => oracle.choose(tieSite, mix(event.channel, fold53(event.at)), 0x40000000));
    this.kinds = { timer: this.trace.intern("timer"), wake: this.trace.intern("wake") };
  }

  /** A new process, alive, with nothing to do yet. */
  spawn(options: ProcessOptions): Process {
    const process = new Process(this, this.#processes++, options);
    this.trace.intern(process.label);
    return process;
  }

  /** Schedules `run(arg)` for a process (or, with null, for the tank) after `delayMicros`. */
  schedule(
    process: Process | null,
    delayMicros: number,
    kind: number,
    channel: number,
    run: (arg: any) => void,
    arg: unknown,
  ): KernelEvent {
    const event = new KernelEvent(this.now + delayMicros, this.#sequence++, process, kind, channel, run, arg);
    this.#queue.push(event);
    return event;
  }

  cancel(event: KernelEvent): void {
    this.#queue.cancel(event);
  }

  /**
   * An effect of the current dispatch of `process`: `run(arg)` happens when the dispatch has ended, `leavesAt` being the
   * moment. Without effect when the process has ended; at once when it is not being dispatched.
   */
  stage(process: Process, run: (arg: any) => void, arg: unknown): void {
    if (process.ended !== null) return;
    if (current.process !== process) {
      run(arg);
      return;
    }
    const index = process.stagedCount++;
    process.stagedRuns[index] = run;
    process.stagedArgs[index] = arg;
  }

  /** Within a staged effect: the moment it leaves its process. */
  get leavesAt(): number {
    return Math.max(this.now, this.#leavesAt);
  }

  /** Time of the next event, or Infinity. */
  nextTime(): number {
    return this.#queue.peekTime();
  }

  /** Events that wait. */
  get pending(): number {
    return this.#queue.size;
  }

  /**
   * Takes the next event, unless it is later than `until`, and runs its synchronous part. Returns the process that must
   * now be drained and then handed to `finish`; null when nothing is to be drained; undefined when there is no such
   * event or the run has failed.
   */
  begin(until: number): Process | null | undefined {
    const event = this.failure === null ? this.#queue.popUntil(until) : undefined;
    if (event === undefined) return undefined;
    if (event.kind === this.kinds.wake) return this.#wakeUp(event);
    const process = event.process;
    if (process !== null) {
      if (process.ended !== null) return null;
      if (process.busyUntil > event.at || process.pauses > 0 || process.backlog.length > 0) {
        this.#advance(event.at);
        this.#defer(process, event);
        return null;
      }
    }
    this.#advance(event.at);
    return this.#dispatch(process, event);
  }

  /** Ends a dispatch: its effects leave, its CPU time is charged. */
  finish(process: Process): void {
    current.process = null;
    const cost = (process.costMicros + process.cpuMicros) * process.cpuFactor;
    process.cpuMicros = 0;
    if (cost > 0) process.busyUntil = this.now + cost;
    if (process.cpuFactor > 1) process.hindered?.("slowed");
    if (process.stagedCount > 0) this.#release(process, cost);
    if (process.ended !== null) this.#bury(process);
    else if (process.backlog.length > 0) this.#armWake(process);
  }

  /** Lets the effects of a dispatch out; of one in which the process died, as many as a choice says. */
  #release(process: Process, cost: number): void {
    const count = process.stagedCount;
    const { stagedRuns: runs, stagedArgs: args } = process;
    let leaving = count;
    if (process.ended !== null) {
      leaving = this.oracle.choose(leaveSite, mix(process.timerChannel, process.dispatches), count + 1);
    }
    this.#leavesAt = this.now + cost;
    for (let index = 0; index < leaving; index++) runs[index]!(args[index]);
    this.#leavesAt = 0;
    process.stagedCount = 0;
    for (let index = 0; index < count; index++) args[index] = undefined;
  }

  /** Stops dispatching to a process until `resume` was called as often. */
  pause(process: Process): void {
    process.pauses++;
  }

  resume(process: Process): void {
    assert(process.pauses > 0, "a process is resumed as often as it was paused");
    if (--process.pauses === 0 && process.ended === null && process.backlog.length > 0) this.#armWake(process);
  }

  /** A process ends by its own doing or is killed. Its state is gone at once; a second end has no effect. */
  end(process: Process, exit: Exit): void {
    if (process.ended !== null) return;
    process.ended = exit;
    if (current.process !== process) this.#bury(process);
  }

  /** An exception or an unhandled rejection in process code. */
  panic(process: Process, error: unknown): void {
    if (error instanceof ExitSignal || process.ended !== null) return;
    const exit: Exit = { kind: "panic", code: 134, reason: panicReason(error), error };
    this.end(process, exit);
    if (this.failure === null && !this.toleratesPanic(process, exit)) {
      this.fail({
        rule: "panic",
        subject: `${process.name} ${exit.reason}`,
        message: `${process.label} panicked: ${messageOf(error)}`,
        process: process.label,
        detail: error,
      });
    }
  }

  /** Ends the run; only the first failure counts. */
  fail(failure: KernelFailure): void {
    this.failure ??= { ...failure, at: this.now, event: this.events };
  }

  /** An observation for checkers. Staged when a process makes it, so that it is cut with the effects around it. */
  observe(process: Process | null, kind: string, data: Json): void {
    if (process === null || current.process !== process) this.#show(process?.label ?? "", kind, data);
    else this.stage(process, () => this.#show(process.label, kind, data), undefined);
  }

  print(process: Process, level: ConsoleLine["level"], text: string): void {
    this.console.push({ at: this.now as Micros, process: process.label, level, text });
    this.trace.fold(this.console.length, process.number);
    this.trace.write(this.events, this.now, process.label, `console.${level}`, text);
  }

  #show(label: string, kind: string, data: Json): void {
    // What comes behind the failing observation is no part of the run: the trace ends with what broke it.
    if (this.failure !== null) return;
    const trace = this.trace;
    // Not canonical: what one run inserts in one order, every execution of it does.
    const text = JSON.stringify(data);
    trace.fold(trace.intern(kind), hashText(text));
    trace.write(this.events, this.now, label, kind, text);
    this.observer?.({ event: this.events, at: this.now as Micros, process: label, kind, data });
  }

  #wakeUp(event: KernelEvent): Process | null {
    const process = event.arg as Process;
    this.#advance(event.at);
    const ready = this.#takeReady(process);
    if (ready !== undefined && ready.run !== null) return this.#dispatch(process, ready);
    if (process.backlog.length > 0) this.#armWake(process);
    return null;
  }

  #advance(at: number): void {
    if (at > this.now) {
      this.now = at;
      this.#burst = 0;
    } else if (++this.#burst > this.#burstMax) {
      const process = current.process?.label ?? null;
      this.fail({
        rule: "stuck",
        subject: "no time passes",
        message: `${this.#burstMax} events in a row without virtual time passing`,
        process,
      });
    }
  }

  #dispatch(process: Process | null, event: KernelEvent): Process | null {
    const run = event.run!;
    event.run = null;
    const count = ++this.events;
    this.trace.event(count, this.now, event.kind, process === null ? -1 : process.number, event.channel);
    if (this.trace.isRecording) {
      this.trace.write(count, this.now, process?.label ?? "", this.trace.nameOf(event.kind), describe(event.arg));
    }
    if (count > this.#eventsMax) {
      const message = `more than ${this.#eventsMax} events`;
      this.fail({
        rule: "out-of-budget",
        subject: "events",
        message,
        process: process?.label ?? null,
      });
      return null;
    }
    if (process === null) {
      run(event.arg);
      return null;
    }
    process.dispatches++;
    current.process = process;
    try {
      run(event.arg);
    } catch (error) {
      this.panic(process, error);
    }
    return process;
  }

  #defer(process: Process, event: KernelEvent): void {
    process.backlog.push(event);
    if (process.pauses === 0) this.#armWake(process);
    else process.hindered?.("paused");
  }

  #armWake(process: Process): void {
    if (process.wake !== null || process.pauses > 0) return;
    const delay = Math.max(0, process.busyUntil - this.now);
    process.wake = this.schedule(null, delay, this.kinds.wake, process.timerChannel, ignore, process);
  }

  /** Takes one event out of the backlog: which channel's, of those ready first, is a choice. */
  #takeReady(process: Process): KernelEvent | undefined {
    process.wake = null;
    const backlog = process.backlog;
    while (backlog.length > 0 && backlog[0]!.run === null) backlog.shift();
    if (backlog.length === 0 || process.pauses > 0) return undefined;
    const width = Math.min(backlog.length, 4);
    const choiceKey = key(process.timerChannel, process.dispatches, fold53(this.now));
    const wanted = width === 1 ? 0 : this.oracle.choose(readySite, choiceKey, width);
    const channel = backlog[wanted]!.channel;
    const index = backlog.findIndex((event) => event.channel === channel && event.run !== null);
    return index < 0 ? backlog.shift() : backlog.splice(index, 1)[0];
  }

  #bury(process: Process): void {
    process.backlog.length = 0;
    process.ticks.length = 0;
    if (process.wake !== null) this.cancel(process.wake);
    process.wake = null;
    process.onEnd?.(process.ended!);
  }
}

function ignore(): void {}

/** The reason of a panic: an error code or class that is the same on every runtime. */
function panicReason(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${typeof error}`;
  const code = (error as { code?: unknown }).code;
  if (typeof code === "string" && /^[A-Z][A-Z0-9_]{1,40}$/.test(code)) return code;
  return /^[A-Za-z]\w{0,60}$/.test(error.name) ? error.name : "Error";
}

function messageOf(error: unknown): string {
  if (error instanceof Error) return `${error.name}: ${error.message}`;
  return `threw ${typeof error === "string" ? JSON.stringify(error) : String(error)}`;
}

function describe(arg: unknown): string {
  const text = (arg as { text?: unknown } | null | undefined)?.text;
  return typeof text === "string" ? text : "";
}
