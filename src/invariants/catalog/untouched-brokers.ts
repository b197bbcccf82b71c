/**
 * What environments do at brokers: they look, and replicas act. Brokers say who asked for a change in the moment of its
 * effect, so none is missed, and one that was never asked for by an environment cannot look as if it were.
 */
import type { Breach } from "../../runner/definition.ts";
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { isEnvironment } from "../state/observed.ts";

/** S-CRE-2: a CREATE that fails, or that nobody hears of again, leaves nothing behind outside. */
export const untouchedBrokers = defineInvariant<null, Observed>({
  id: "S-CRE-2",
  doc: "An environment changes nothing at a broker: no topic, no record, no producer.",
  state: () => null,
  on: {
    "kafka.topic-created": (_, { topic, by }) => changed(by, `created topic ${topic}`),
    "kafka.topic-deleted": (_, { topic, by }) => changed(by, `deleted topic ${topic}`),
    "kafka.appended": (_, { topic, by }) => changed(by, `appended to topic ${topic}`),
    "kafka.producer-initialised": (_, { by, transactionalId }) =>
      changed(by, `initialised producer ${transactionalId}`),
  },
});

function changed(by: string, what: string): Breach | undefined {
  if (!isEnvironment(by)) return undefined;
  return { subject: "broker", message: `${by} ${what}`, expected: "no change by an environment", observed: what };
}
