import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FaultDefinition } from "../../../src/runner/definition.ts";
import type { FaultItem, PlanItem } from "../../../src/runner/plan/plan.ts";
import { micros } from "../../../src/base/time.ts";
import { closeGaps, movedTo, roundBetween, shrinkTimes } from "../../../src/runner/shrink/times.ts";
import { definition, fault, op } from "../../support/judged-plan.ts";

async function settle(
  item: PlanItem,
  fails: (item: PlanItem) => boolean,
  parts: Parameters<typeof definition>[0] = {},
): Promise<{ item: PlanItem; tries: number }> {
  let tries = 0;
  const settled = await shrinkTimes(definition(parts), item, (next) => {
    tries++;
    return Promise.resolve(fails(next));
  });
  return { item: settled, tries };
}

const crash: FaultDefinition = {
  id: "crash",
  doc: "",
  witness: "",
  recoverable: true,
  params: {},
  lasts: { min: micros(200_000), max: micros(5_000_000) },
  inject: () => {},
};

describe("times of an item", () => {
  it("go to zero where the time does not matter, with a single try", async () => {
    expect(await settle(op(6_031_742, "put"), () => true)).toEqual({ item: op(0, "put"), tries: 1 });
  });

  it("become round and earlier where they matter", async () => {
    const { item, tries } = await settle(op(6_031_742, "put"), ({ at }) => at >= 4_120_000);
    expect(item.at % 10_000).toBe(0);
    expect(item.at).toBeGreaterThanOrEqual(4_120_000);
    expect(item.at).toBeLessThanOrEqual(4_500_000);
    expect(tries).toBeLessThanOrEqual(10);
  });

  it("stay where no earlier one fails", async () => {
    const { item } = await settle(op(6_031_742, "put"), ({ at }) => at >= 6_031_742);
    expect(item).toEqual(op(6_031_742, "put"));
  });

  it("are never tried where the item is already", async () => {
    const tried: number[] = [];
    const fails = ({ at }: PlanItem): boolean => tried.push(at) > 0 && at >= 4_000_000;
    expect((await settle(op(4_000_000, "put"), fails)).item.at).toBe(4_000_000);
    expect(tried).not.toContain(4_000_000);
  });

  it("lose what is below a millisecond where just that can go", async () => {
    const { item } = await settle(op(6_031_742, "put"), ({ at }) => at >= 6_030_900);
    expect(item.at).toBe(6_031_000);
  });

  it("shorten a fault's window down to the shortest that a plan may draw, and keep it when the fault moves", async () => {
    const { item } = await settle(fault(3_000_000, 7_000_000, "crash"), () => true, {
      faults: [{ fault: crash, params: {}, max: 1 }],
    });
    expect(item).toEqual(fault(0, 200_000, "crash"));
  });

  it("keep as much of a fault's window as the failure needs", async () => {
    const fails = (next: PlanItem): boolean => (next as FaultItem).until >= 5_000_000 && next.at <= 3_000_000;
    const { item } = await settle(fault(3_000_000, 9_000_000, "crash"), fails);
    expect(fails(item)).toBe(true);
    expect((item as FaultItem).until - item.at).toBeLessThanOrEqual(2_200_000);
  });

  it("only ever get earlier and shorter, and stay failing", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(9_000_000),
        fc.nat(5_000_000),
        fc.nat(9_000_000),
        fc.nat(5_000_000),
        async (at, length, least, shortest) => {
          const start = fault(at, at + length, "f");
          const fails = (next: PlanItem): boolean =>
            next.at >= Math.min(least, at) && (next as FaultItem).until - next.at >= Math.min(shortest, length);
          const item = (await settle(start, fails)).item as FaultItem;
          expect(fails(item)).toBe(true);
          expect(item.at).toBeLessThanOrEqual(at);
          expect(item.until - item.at).toBeLessThanOrEqual(length);
        },
      ),
    );
  });
});

describe("gaps between items", () => {
  it("close as far as the failure allows, each item taking those after it along", async () => {
    const tried: (readonly PlanItem[])[] = [];
    const fails = ([first, second]: readonly PlanItem[]): boolean => second!.at - first!.at >= 250_000;
    let closed: readonly PlanItem[] = [op(1_500_000, "a"), fault(4_000_000, 6_000_000, "f"), op(9_000_000, "b")];
    await closeGaps(closed, (items) => {
      tried.push(items);
      const isTaken = fails(items);
      if (isTaken) closed = items;
      return Promise.resolve(isTaken);
    });
    const gap = closed[1]!.at;
    expect(gap).toSatisfy((micros: number) => micros >= 250_000 && micros <= 300_000);
    expect(closed).toEqual([op(0, "a"), fault(gap, gap + 2_000_000, "f"), op(gap, "b")]);
    for (const items of tried)
      expect(items.map(({ at }) => at)).toEqual(items.map(({ at }) => at).toSorted((a, b) => a - b));
  });
});

describe("a round number", () => {
  it("lies strictly between two others", () => {
    fc.assert(
      fc.property(fc.nat(100_000_000), fc.integer({ min: 2, max: 100_000_000 }), (low, gap) => {
        const found = roundBetween(low, low + gap);
        expect(found).toSatisfy((n: number) => Number.isInteger(n) && n > low && n < low + gap);
      }),
    );
  });

  it("has as few digits as the gap allows", () => {
    expect(roundBetween(0, 6_031_742)).toBe(4_000_000);
    expect(roundBetween(6_000_000, 6_031_742)).toBe(6_020_000);
  });
});

describe("moving an item", () => {
  it("keeps a fault's length, but not beyond the end", () => {
    expect(movedTo(fault(1, 5, "f"), 3)).toEqual(fault(3, 7, "f"));
    expect(movedTo(fault(1, 5, "f"), 3, 6)).toEqual(fault(3, 6, "f"));
  });
});
