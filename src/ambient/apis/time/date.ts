/**
 * `Date`: the host's wall clock, and a time zone that is always UTC. Dates stay instances of the platform's own `Date`
 * (`structuredClone`, `instanceof` and `util.types` see no difference); only what reads the clock or the zone changes.
 * Code held to ports may still compute with dates given in milliseconds or with a zone.
 */
import { current } from "../../../kernel/current.ts";
import { defineAmbient, type AnyFunction, type Members, type Patch } from "../../definition.ts";
import { RealDate } from "../../real.ts";
import { acting } from "../../trap.ts";
import { isLocalText, parseAsUtc, utcDateText, utcText, utcTimeText } from "./date-text.ts";

const askClock = "use host.clock.wall()";
const askUtc = "use the UTC form, the machine's time zone is none of the run's";

export const date = defineAmbient({
  family: "date",
  doc: "Date reads the host's wall clock; local time is UTC.",
  install(patch) {
    patch.method(RealDate, "now", (original) => () => {
      const running = acting("Date.now", askClock);
      return running === null ? (original() as number) : running.wallMillis();
    });
    patch.method(
      RealDate,
      "parse",
      (original) => (text: unknown) =>
        current.process === null ? (original(text) as number) : parseText(String(text), "Date.parse"),
    );
    replaceLocalMethods(patch);
    patch.method(globalThis, "Date", replaceConstructor);
  },
});

function replaceConstructor(original: AnyFunction): AnyFunction {
  const replacement = function (...args: unknown[]): unknown {
    const running = current.process;
    if (new.target === undefined) {
      const host = acting("Date", askClock);
      return host === null ? original() : utcText(new RealDate(host.wallMillis()));
    }
    const target = (new.target as unknown) === replacement ? original : (new.target as AnyFunction);
    if (running === null) return Reflect.construct(original, args, target);
    return Reflect.construct(original, [instant(args, original)], target);
  };
  return replacement;
}

/** What a `Date` built with these arguments by the current process holds. */
function instant(args: readonly unknown[], original: AnyFunction): unknown {
  if (args.length === 0) {
    const host = acting("Date", askClock);
    return host === null ? (original as unknown as DateConstructor).now() : host.wallMillis();
  }
  if (args.length > 1) {
    acting("Date", askUtc);
    return RealDate.UTC(...(args as [number, number]));
  }
  const value = args[0];
  if (typeof value === "string" || value instanceof String) return parseText(String(value), "Date");
  return value;
}

function parseText(text: string, api: string): number {
  if (isLocalText(text)) acting(api, askUtc);
  return parseAsUtc(text);
}

/** Getters and setters of local fields act on those of UTC, texts are written in UTC. */
function replaceLocalMethods(patch: Patch): void {
  const prototype = RealDate.prototype as Date & Members;
  const replace = (key: string, inUtc: AnyFunction): void => {
    const api = `Date.prototype.${key}`;
    patch.method(
      prototype,
      key,
      (original) =>
        function (this: Date, ...args: unknown[]): unknown {
          const host = acting(api, askUtc);
          return Reflect.apply(host === null ? original : inUtc, this, args) as unknown;
        },
    );
  };
  for (const field of ["Date", "Day", "FullYear", "Hours", "Milliseconds", "Minutes", "Month", "Seconds"]) {
    for (const verb of ["get", "set"]) {
      const twin = prototype[`${verb}UTC${field}`] as AnyFunction | undefined;
      if (twin !== undefined) replace(`${verb}${field}`, twin);
    }
  }
  replace("getTimezoneOffset", function (this: Date) {
    return Number.isNaN(prototype.getTime.call(this)) ? Number.NaN : 0;
  });
  replace("getYear", function (this: Date) {
    return prototype.getUTCFullYear.call(this) - 1900;
  });
  replace("setYear", function (this: Date, year: unknown) {
    const whole = Math.trunc(Number(year));
    return prototype.setUTCFullYear.call(this, whole >= 0 && whole <= 99 ? 1900 + whole : Number(year));
  });
  for (const [key, text] of [
    ["toString", utcText],
    ["toDateString", utcDateText],
    ["toTimeString", utcTimeText],
  ] as const) {
    replace(key, function (this: Date) {
      return text(this);
    });
  }
}
