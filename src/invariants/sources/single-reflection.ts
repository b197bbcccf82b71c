/** S-ING-2. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { ledgerEvents, shown, SourceLedger } from "./source-ledger.ts";

/**
 * S-ING-2: every committed record between two bindings counts exactly once, and bindings go on from where they were.
 * Instances that run at the same time, and successors of those that died, append on top of what is durable or not at all,
 * so this holds for the appends that took effect, whoever made them.
 */
export const singleReflection = defineInvariant<SourceLedger, Observed>({
  id: "S-ING-2",
  doc: "Each upstream record is reflected exactly once.",
  state: () => new SourceLedger(),
  on: ledgerEvents(({ source, miscounted, foreign, broken }) => {
    if (broken !== null) return { subject: source, message: `source ${source}: ${broken}`, observed: broken };
    if (miscounted.length === 0 || foreign.length > 0) return undefined;
    const message = `source ${source} reflects a record more or less than once: ${miscounted[0]}`;
    return { subject: source, message, expected: shown([]), observed: shown(miscounted) };
  }),
});
