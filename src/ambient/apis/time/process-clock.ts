/** `process.hrtime` and `process.uptime`: the host's monotonic clock. Uptime counts from where that clock counts from. */
import { defineAmbient, type AnyFunction } from "../../definition.ts";
import { acting } from "../../trap.ts";

const askClock = "use host.clock.monotonic()";

export const processClock = defineAmbient({
  family: "process-clock",
  doc: "process.hrtime and process.uptime read the host's monotonic clock.",
  install(patch) {
    patch.method(process.hrtime, "bigint", (original) => () => {
      const host = acting("process.hrtime.bigint", askClock);
      return host === null ? (original() as bigint) : BigInt(host.monotonicMicros()) * 1_000n;
    });
    patch.method(process, "hrtime", (original) => {
      return (...args: [number, number][]) => {
        const host = acting("process.hrtime", askClock);
        return host === null ? original(...args) : hrtime(host.monotonicMicros(), original, args);
      };
    });
    patch.method(process, "uptime", (original) => () => {
      const host = acting("process.uptime", askClock);
      return host === null ? (original() as number) : host.monotonicMicros() / 1_000_000;
    });
  },
});

function hrtime(micros: number, original: AnyFunction, args: readonly [number, number][]): [number, number] {
  const before = args[0];
  let seconds = Math.floor(micros / 1_000_000);
  let nanos = (micros % 1_000_000) * 1_000;
  if (before === undefined) return [seconds, nanos];
  if (!Array.isArray(before) || before.length !== 2) return original(before) as [number, number];
  seconds -= before[0];
  nanos -= before[1];
  return nanos < 0 ? [seconds - 1, nanos + 1_000_000_000] : [seconds, nanos];
}
