/**
 * `setTimeout`, `setInterval`, `setImmediate` and their clearing, global and in `node:timers`. Wrong arguments are left
 * to the originals, which throw before they schedule anything.
 */
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type AnyFunction } from "../../definition.ts";
import { acting } from "../../trap.ts";
import { Immediate, numbered, Timeout } from "./virtual-timer.ts";

const askPort = "use host.sleep()";

export const timers = defineAmbient({
  family: "timers",
  doc: "Timers run on the host's monotonic clock, with Node's rules for delays.",
  install(patch) {
    for (const target of [globalThis, patch.builtin("timers")]) {
      patch.method(target, "setTimeout", (original) => timeoutMaker(original, "setTimeout", false));
      patch.method(target, "setInterval", (original) => timeoutMaker(original, "setInterval", true));
      patch.method(target, "setImmediate", immediateMaker);
      patch.method(target, "clearTimeout", (original) => clearer(original, "clearTimeout"));
      patch.method(target, "clearInterval", (original) => clearer(original, "clearInterval"));
      patch.method(target, "clearImmediate", (original) => clearer(original, "clearImmediate"));
    }
    patch.refuse(patch.builtin("timers"), ["enroll", "active", "_unrefActive", "unenroll"], "timers", askPort);
  },
});

function timeoutMaker(original: AnyFunction, api: string, isRepeated: boolean): AnyFunction {
  return (callback: unknown, delay?: unknown, ...args: unknown[]): unknown => {
    if (current.process === null) return original(callback, delay, ...args);
    const owner = acting(api, askPort);
    if (owner === null || typeof callback !== "function") return original(callback, delay, ...args);
    return new Timeout(owner, delay, isRepeated, callback as AnyFunction, args);
  };
}

function immediateMaker(original: AnyFunction): AnyFunction {
  return (callback: unknown, ...args: unknown[]): unknown => {
    const owner = acting("setImmediate", askPort);
    if (owner === null || typeof callback !== "function") return original(callback, ...args);
    return new Immediate(owner, callback as AnyFunction, args);
  };
}

function clearer(original: AnyFunction, api: string): AnyFunction {
  return (timer: unknown): void => {
    const owner = acting(api, askPort);
    if (timer instanceof Timeout || timer instanceof Immediate) timer.close();
    else if (owner === null) original(timer);
    else if (typeof timer === "number" || typeof timer === "string") numbered(owner).get(Number(timer))?.close();
    else original(timer);
  };
}
