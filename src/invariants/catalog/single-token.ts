/** The fence token as the catalog adds up to. Judged by the catalog's shard, whose changes are neither missed nor late. */
import type { Observed } from "../state/observed.ts";
import { CatalogContents } from "../state/catalog-contents.ts";
import { defineInvariant } from "../define-invariant.ts";

/** S-FEN-2: whoever reads the catalog finds one token, once. */
export const singleToken = defineInvariant<CatalogContents, Observed>({
  id: "S-FEN-2",
  doc: "After the first one there is exactly one fence token in the consolidated catalog.",
  state: () => new CatalogContents(),
  on: {
    "shard.changed": (catalog, changed) => {
      catalog.apply(changed);
      const { tokens, history } = catalog;
      if (changed.shard !== "catalog" || history.length === 0) return undefined;
      if (tokens.length === 1 && tokens[0]!.count === 1) return undefined;
      return {
        subject: "token",
        message: `the catalog adds up to ${tokens.length === 1 ? "a token with another count than one" : `${tokens.length} tokens`}`,
        expected: 1,
        observed: tokens.map(({ token, count }) => ({ ...token, count })),
      };
    },
  },
});
