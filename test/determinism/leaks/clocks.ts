/** Real time by every road: globals, captured builtins, aliases, named imports, construction by reflection. */
import { performance as hooked } from "node:perf_hooks";
import { hrtime, uptime } from "node:process";
import type { LeakGroup } from "./leak.ts";

const { now } = Date;
const captured = performance.now;
const RealDate = Date;
const method = ["n", "o", "w"].join("");
const numbers = globalThis as unknown as { Date: { now(): number } & Record<string, () => number> };
class Stamp extends Date {} // leak: date-subclass

export const clocks: LeakGroup = {
  file: import.meta.url,
  refusedIn: "ports",
  leaks: [
    { id: "date-now", api: "Date.now", run: () => Date.now() }, // leak: date-now
    { id: "date-now-captured", api: "Date.now", run: () => now() }, // leak: date-now-captured
    { id: "date-now-dynamic", api: "Date.now", run: () => numbers.Date[method]!() }, // leak: date-now-dynamic
    { id: "date-now-call", api: "Date.now", run: () => Date.now.call(null) }, // leak: date-now-call
    { id: "date-now-mapped", api: "Date.now", run: () => [1].map(Date.now) }, // leak: date-now-mapped
    { id: "date-new", api: "Date", run: () => new Date() }, // leak: date-new
    { id: "date-new-captured", api: "Date", run: () => new RealDate() }, // leak: date-new-captured
    { id: "date-called", api: "Date", run: () => Date() }, // leak: date-called
    { id: "date-reflected", api: "Date", run: () => Reflect.construct(Date, []) }, // leak: date-reflected
    { id: "date-subclass", api: "Date", run: () => new Stamp() },
    { id: "date-constructor", api: "Date", run: () => new (new Date(0).constructor as DateConstructor)() }, // leak: date-constructor
    { id: "date-local-fields", api: "Date", run: () => new Date(2020, 0, 1) }, // leak: date-local-fields
    { id: "date-local-parse", api: "Date.parse", run: () => Date.parse("2020-01-01 10:00") }, // leak: date-local-parse
    { id: "date-get-hours", api: "Date.prototype.getHours", run: () => new Date(0).getHours() }, // leak: date-get-hours
    { id: "date-set-hours", api: "Date.prototype.setHours", run: () => new Date(0).setHours(3) }, // leak: date-set-hours
    { id: "date-to-string", api: "Date.prototype.toString", run: () => `${String(new Date(0))}` }, // leak: date-to-string
    {
      id: "date-offset",
      api: "Date.prototype.getTimezoneOffset",
      run: () => new Date(0).getTimezoneOffset(), // leak: date-offset
    },
    { id: "performance-now", api: "performance.now", run: () => performance.now() }, // leak: performance-now
    { id: "performance-captured", api: "performance.now", run: () => captured.call(performance) }, // leak: performance-captured
    { id: "performance-import", api: "performance.now", run: () => hooked.now() }, // leak: performance-import
    { id: "performance-origin", api: "performance.timeOrigin", run: () => performance.timeOrigin }, // leak: performance-origin
    { id: "performance-mark", api: "performance.mark", run: () => performance.mark("a") }, // leak: performance-mark
    { id: "hrtime", api: "process.hrtime", run: () => process.hrtime() }, // leak: hrtime
    { id: "hrtime-import", api: "process.hrtime", run: () => hrtime([0, 0]) }, // leak: hrtime-import
    { id: "hrtime-bigint", api: "process.hrtime.bigint", run: () => process.hrtime.bigint() }, // leak: hrtime-bigint
    { id: "uptime", api: "process.uptime", run: () => uptime() }, // leak: uptime
    { id: "event-time", api: "Event.timeStamp", run: () => new Event("x").timeStamp }, // leak: event-time
  ],
};
