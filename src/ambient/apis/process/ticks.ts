/**
 * `process.nextTick` and `queueMicrotask`: queued with the process, so that what they throw is blamed on it. Node's own
 * streams and emitters use `process.nextTick` too and so run in the process's ticks. Allowed to code held to ports.
 */
import { current } from "../../../kernel/current.ts";
import { bindContext } from "../../async-context.ts";
import { defineAmbient, type AnyFunction } from "../../definition.ts";

export const ticks = defineAmbient({
  family: "ticks",
  doc: "process.nextTick and queueMicrotask run within the dispatch of their process.",
  install(patch) {
    patch.method(process, "nextTick", (original) => {
      return function (this: unknown, callback: unknown, ...args: unknown[]): unknown {
        const owner = current.process;
        if (owner === null || typeof callback !== "function") {
          return Reflect.apply(original, this, [callback, ...args]) as unknown;
        }
        const run = callback as AnyFunction;
        owner.nextTick(bindContext(args.length === 0 ? run : () => run(...args) as void));
        return undefined;
      };
    });
    patch.method(globalThis, "queueMicrotask", (original) => (callback: unknown) => {
      const owner = current.process;
      if (owner === null || typeof callback !== "function") return original(callback) as unknown;
      owner.microtask(bindContext(callback as AnyFunction));
      return undefined;
    });
  },
});
