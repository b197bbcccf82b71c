/**
 * Runs a kernel with a watch on endless loops. The run goes in slices, each under a limit of real time that interrupts
 * even a loop of microtasks; since a slice ends by itself after a fraction of that limit, one that hits it was stuck in
 * a single dispatch. `nextTick` and `queueMicrotask` of processes never reach Node's own queues, which an interruption
 * would leave in pieces.
 */
import { Script } from "node:vm";
import type { Kernel } from "../../kernel/kernel.ts";
import process from "node:process";
import type { Process } from "../../kernel/process.ts";
import { performanceNow } from "../../ambient/real.ts";
import { current } from "../../kernel/current.ts";
import { runSync } from "../../kernel/drain.ts";

const sliceKey = Symbol.for("wavetank.slice");
const slice = new Script(`globalThis[Symbol.for("wavetank.slice")]()`, { filename: "node:wavetank" });
const sliceMillis = 50;
const eventsPerLook = 256;

/** Runs until the events are used up, the kernel failed, `stop` says so or the next event is past `until`. */
export function runGuarded(kernel: Kernel, until: number, stop: () => boolean, hangMillis: number): void {
  const globals = globalThis as unknown as Record<symbol, () => void>;
  let isOver = false;
  const runSlice = (): void => {
    const started = performanceNow();
    let events = 0;
    let isPaused = false;
    const pause = (): boolean => {
      if (stop()) return true;
      if (++events % eventsPerLook === 0 && performanceNow() - started > sliceMillis) isPaused = true;
      return isPaused;
    };
    runSync(kernel, until, pause);
    isOver = !isPaused;
  };
  while (!isOver && kernel.failure === null) {
    globals[sliceKey] = runSlice;
    try {
      slice.runInThisContext({ timeout: hangMillis });
    } catch (error) {
      if ((error as { code?: string } | null)?.code !== "ERR_SCRIPT_EXECUTION_TIMEOUT") throw error;
      const running = current.process as Process | null;
      current.process = null;
      repairAsyncScopes();
      blame(kernel, running, hangMillis);
    } finally {
      delete globals[sliceKey];
    }
  }
  if (kernel.failure === null && kernel.nextTime() === Infinity && !stop()) {
    kernel.fail({
      rule: "stuck",
      subject: "nothing left to happen",
      message: "no event is left and the body has not ended: it waits for something that cannot come",
      process: null,
    });
  }
}

/**
 * An interruption may hit code inside an async scope (a bound callback) whose end then never comes, and Node aborts when
 * it finds its stack of scopes uneven. Its own way out of an uncaught exception clears that stack; this takes it.
 */
function repairAsyncScopes(): void {
  const { _fatalException: fatal } = process as unknown as {
    _fatalException?: (error: Error, fromPromise: boolean) => void;
  };
  if (fatal === undefined || process.hasUncaughtExceptionCaptureCallback()) return;
  process.setUncaughtExceptionCaptureCallback(() => undefined);
  try {
    fatal(new Error("an endless loop was interrupted"), false);
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
}

function blame(kernel: Kernel, running: Process | null, hangMillis: number): void {
  const name = running?.name ?? "the tank";
  kernel.fail({
    rule: "hung",
    subject: name,
    message: `${running?.label ?? name} ran for more than ${hangMillis} ms of real time in one event: an endless loop`,
    process: running?.label ?? null,
  });
}
