import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hashText } from "../../../src/base/hash.ts";
import { ddmin, type Reduced } from "../../../src/runner/shrink/ddmin.ts";

type Fails = (subset: readonly number[]) => boolean;

async function reduce(count: number, fails: Fails, runsMax = 1_000_000): Promise<Reduced<number> & { runs: number }> {
  const budget = { left: runsMax };
  const asked = new Set<string>();
  const result = await ddmin(
    Array.from({ length: count }, (_, index) => index),
    (subset) => {
      expect(asked.has(subset.join()), `asked twice: ${subset.join()}`).toBe(false);
      asked.add(subset.join());
      budget.left--;
      return Promise.resolve(fails(subset));
    },
    budget,
  );
  return { ...result, runs: runsMax - budget.left };
}

function needs(culprits: readonly number[]): Fails {
  return (subset) => culprits.every((culprit) => subset.includes(culprit));
}

function isMinimal(items: readonly number[], fails: Fails): boolean {
  return items.every((_, index) => !fails(items.toSpliced(index, 1)));
}

/** `count` different numbers below `below`, the same for the same placement. */
function placed(placement: number, count: number, below: number): number[] {
  const found = new Set<number>();
  for (let draw = 0; found.size < count; draw++) found.add((hashText(`${placement} ${draw}`) >>> 0) % below);
  return [...found].sort((a, b) => a - b);
}

describe("ddmin", () => {
  it("finds 3 culprits among 120 items in a median of 27 runs and never more than 40", async () => {
    const runs: number[] = [];
    for (let placement = 0; placement < 500; placement++) {
      const culprits = placed(placement, 3, 120);
      const result = await reduce(120, needs(culprits));
      expect(result).toMatchObject({ items: culprits, minimal: true });
      runs.push(result.runs);
    }
    runs.sort((a, b) => a - b);
    expect(runs[250]).toBeLessThanOrEqual(27);
    expect(runs[499]).toBeLessThanOrEqual(40);
  });

  it("finds a single culprit among 1,000 items in at most 25 runs wherever it is", async () => {
    for (let culprit = 0; culprit < 1_000; culprit += 37) {
      const result = await reduce(1_000, needs([culprit]));
      expect(result.items).toEqual([culprit]);
      expect(result.runs).toBeLessThanOrEqual(25);
    }
  });

  it("needs about one run an item when every item is needed", async () => {
    const all = Array.from({ length: 120 }, (_, index) => index);
    const result = await reduce(120, needs(all));
    expect(result).toMatchObject({ items: all, minimal: true });
    expect(result.runs).toBeLessThanOrEqual(130);
  });

  it("needs one run when no item is needed", async () => {
    expect(await reduce(120, () => true)).toEqual({ items: [], minimal: true, runs: 1 });
  });

  it("asks nothing about an empty list", async () => {
    expect(await reduce(0, () => true)).toEqual({ items: [], minimal: true, runs: 0 });
  });

  it("keeps order", async () => {
    const result = await ddmin(["c", "x", "a", "y", "b"], (kept) => Promise.resolve(/c.*a.*b/.test(kept.join(""))), {
      left: 100,
    });
    expect(result.items).toEqual(["c", "a", "b"]);
  });

  it("ends 1-minimal where an item only matters beside another one", async () => {
    // 3 must be there; 7 hides the failure unless 11 is there too; one sweep from the end keeps 11 for the sake of 7.
    const fails: Fails = (kept) => kept.includes(3) && (!kept.includes(7) || kept.includes(11));
    expect(await reduce(12, fails)).toMatchObject({ items: [3], minimal: true });
  });

  it("says that the result may not be minimal when the budget ends, and that result fails still", async () => {
    const fails = needs([5, 60, 110]);
    const result = await reduce(120, fails, 12);
    expect(result.runs).toBe(12);
    expect(result.minimal).toBe(false);
    expect(fails(result.items)).toBe(true);
    expect(result.items.length).toBeLessThan(120);
  });

  it("ends 1-minimal for any rule over the items, monotone or not", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 24 }),
        fc.nat(),
        fc.integer({ min: 2, max: 6 }),
        async (n, salt, m) => {
          const fails: Fails = (kept) => kept.length === n || (hashText(kept.join(), salt) >>> 0) % m === 0;
          const result = await reduce(n, fails);
          expect(result.minimal).toBe(true);
          expect(fails(result.items)).toBe(true);
          expect(isMinimal(result.items, fails)).toBe(true);
        },
      ),
    );
  });

  it("finds the culprits of any monotone failure exactly", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(fc.nat(59), { maxLength: 20 }), async (drawn) => {
        const culprits = drawn.toSorted((a, b) => a - b);
        expect((await reduce(60, needs(culprits))).items).toEqual(culprits);
      }),
    );
  });
});
