/** S-ERR-1. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { ledgerEvents, shown, SourceLedger } from "./source-ledger.ts";

/**
 * S-ERR-1: a record that cannot be decoded is an error of its source as soon as the bindings are beyond it; of an upsert
 * source, when it is the last of its key in the append. Rows, errors and bindings come in one append, so none of them can
 * be on its way still.
 */
export const undecodableKept = defineInvariant<SourceLedger, Observed>({
  id: "S-ERR-1",
  doc: "Every undecodable record is among the errors of its source.",
  state: () => new SourceLedger(),
  on: ledgerEvents(({ source, lostErrors }) => {
    if (lostErrors.length === 0) return undefined;
    const message = `source ${source} has no error for a record that it cannot decode: ${lostErrors[0]}`;
    return { subject: source, message, expected: shown(lostErrors), observed: shown([]) };
  }),
});
