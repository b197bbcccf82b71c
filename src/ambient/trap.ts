/**
 * The moment of a leak: who did it, where, and whether it was one. Node itself calls patched functions on behalf of a
 * process when it loads a module, formats a stack or quotes an assertion; those read code, which is an input of the run,
 * and pass. A place is unknown when the engine calls an API directly (`promise.then(Date.now)`).
 */
import type { AmbientProcess } from "../ports/ambient.ts";
import { fileURLToPath } from "node:url";
import { current } from "../kernel/current.ts";
import { locationOf } from "../kernel/place.ts";
import { workingDirectory } from "./real.ts";

/** What a place says when no frame of the code under test is on the stack. */
export const unknownPlace = "an unknown place";

const guardFolder = fileURLToPath(new URL(".", import.meta.url));
const kernelFolder = fileURLToPath(new URL("../kernel/", import.meta.url));
const root = workingDirectory.endsWith("/") ? workingDirectory : `${workingDirectory}/`;
const drainFile = /[\\/]drain\.[jt]s:/;
const serviceFrame = /node:(?:assert|internal\/(?:assert|modules|source_map|errors|process\/esm_loader|vm\/module))/;
/** Below it, frames are those of whoever drained the queue; what awaits follows as async frames. */
const queueFrame = "node:internal/process/task_queues";
/** Who reads a file for one of these, a loader hook for instance, loads a module. */
const loaderFrame = /^\s+at (?:Function|Module)\.(?:load|_load|_resolveFilename) \(node:internal\/modules\//;
const lazyFrame = /^\s+at getInternalGlobal /;
const formatterFrame = /^\s+at (?:\S+\.)?(?:prepareStackTrace|prepareStackTraceCallback|wrapCallSite)\b/;

/**
 * The process that a virtualised API acts for, or null when none is current. Throws the leak error when the current one
 * is held to ports.
 */
export function acting(api: string, instead: string): AmbientProcess | null {
  const running = current.process;
  if (running === null || running.ambient === "virtual") return running;
  const error = leakOf(running, api, instead);
  if (error === null) return null;
  throw error;
}

/** Throws the leak error when any process is current: for what can be neither virtual nor allowed. */
export function refuseCall(api: string, instead: string): void {
  const running = current.process;
  if (running === null) return;
  const error = leakOf(running, api, instead);
  if (error !== null) throw error;
}

/** Notes a leak with its process and returns the error to throw; null when Node did it for its own purposes. */
export function leakOf(running: AmbientProcess, api: string, instead: string): Error | null {
  const place = placeOfCall();
  return place === null ? null : running.leak(api, place, instead);
}

/** `file:line:column` of the innermost frame of the code under test; null for a service of Node itself. */
export function placeOfCall(): string | null {
  let isFirst = true;
  let isBelowQueue = false;
  let place: string | null = null;
  for (const line of captureStack()) {
    const location = locationOf(line);
    if (location === null || location.startsWith(guardFolder)) continue;
    if (location.startsWith(kernelFolder)) {
      if (place !== null) return place;
      isBelowQueue ||= drainFile.test(location);
      continue;
    }
    if (formatterFrame.test(line)) return null;
    if (location.startsWith("node:")) {
      if (isFirst && (serviceFrame.test(location) || lazyFrame.test(line))) return null;
      if (place !== null) return loaderFrame.test(line) ? null : place;
      isBelowQueue ||= location.startsWith(queueFrame);
    } else if (place === null && (!isBelowQueue || /^\s+at async /.test(line))) {
      place = location.startsWith(root) ? location.slice(root.length) : location;
    }
    isFirst = false;
  }
  return place ?? unknownPlace;
}

/** Runs something of Node's or the tank's own with nobody current. */
export function unattended<T>(run: () => T): T {
  const running = current.process;
  current.process = null;
  try {
    return run();
  } finally {
    current.process = running;
  }
}

/** Whether Node's own code made the call, on whoever's behalf. */
export function isCalledByNode(): boolean {
  for (const line of captureStack()) {
    const location = locationOf(line);
    if (location !== null && !location.startsWith(guardFolder)) return location.startsWith("node:");
  }
  return false;
}

/** The present stack, line by line. Formatting it may run a source-map library: nobody is current meanwhile. */
function captureStack(): string[] {
  const holder = Error as unknown as { stackTraceLimit: number; prepareStackTrace: unknown };
  const { stackTraceLimit, prepareStackTrace } = holder;
  return unattended(() => {
    try {
      holder.stackTraceLimit = 60;
      const mapped: unknown = new Error().stack;
      if (typeof mapped === "string") return mapped.split("\n").slice(1);
      holder.prepareStackTrace = undefined;
      return (new Error().stack ?? "").split("\n").slice(1);
    } finally {
      holder.stackTraceLimit = stackTraceLimit;
      holder.prepareStackTrace = prepareStackTrace;
    }
  });
}
