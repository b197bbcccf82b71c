/**
 * `performance`: now and marks on the host's monotonic clock, with a timeline of its own for each process. Entries of a
 * measure are built by hand, since Node lets nobody construct them. Observers, function timing and loop statistics are
 * refused: they report real work.
 */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type AnyFunction, type Members, type Patch } from "../../definition.ts";
import { processLocal } from "../../process-local.ts";
import { acting, refuseCall } from "../../trap.ts";

interface Entry {
  readonly name: string;
  readonly entryType: string;
  readonly startTime: number;
}
type Call = (host: AmbientProcess, args: any[]) => unknown;

const askClock = "use host.clock.monotonic()";
const measuresWork = "real work is not measured in a run; use host.clock.monotonic()";
const timeline = processLocal<Entry[]>(() => []);
const origin = processLocal((host) => host.wallMillis() - Math.floor(host.monotonicMicros() / 1_000));

export const performanceClock = defineAmbient({
  family: "performance",
  doc: "performance.now, mark and measure run on the host's monotonic clock.",
  install(patch) {
    const hooks = patch.builtin("perf_hooks")!;
    const prototype = hooks["Performance"].prototype as Members;
    const { PerformanceMark, PerformanceMeasure } = hooks as { PerformanceMark: any; PerformanceMeasure: any };
    replace(patch, prototype, "now", now);
    patch.getter(prototype, "timeOrigin", (read) => (self) => {
      const host = acting("performance.timeOrigin", askClock);
      return host === null ? read(self) : origin(host);
    });
    patch.getter(prototype, "nodeTiming", (read) => (self) => {
      refuseCall("performance.nodeTiming", measuresWork);
      return read(self);
    });
    replace(patch, prototype, "mark", (host, [name, options]) => {
      const mark: Entry = new PerformanceMark(name, { startTime: now(host), ...options });
      timeline(host).push(mark);
      return mark;
    });
    replace(patch, prototype, "measure", (host, args) => {
      const measure = measureOf(host, PerformanceMeasure.prototype as object, args);
      timeline(host).push(measure);
      return measure;
    });
    replaceTimeline(patch, prototype);
    const refused = ["timerify", "eventLoopUtilization", "markResourceTiming", "toJSON", "setResourceTimingBufferSize"];
    patch.refuse(prototype, refused, "performance", measuresWork);
    patch.refuse(globalThis, ["PerformanceObserver"], "", measuresWork);
    const observers = ["PerformanceObserver", "monitorEventLoopDelay", "timerify", "eventLoopUtilization"];
    patch.refuse(hooks, observers, "perf_hooks", measuresWork);
    replaceEventTime(patch);
  },
});

function now(host: AmbientProcess): number {
  return host.monotonicMicros() / 1_000;
}

function replace(patch: Patch, prototype: Members, key: string, act: Call): void {
  const api = `performance.${key}`;
  patch.method(
    prototype,
    key,
    (original: AnyFunction) =>
      function (this: unknown, ...args: unknown[]): unknown {
        const host = acting(api, askClock);
        return host === null ? (Reflect.apply(original, this, args) as unknown) : act(host, args);
      },
  );
}

function replaceTimeline(patch: Patch, prototype: Members): void {
  const sorted = (host: AmbientProcess): Entry[] => timeline(host).toSorted((a, b) => a.startTime - b.startTime);
  const drop = (host: AmbientProcess, type: string, name: unknown): void => {
    const kept = timeline(host).filter(
      (entry) => entry.entryType !== type || (name !== undefined && entry.name !== name),
    );
    timeline(host).splice(0, Infinity, ...kept);
  };
  replace(patch, prototype, "getEntries", (host) => sorted(host));
  replace(patch, prototype, "getEntriesByType", (host, [type]) => sorted(host).filter((e) => e.entryType === type));
  replace(patch, prototype, "getEntriesByName", (host, [name, type]) =>
    sorted(host).filter((entry) => entry.name === name && (type === undefined || entry.entryType === type)),
  );
  replace(patch, prototype, "clearMarks", (host, [name]) => drop(host, "mark", name));
  replace(patch, prototype, "clearMeasures", (host, [name]) => drop(host, "measure", name));
  replace(patch, prototype, "clearResourceTimings", () => undefined);
}

/** `measure(name, start?, end?)` or `measure(name, {start, end, duration, detail})`, times in milliseconds. */
function measureOf(host: AmbientProcess, prototype: object, args: readonly any[]): Entry {
  const [name, second, third] = args;
  const options = typeof second === "object" && second !== null ? second : { start: second, end: third };
  const at = (mark: unknown): number => {
    if (typeof mark === "number") return mark;
    const found = timeline(host).findLast((entry) => entry.entryType === "mark" && entry.name === mark);
    if (found === undefined)
      throw new DOMException(`The "${String(mark)}" performance mark has not been set`, "SyntaxError");
    return found.startTime;
  };
  const { duration } = options;
  let end = options.end === undefined ? now(host) : at(options.end);
  if (options.end === undefined && duration !== undefined && options.start !== undefined)
    end = at(options.start) + duration;
  const startTime = options.start === undefined ? (duration === undefined ? 0 : end - duration) : at(options.start);
  const fields = {
    name: String(name),
    entryType: "measure",
    startTime,
    duration: end - startTime,
    detail: options.detail === undefined ? null : structuredClone(options.detail),
  };
  const members = { ...fields, toJSON: () => fields };
  return Object.create(prototype, Object.getOwnPropertyDescriptors(members)) as Entry;
}

/** `Event.timeStamp` is real time, read when the event was made: here it is the time of the first look. */
function replaceEventTime(patch: Patch): void {
  const seen = new WeakMap<object, number>();
  patch.getter(Event.prototype, "timeStamp", (read) => (self: object) => {
    if (current.process === null) return read(self);
    const host = acting("Event.timeStamp", askClock);
    if (host === null) return read(self);
    const first = seen.get(self) ?? now(host);
    seen.set(self, first);
    return first;
  });
}
