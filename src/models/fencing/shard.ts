/** The catalog's shard as the store keeps it: what a write does to it, what it breaks, and what a reader sees of it. */
import { compareTokens, fenceBy, largestToken, type Fence, type Token } from "../../engine/catalog/token.ts";
import type { CatalogPolicies } from "../../engine/catalog/policies.ts";
import type { Member, Shard, State, Write } from "./state.ts";
import { tokenOf } from "./state.ts";

/** The state after a write has arrived, and whether it was accepted. */
export function landed(state: State, write: Write): readonly [State, boolean] {
  const { shard } = state;
  if (shard.upper !== write.upper) return [state, false];
  const tokens = counted([...shard.tokens, ...write.tokens]);
  const inserted = write.tokens.filter(([, diff]) => diff > 0).map(([token]) => token);
  const largest = largestToken([...inserted, ...(shard.largest === null ? [] : [shard.largest])]);
  const contentVersion =
    write.contentUnder === null ? shard.contentVersion : Math.max(shard.contentVersion, write.generation);
  const after: Shard = { upper: write.to, tokens, largest, contentVersion, log: [...shard.log, write] };
  return [{ ...state, shard: after, problem: state.problem ?? broken(shard, after, inserted, write) }, true];
}

function broken(before: Shard, after: Shard, inserted: readonly Token[], write: Write): State["problem"] {
  const { largest } = before;
  if (largest !== null) {
    const low = inserted.find((token) => compareTokens(token, largest) <= 0);
    if (low !== undefined) return ["S-FEN-1", `the token ${text(low)} became durable after ${text(largest)}`];
    if (write.contentUnder !== null && compareTokens(write.contentUnder, largest) < 0) {
      return ["S-FEN-3", `content under ${text(write.contentUnder)} became durable after the token ${text(largest)}`];
    }
  }
  if (after.tokens.length === 1 && after.tokens[0]![1] === 1) return null;
  return [
    "S-FEN-2",
    `the catalog holds ${after.tokens.map(([token, count]) => `${count} × ${text(token)}`).join(", ")}`,
  ];
}

function text({ generation, epoch }: Token): string {
  return `(generation ${generation}, epoch ${epoch})`;
}

function counted(changes: Shard["tokens"]): Shard["tokens"] {
  const counts: [Token, number][] = [];
  for (const [token, diff] of changes) {
    const same = counts.find(([other]) => compareTokens(other, token) === 0);
    if (same === undefined) counts.push([token, diff]);
    else same[1] += diff;
  }
  return counts.filter(([, count]) => count !== 0);
}

/** Tokens that a reader finds. */
export function tokensIn({ tokens }: Shard): readonly Token[] {
  return tokens.filter(([, count]) => count > 0).map(([token]) => token);
}

/** What a member meets that reads on to the end. */
export function news(
  { shard }: State,
  member: Member,
  policies: CatalogPolicies,
): { readonly fence: Fence | null; readonly hasContent: boolean; readonly writer: number } {
  const own = tokenOf(member)!;
  const unread = shard.log.filter(({ to }) => to > member.upper);
  const met = unread.flatMap(({ tokens, generation }) =>
    tokens.flatMap(([token, diff]) => {
      const fence = diff > 0 ? fenceBy(own, token) : null;
      return fence === null ? [] : [{ fence, generation }];
    }),
  );
  const fence = policies.reportedFence(met.map((each) => each.fence));
  const writer = met.find((each) => each.fence === fence)?.generation ?? 0;
  return { fence, hasContent: unread.some(({ contentUnder }) => contentUnder !== null), writer };
}
