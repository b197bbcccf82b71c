/** Runs code as a virtual process, in a macrotask of its own. */
import { FakeProcess, dispatch, inMacrotask } from "./fake-process.ts";

export interface Ran<T> {
  readonly process: FakeProcess;
  readonly result: T;
}

/** What `run` returns when done by a fresh virtual process; queued work has run as well. */
export async function virtually<T>(run: (process: FakeProcess) => T, seed = 1): Promise<Ran<T>> {
  const process = new FakeProcess("virtual", "server#1", seed);
  // Boxed, so that a promise in it is not awaited: it may settle only by timers that are yet to fire.
  const boxed = await inMacrotask(() => ({ result: dispatch(process, () => run(process)) }));
  return { process, result: boxed.result };
}

/** Fires timers of a process, in the order they are due, until `done` says so; at most 100. */
export async function fireUntil(process: FakeProcess, done: () => boolean): Promise<void> {
  for (let count = 0; count < 100 && !done(); count++) await inMacrotask(() => process.fire());
  if (!done()) throw new Error("100 timers fired and it is not done");
}
