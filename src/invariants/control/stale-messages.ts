/** S-CTL-2. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

/** What a process says that ends over something which it has never heard of or not any more. */
const reasons: readonly string[] = ["unknown-object", "unknown-collection"];

/**
 * S-CTL-2: messages that cross each other are no reason to end: an environment hears of an object that was just dropped, a
 * replica is told of a query that it has just answered. The machine room sees every end with its reason.
 */
export const staleMessages = defineInvariant<null, Observed>({
  id: "S-CTL-2",
  doc: "No process ends over a message about something that it does not know any more.",
  state: () => null,
  on: {
    "process.exited": (_, { process, exit, reason }) => {
      if (!reasons.includes(reason)) return undefined;
      const message = `${process} ended (${exit}) over a message from the past`;
      return { subject: reason, message, expected: "to ignore it", observed: reason };
    },
  },
});
