/** S-FEN-1 and S-FEN-2: fence tokens as they follow on each other, and as they add up. */
import { describe, expect, it } from "vitest";
import { risingTokens } from "../../../src/invariants/catalog/rising-tokens.ts";
import { singleToken } from "../../../src/invariants/catalog/single-token.ts";
import { table, token } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory } from "../../support/hand-trace.ts";

function takeovers(): readonly ReturnType<ReturnType<typeof catalogHistory>>[] {
  const catalog = catalogHistory();
  return [
    catalog([], []),
    catalog([], [token(1, 1)]),
    catalog([], [table("u1", "t")]),
    catalog([token(1, 1)], [token(1, 2)]),
    catalog([token(1, 2)], [token(2, 3)]),
    shardHistory()("tables", { upper: 4 }),
  ];
}

describe("S-FEN-1", () => {
  it("accepts that epochs rise within a generation and across generations", () => {
    expect(firstBreach(risingTokens, takeovers())).toBeUndefined();
  });

  it.each([
    ["the same token", [1, 1], [1, 1]],
    ["a lower epoch", [1, 2], [1, 1]],
    ["an epoch that begins anew", [1, 2], [2, 1]],
    ["a lower generation", [2, 2], [1, 3]],
  ] as const)("rejects %s after one", (_, [generation, epoch], [nextGeneration, nextEpoch]) => {
    const catalog = catalogHistory();
    const first = token(generation, epoch);
    const trace = [catalog([], [first]), catalog([first], [token(nextGeneration, nextEpoch)])];
    expect(firstBreach(risingTokens, trace)?.observed).toEqual({ generation: nextGeneration, epoch: nextEpoch });
  });
});

describe("S-FEN-2", () => {
  it("accepts that each token takes the place of the one before", () => {
    expect(firstBreach(singleToken, takeovers())).toBeUndefined();
  });

  it("rejects a token beside another, and the loss of the only one", () => {
    const beside = catalogHistory();
    const two = [beside([], [token(1, 1)]), beside([], [token(1, 2)])];
    expect(firstBreach(singleToken, two)?.observed).toHaveLength(2);
    const lost = catalogHistory();
    expect(firstBreach(singleToken, [lost([], [token(1, 1)]), lost([token(1, 1)], [])])?.observed).toEqual([]);
  });

  it("rejects a token that was retracted twice", () => {
    const catalog = catalogHistory();
    const trace = [
      catalog([], [token(1, 1)]),
      catalog([token(1, 1)], [token(1, 2)]),
      catalog([token(1, 1)], [token(1, 3)]),
    ];
    expect(firstBreach(singleToken, trace)?.subject).toBe("token");
  });
});
