/**
 * What stands behind the ambient APIs (Date, timers, Math.random, console …) while a process is current. The kernel's
 * processes implement it; `src/ambient` routes the patched globals to it.
 */
export interface AmbientProcess {
  /** `name#incarnation`. */
  readonly label: string;
  readonly hostName: string;
  /** `virtual`: ambient APIs act on this process's own clock and streams; `ports`: reaching one is an error. */
  readonly ambient: "virtual" | "ports";
  /** Wall clock of its host: whole milliseconds since 1970. */
  wallMillis(): number;
  /** Monotonic clock of its host: whole microseconds. */
  monotonicMicros(): number;
  /** 32 random bits from its own ambient stream, unsigned. */
  random32(): number;
  /** Runs `callback` after at least `delayMillis`; `repeat` again and again. Returns a handle, from 1 up per process. */
  setTimer(delayMillis: number, repeat: boolean, callback: () => void): number;
  clearTimer(handle: number): void;
  /** Queues a `process.nextTick` callback: run before microtasks, within the dispatch. */
  nextTick(callback: () => void): void;
  /** Queues a `queueMicrotask` callback: an exception in it ends this process. */
  microtask(callback: () => void): void;
  print(level: "debug" | "log" | "info" | "warn" | "error", text: string): void;
  /** Ends this process: `process.exit(code)`. */
  exit(code: number): never;
  /** Notes a leak (the run's verdict becomes `diverged`) and returns the error to throw. */
  leak(api: string, place: string, replacement: string): Error;
}

/** Which process runs right now. The one mutable module-level value that everything shares: one thread, one current. */
export interface Current {
  process: AmbientProcess | null;
}
