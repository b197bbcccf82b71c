/**
 * Keeps `AsyncLocalStorage` working across virtual ticks and timers: Node carries the context for its own queues, here
 * it is bound by hand. Binding costs, so it is done only once some process in this thread has used a context at all.
 */
import { AsyncLocalStorage } from "node:async_hooks";
import { current } from "../kernel/current.ts";
import { defineAmbient } from "./definition.ts";

/** Whether a process ever entered a context in this thread; with none, binding would change nothing. */
let isUsed = false;

/** `run` bound to the async context of the caller. */
export function bindContext(run: () => void): () => void {
  if (!isUsed) return run;
  const enter = AsyncLocalStorage.snapshot();
  return () => enter(run);
}

export const asyncContext = defineAmbient({
  family: "async-context",
  doc: "AsyncLocalStorage works as usual; the numbers of async_hooks, which count across runs, are out of reach.",
  install(patch) {
    for (const key of ["run", "enterWith", "withScope"]) {
      patch.method(
        AsyncLocalStorage.prototype,
        key,
        (original) =>
          function (this: unknown, ...args: unknown[]): unknown {
            // What the test runner around a run does with contexts of its own is none of its processes' business.
            if (current.process !== null) isUsed = true;
            return Reflect.apply(original, this, args) as unknown;
          },
      );
    }
    const numbers = ["executionAsyncId", "triggerAsyncId", "executionAsyncResource", "createHook"];
    patch.refuse(patch.builtin("async_hooks"), numbers, "async_hooks", "use AsyncLocalStorage");
  },
});
