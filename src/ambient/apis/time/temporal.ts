/** `Temporal.Now`, where this Node has it: the host's wall clock, in UTC. */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { defineAmbient, type AnyFunction, type Members } from "../../definition.ts";
import { acting } from "../../trap.ts";

export const temporal = defineAmbient({
  family: "temporal",
  doc: "Temporal.Now reads the host's wall clock; the time zone is UTC.",
  install(patch) {
    const api = (globalThis as Members)["Temporal"] as Members | undefined;
    if (api === undefined) return;
    const clock = api["Now"] as Members;
    const replace = (key: string, act: (host: AmbientProcess, zone: unknown) => unknown): void => {
      patch.method(clock, key, (original: AnyFunction) => (...args: unknown[]) => {
        const host = acting(`Temporal.Now.${key}`, "use host.clock.wall()");
        return host === null ? (original(...args) as unknown) : act(host, args[0] ?? "UTC");
      });
    };
    const instant = (host: AmbientProcess): Members => api["Instant"].fromEpochMilliseconds(host.wallMillis());
    const zoned = (host: AmbientProcess, zone: unknown): Members => instant(host)["toZonedDateTimeISO"](zone);
    replace("instant", instant);
    replace("timeZoneId", () => "UTC");
    replace("zonedDateTimeISO", zoned);
    replace("plainDateTimeISO", (host, zone) => zoned(host, zone)["toPlainDateTime"]());
    replace("plainDateISO", (host, zone) => zoned(host, zone)["toPlainDate"]());
    replace("plainTimeISO", (host, zone) => zoned(host, zone)["toPlainTime"]());
  },
});
