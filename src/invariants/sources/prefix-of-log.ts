/** S-ING-1. */
import type { Observed } from "../state/observed.ts";
import { defineInvariant } from "../define-invariant.ts";
import { ledgerEvents, shown, SourceLedger } from "./source-ledger.ts";

/**
 * S-ING-1: what a source's shard takes in follows from its topic: no row or error that no record implies, nothing of
 * what is not committed. How often records count is S-ING-2, errors that are missing are S-ERR-1. Right whatever dies:
 * shards and logs are seen where they are stored.
 */
export const prefixOfLog = defineInvariant<SourceLedger, Observed>({
  id: "S-ING-1",
  doc: "What a source holds is a function of a prefix of its topic.",
  state: () => new SourceLedger(),
  on: ledgerEvents(({ source, foreign, beyond }) => {
    if (foreign.length > 0) {
      const message = `source ${source} holds what no record of its topic says: ${foreign[0]}`;
      return { subject: source, message, expected: shown([]), observed: shown(foreign) };
    }
    if (beyond === null) return undefined;
    return { subject: source, message: `source ${source}: ${beyond}`, observed: beyond };
  }),
});
