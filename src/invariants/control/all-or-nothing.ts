/** S-REC-1. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";

/**
 * S-REC-1: a replica acts on what a connection told it only if it came to the end of that: with all that the controller has
 * mentioned on it. The controller says so before it sends the end, so a replica cannot have heard of it earlier.
 */
export const allOrNothing = defineInvariant<Map<string, readonly string[]>, Observed>({
  id: "S-REC-1",
  doc: "A replica reconciles only with a connection on which it was told everything.",
  state: () => new Map<string, readonly string[]>(),
  on: {
    "controller.mentioned": (said, { nonce, objects }) => {
      said.set(
        nonce,
        objects.map(([id]) => id),
      );
    },
    "replica.reconciled": (said, { replica, nonce, kept, created, dropped }) => {
      const heard = new Set([...kept, ...created]);
      if (said.get(nonce)?.every((id) => heard.has(id)) === true) return undefined;
      const message = `${replica} reconciled with what a connection had said that ended before it had said all`;
      return { subject: replica, message, observed: { kept, created, dropped } };
    },
  },
});
