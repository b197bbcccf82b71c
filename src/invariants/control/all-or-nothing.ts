/** S-REC-1. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

/**
 * S-REC-1: a replica acts on what a connection told it only if the connection came to its end of it. The controller says
 * that it has mentioned everything before it sends that, so a replica cannot have heard of it earlier.
 */
export const allOrNothing = defineInvariant<Set<string>, Observed>({
  id: "S-REC-1",
  doc: "A replica reconciles only with a connection on which it was told everything.",
  state: () => new Set<string>(),
  on: {
    "controller.mentioned": (complete, { nonce }) => void complete.add(nonce),
    "replica.reconciled": (complete, { replica, nonce, kept, created, dropped }) => {
      if (complete.has(nonce)) return undefined;
      const message = `${replica} reconciled with what a connection had said that ended before it had said all`;
      return { subject: replica, message, observed: { kept, created, dropped } };
    },
  },
});
