/** Timers of the event loop, promised ones included. */
import { promisify } from "node:util";
import * as namespace from "node:timers";
import { scheduler, setInterval as everyPromise, setTimeout as sleep } from "node:timers/promises";
import type { LeakGroup } from "./leak.ts";

const later = globalThis.setTimeout;
const promised = promisify(setTimeout);
const nothing = (): void => undefined;

export const timers: LeakGroup = {
  file: import.meta.url,
  refusedIn: "ports",
  leaks: [
    { id: "set-timeout", api: "setTimeout", run: () => setTimeout(nothing, 1) }, // leak: set-timeout
    { id: "set-timeout-captured", api: "setTimeout", run: () => later(nothing) }, // leak: set-timeout-captured
    { id: "set-timeout-namespace", api: "setTimeout", run: () => namespace.setTimeout(nothing, 1) }, // leak: set-timeout-namespace
    { id: "set-timeout-promisified", api: "timers.promises.setTimeout", run: () => promised(1) }, // leak: set-timeout-promisified
    { id: "set-timeout-promises", api: "timers.promises.setTimeout", run: () => sleep(1) }, // leak: set-timeout-promises
    {
      id: "set-timeout-after-await",
      api: "timers.promises.setTimeout",
      async run() {
        await Promise.resolve();
        await sleep(1); // leak: set-timeout-after-await
      },
    },
    { id: "set-interval", api: "setInterval", run: () => setInterval(nothing, 1) }, // leak: set-interval
    { id: "set-interval-promises", api: "timers.promises.setInterval", run: () => everyPromise(1).next() }, // leak: set-interval-promises
    { id: "set-immediate", api: "setImmediate", run: () => setImmediate(nothing) }, // leak: set-immediate
    { id: "clear-timeout", api: "clearTimeout", run: () => clearTimeout(1) }, // leak: clear-timeout
    { id: "scheduler-wait", api: "timers.promises.scheduler.wait", run: () => scheduler.wait(1) }, // leak: scheduler-wait
    { id: "abort-timeout", api: "AbortSignal.timeout", run: () => AbortSignal.timeout(5) }, // leak: abort-timeout
  ],
};
