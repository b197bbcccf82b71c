/** S-CONN-3. */
import { defineInvariant } from "../define-invariant.ts";
import type { WatchedEvents } from "./calm-watch.ts";
import { outageEvents, OutageWatch } from "./outage-watch.ts";

/**
 * S-CONN-3: a connector whose brokers have been dead for longer than a bound is not shown as running. The bound, and what
 * keeps the clock from running, are at the head of `outage-watch.ts`; statuses are read where they are durable.
 */
export const shownOutage = defineInvariant<OutageWatch, WatchedEvents>({
  id: "S-CONN-3",
  doc: "An object whose external side is unreachable for long is not shown as running.",
  state: () => new OutageWatch(),
  on: outageEvents(({ name, kind, latest, lasted }) => {
    if (latest?.status !== "running") return undefined;
    const message = `${kind} ${name} is shown as running, its brokers have been dead for ${lasted} s`;
    return { subject: name, message, expected: "not running", observed: latest.status };
  }),
});
