/** Every interleaving of two and three openers, with the right decisions and with each of the wrong ones. */
import { describe, expect, it } from "vitest";
import { tokenEntry, type CatalogChange } from "../../../src/engine/catalog/entry.ts";
import { nextOpen, openStart } from "../../../src/engine/catalog/opening.ts";
import { catalogPolicies, type CatalogPolicies } from "../../../src/engine/catalog/policies.ts";
import { largestToken } from "../../../src/engine/catalog/token.ts";
import { explore, stateLimit } from "./exploration.ts";

const read = (tokens: { generation: number; epoch: number }[], contentVersion = 1) =>
  ({ kind: "read", view: { upper: 5, tokens, contentVersion } }) as const;

describe("opening the catalog", () => {
  it.each([
    [
      [1, 1],
      ["content", "content"],
    ],
    [
      [1, 2],
      ["content", "empty", "content"],
    ],
    [[1, 1, 2], ["content"]],
    [
      [1, 2, 2],
      ["empty", "content"],
    ],
    [[1, 2, 3], ["content"]],
  ] as const)("openers of generations %j never break the fence, in any order", (generations, todo) => {
    const { states, violations, ends } = explore(generations, todo, catalogPolicies);
    expect([...violations]).toEqual([]);
    expect(states).toBeGreaterThan(50);
    expect(states).toBeLessThan(stateLimit);
    // Whoever comes last of the highest generation is done; no one ever gives up for another reason than a fence.
    expect([...ends]).toContain(`${Math.max(...generations)}: done`);
    for (const end of ends) expect(end).toMatch(/^\d: (?:done|fenced by (?:generation|epoch))$/);
    expect([...ends]).not.toContain(`${Math.max(...generations)}: fenced by generation`);
  });

  const epochFirst: CatalogPolicies["fenceWrites"] = (durable, mine) => {
    const old = largestToken(durable);
    if (old === null || old.generation === mine.generation) return catalogPolicies.fenceWrites(durable, mine);
    const half = { generation: old.generation, epoch: mine.epoch };
    return [...catalogPolicies.fenceWrites(durable, half), ...catalogPolicies.fenceWrites([half], mine)];
  };
  const wrong: readonly (readonly [string, Partial<CatalogPolicies>, string])[] = [
    ["epoch first, generation later", { fenceWrites: epochFirst }, "fenced by epoch, though by a higher generation"],
    [
      "the attempted token is taken for durable",
      { believedTokens: (durable, attempted) => (attempted === null ? durable : [attempted]) },
      "not exactly one token",
    ],
    [
      "old tokens are not retracted",
      { fenceWrites: (_, mine): CatalogChange[][] => [[[tokenEntry(mine), 1]]] },
      "not exactly one token",
    ],
    ["a fenced process goes on", { mayAppend: () => true }, "content under a smaller token"],
  ];

  it.each(wrong)("%s: found", (_, policies, violation) => {
    const { violations } = explore([1, 1, 2], ["empty", "content"], { ...catalogPolicies, ...policies }, violation);
    expect([...violations]).toContain(violation);
  });

  it("an opening that gives up at the first mismatch can lose to ordinary traffic", () => {
    const { ends } = explore([1, 2], ["content"], { ...catalogPolicies, afterOpenMismatch: () => "give-up" });
    expect([...ends]).toContain("2: raced");
  });

  it("a higher generation is noticed before a version that is too new", () => {
    const context = { generation: 1, version: 1, policies: catalogPolicies };
    const fenced = nextOpen(openStart, read([{ generation: 2, epoch: 7 }], 2), context);
    expect(fenced).toMatchObject({ step: "refused", refusal: { kind: "fenced", fence: { by: "generation" } } });
    const tooNew = nextOpen(openStart, read([{ generation: 1, epoch: 7 }], 2), context);
    expect(tooNew).toMatchObject({ step: "refused", refusal: { kind: "incompatible-version", durable: 2 } });
  });

  it("a higher epoch of the same generation is no obstacle, and the next epoch is one above it", () => {
    const context = { generation: 3, version: 1, policies: catalogPolicies };
    const state = nextOpen(openStart, read([{ generation: 3, epoch: 7 }]), context);
    expect(state).toMatchObject({ step: "append", mine: { generation: 3, epoch: 8 }, upper: 5 });
  });
});
