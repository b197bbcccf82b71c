/**
 * Running process code to exhaustion. `process._tickCallback()` runs every queued microtask in one synchronous call; it
 * does so only from a macrotask, so a run starts in a `setImmediate` callback. Where a runtime lacks it, two adjacent
 * immediates do the same: the event loop drains everything between them and lets nothing else in.
 * While a run is entered, unhandled rejections and exceptions are blamed on the current process.
 */
import type { Kernel } from "./kernel.ts";
import type { Process } from "./process.ts";
import { current } from "./current.ts";
import { Process as KernelProcess } from "./process.ts";

type Thrown = (error: unknown) => void;

const immediate = setImmediate; // as it is when the kernel loads, before anything is patched
const tickCallback = (process as unknown as { _tickCallback?: () => void })._tickCallback?.bind(process);

/** Whether this runtime has the synchronous drain. */
export const hasTickDrain = tickCallback !== undefined;

/** Runs the kernel until its events are used up, it failed, `stop` says so or the next event is past `until`. */
export function runSync(kernel: Kernel, until: number, stop: () => boolean): void {
  if (tickCallback === undefined) throw new Error("this runtime has no synchronous drain");
  while (!stop()) {
    const process = kernel.begin(until);
    if (process === undefined) return;
    if (process !== null) {
      drainSync(process);
      kernel.finish(process);
    }
  }
}

/** The same with two immediates an event; the promise settles when the run stops. */
export function runWithImmediates(kernel: Kernel, until: number, stop: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const next = (): void => {
      if (stop()) return resolve();
      let process: Process | null | undefined;
      immediate(() => {
        process = kernel.begin(until);
        if (process !== null && process !== undefined) runTicks(process);
      });
      const settle = (): void => {
        if (process === undefined) return resolve();
        if (process !== null) {
          if (process.ticks.length > 0 && process.isAlive) {
            // Other runs may come in before the next turn, and nothing of this process is left in Node's own queues.
            const ticking = process;
            current.process = null;
            immediate(() => {
              current.process = ticking;
              runTicks(ticking);
            });
            immediate(settle);
            return;
          }
          kernel.finish(process);
        }
        next();
      };
      immediate(settle);
    };
    next();
  });
}

/** Calls `run` in a fresh macrotask, outside work drained before, with rejections and exceptions routed; undoes it after. */
export function inMacrotask<T>(run: () => T | Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    immediate(() => {
      tickCallback?.();
      const leave = enter();
      let result: T | Promise<T>;
      try {
        result = run();
      } catch (error) {
        leave();
        return reject(error as Error);
      }
      if (!(result instanceof Promise)) {
        leave();
        return resolve(result);
      }
      result.then(resolve, reject).finally(leave);
    });
  });
}

function drainSync(process: Process): void {
  for (;;) {
    if (process.ticks.length > 0) runTicks(process);
    try {
      tickCallback!();
    } catch (error) {
      process.kernel.panic(process, error);
      continue;
    }
    if (process.ticks.length === 0) return;
  }
}

function runTicks(process: Process): void {
  const ticks = process.ticks;
  for (let index = 0; index < ticks.length; index++) {
    if (!process.isAlive) break;
    try {
      ticks[index]!();
    } catch (error) {
      process.kernel.panic(process, error);
    }
  }
  ticks.length = 0;
}

let entered = 0;
let saved: { readonly event: string; readonly listeners: Thrown[] }[] = [];

/** Routes the thread's stray rejections and exceptions to the current process; nested calls count. Returns the undoing. */
export function enter(): () => void {
  if (entered++ === 0) {
    saved = ["unhandledRejection", "uncaughtException"].map((event) => {
      const listeners = process.listeners(event as "uncaughtException") as Thrown[];
      process.removeAllListeners(event);
      process.on(event, (error: unknown) => blame(error, listeners));
      return { event, listeners };
    });
  }
  let isInside = true;
  return () => {
    if (!isInside) return;
    isInside = false;
    if (--entered > 0) return;
    for (const { event, listeners } of saved) {
      process.removeAllListeners(event);
      for (const listener of listeners) process.on(event, listener);
    }
    saved = [];
  };
}

function blame(error: unknown, others: readonly Thrown[]): void {
  const running = current.process;
  if (running instanceof KernelProcess) {
    running.kernel.panic(running, error);
    return;
  }
  if (others.length === 0) throw error;
  for (const listener of others) listener(error);
}
