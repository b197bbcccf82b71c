/** The decisions that keep the catalog to one writer. */
import type { CatalogChange } from "./entry.ts";
import type { Refusal } from "./opening.ts";
import { tokenEntry } from "./entry.ts";
import type { Fence, Token } from "./token.ts";

/** Changes that become durable together. */
export type FenceWrite = readonly CatalogChange[];

export interface CatalogPolicies {
  /** What an opening writes to replace the durable tokens by its own, one compare-and-append each. */
  readonly fenceWrites: (durable: readonly Token[], mine: Token) => readonly FenceWrite[];
  /** Which tokens an opening takes for durable, when an earlier attempt with `attempted` met a mismatch. */
  readonly believedTokens: (read: readonly Token[], attempted: Token | null) => readonly Token[];
  /** Which of two reasons to refuse an opening counts. */
  readonly firstComplaint: (fence: Refusal | null, version: Refusal | null) => Refusal | null;
  /** What an opening does when somebody wrote between its reading and its writing. */
  readonly afterOpenMismatch: () => "retry" | "give-up";
  /** Which fence to report of those met while reading to the end, in their order. */
  readonly reportedFence: (met: readonly Fence[]) => Fence | null;
  /** Whether a process that knows of this fence may append. */
  readonly mayAppend: (fence: Fence) => boolean;
  /** Whether an upper that is there already is believed without reading what is before it. */
  readonly trustsUpper: () => boolean;
}

export const catalogPolicies: CatalogPolicies = {
  fenceWrites: (durable, mine) => [
    [...durable.map((token): CatalogChange => [tokenEntry(token), -1]), [tokenEntry(mine), 1]],
  ],
  believedTokens: (read) => read,
  // An old binary that meets a newer version has been replaced: that it cannot read it is no failure.
  firstComplaint: (fence, version) => fence ?? version,
  afterOpenMismatch: () => "retry",
  reportedFence: (met) => met.find(({ by }) => by === "generation") ?? met.at(-1) ?? null,
  mayAppend: () => false,
  trustsUpper: () => false,
};
