/** Fence tokens over time. Judged by the catalog's shard, whose changes are neither missed nor late. */
import type { Observed } from "../state/observed.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";
import { compareTokens, tokenText, type Token } from "../state/frontier.ts";

interface State {
  readonly catalog: CatalogContents;
  newest: Token | null;
}

/** S-FEN-1: who comes later has the higher token, and neither part of it is ever given out lower again. */
export const risingTokens = defineInvariant<State, Observed>({
  id: "S-FEN-1",
  doc: "Durable fence tokens strictly increase; generation and epoch never decrease.",
  state: () => ({ catalog: new CatalogContents(), newest: null }),
  on: {
    "shard.changed": (state, changed) => {
      for (const token of state.catalog.apply(changed).tokens) {
        const before = state.newest;
        state.newest = token;
        if (before === null) continue;
        const isBoth = token.generation >= before.generation && token.epoch >= before.epoch;
        if (isBoth && compareTokens(token, before) > 0) continue;
        const message = `the token ${tokenText(token)} became durable after ${tokenText(before)}`;
        return { subject: "token", message, expected: { above: { ...before } }, observed: { ...token } };
      }
      return undefined;
    },
  },
});
