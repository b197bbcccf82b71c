/** A process as the ambient APIs see it: its clocks stand still until moved, its timers fire when told to. */
import type { AmbientProcess } from "../../src/ports/ambient.ts";
import { current } from "../../src/kernel/current.ts";

export interface FakeTimer {
  readonly handle: number;
  readonly delayMillis: number;
  readonly repeat: boolean;
  readonly callback: () => void;
}

export class FakeProcess implements AmbientProcess {
  readonly label: string;
  readonly hostName = "alpha";
  readonly ambient: "virtual" | "ports";
  readonly leaks: { readonly api: string; readonly place: string; readonly error: Error }[] = [];
  readonly lines: string[] = [];
  readonly timers: FakeTimer[] = [];
  readonly ticks: (() => void)[] = [];
  micros = 5_000_123;
  #state: number;
  #handles = 0;

  constructor(ambient: "virtual" | "ports", label = "server#1", seed = 1) {
    this.ambient = ambient;
    this.label = label;
    this.#state = seed;
  }

  wallMillis(): number {
    return 1_700_000_000_000 + Math.floor(this.micros / 1_000);
  }

  monotonicMicros(): number {
    return this.micros;
  }

  random32(): number {
    this.#state ^= this.#state << 13;
    this.#state ^= this.#state >>> 17;
    this.#state ^= this.#state << 5;
    return this.#state >>> 0;
  }

  setTimer(delayMillis: number, repeat: boolean, callback: () => void): number {
    const handle = ++this.#handles;
    this.timers.push({ handle, delayMillis, repeat, callback });
    return handle;
  }

  clearTimer(handle: number): void {
    const index = this.timers.findIndex((timer) => timer.handle === handle);
    if (index >= 0) this.timers.splice(index, 1);
  }

  nextTick(callback: () => void): void {
    this.ticks.push(callback);
  }

  microtask(callback: () => void): void {
    void Promise.resolve().then(callback);
  }

  print(level: string, text: string): void {
    this.lines.push(`${level}: ${text}`);
  }

  exit(code: number): never {
    throw new Error(`exit ${code}`);
  }

  leak(api: string, place: string, replacement: string): Error {
    const error = new Error(`${api} reached from ${this.label} at ${place}; ${replacement}`);
    this.leaks.push({ api, place, error });
    return error;
  }

  /** Fires the timer that is due first, in the process's name; ties go to the older. */
  fire(): void {
    const next = this.timers.toSorted((a, b) => a.delayMillis - b.delayMillis || a.handle - b.handle)[0];
    if (next === undefined) throw new Error("no timer waits");
    if (!next.repeat) this.clearTimer(next.handle);
    this.micros += next.delayMillis * 1_000;
    dispatch(this, next.callback);
  }
}

/** What `run` returns or throws while `process` is current; ticks and microtasks run to exhaustion. */
export function dispatch<T>(process: FakeProcess, run: () => T): T {
  const drain = (globalThis.process as unknown as { _tickCallback(): void })._tickCallback;
  current.process = process;
  try {
    const result = run();
    do {
      for (let tick = process.ticks.shift(); tick !== undefined; tick = process.ticks.shift()) tick();
      drain.call(globalThis.process);
    } while (process.ticks.length > 0);
    return result;
  } finally {
    current.process = null;
  }
}

/** Calls `run` in a macrotask of its own, as dispatches are: only there does a drain reach every microtask. */
export function inMacrotask<T>(run: () => T): Promise<T> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        resolve(run());
      } catch (error) {
        reject(error as Error);
      }
    });
  });
}
