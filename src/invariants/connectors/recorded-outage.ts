/** L-CONN-2. */
import { defineInvariant } from "../define-invariant.ts";
import type { WatchedEvents } from "./calm-watch.ts";
import { outageEvents, OutageWatch } from "./outage-watch.ts";

/**
 * L-CONN-2: an error that lasts is visible: when all brokers of a connector have been dead for longer than a bound, its
 * last status says what is wrong. Judged while the outage lasts, by the bound and the clock of `outage-watch.ts`, within
 * which also a connector that was rendered meanwhile has failed once.
 */
export const recordedOutage = defineInvariant<OutageWatch, WatchedEvents>({
  id: "L-CONN-2",
  doc: "An outage that lasts is in the status of every connector that it concerns.",
  state: () => new OutageWatch(),
  on: outageEvents(({ name, kind, latest, lasted }) => {
    if (latest !== undefined && latest.error !== null) return undefined;
    const message = `${kind} ${name} shows no error, its brokers have been dead for ${lasted} s`;
    return { subject: name, message, expected: "an error", observed: latest?.status ?? "created" };
  }),
});
