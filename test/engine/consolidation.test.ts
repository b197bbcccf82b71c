/** Adding up updates. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, type Json } from "../../src/base/json.ts";
import type { Update } from "../../src/engine/collection.ts";
import { advance, consolidate, contentsAt, dataKey } from "../../src/engine/consolidation.ts";

const datum = fc.constantFrom<Json>("a", 1, ["a", 1], ["a", "1"], { b: 1, a: [2] }, { a: [2], b: 1 }, ["a", null]);
const updates = fc.array(fc.tuple(datum, fc.nat(5), fc.integer({ min: -2, max: 2 })), { maxLength: 30 });

/** The slow and obvious way. */
function sumOf(list: readonly Update<Json>[], data: Json, holds: (time: number) => boolean): number {
  const key = canonicalJson(data);
  return list.reduce((sum, [item, time, diff]) => (canonicalJson(item) === key && holds(time) ? sum + diff : sum), 0);
}

describe("consolidation", () => {
  it("leaves one update per element and time, with the sum of their diffs", () => {
    fc.assert(
      fc.property(updates, (list) => {
        const result = consolidate(list);
        const keys = result.map(([data, time]) => `${time} ${canonicalJson(data)}`);
        expect(new Set(keys).size).toBe(keys.length);
        expect(result.every(([, , diff]) => diff !== 0)).toBe(true);
        for (const [data, time] of list) {
          const found = result.find(([item, at]) => at === time && canonicalJson(item) === canonicalJson(data));
          expect(found?.[2] ?? 0).toBe(sumOf(list, data, (at) => at === time));
        }
      }),
    );
  });

  it("keeps the order of first appearance", () => {
    const list: Update<Json>[] = [
      ["b", 2, 1],
      ["a", 1, 1],
      ["c", 1, 1],
      ["b", 2, 1],
      ["c", 1, -1],
    ];
    expect(consolidate(list)).toEqual([
      ["b", 2, 2],
      ["a", 1, 1],
    ]);
  });

  it("a single update without a diff vanishes too", () => {
    expect(consolidate([["a", 1, 0]])).toEqual([]);
    expect(consolidate([["a", 1, 3]])).toEqual([["a", 1, 3]]);
  });

  it("contents at a time count what happened up to it", () => {
    fc.assert(
      fc.property(updates, fc.nat(6), (list, asOf) => {
        const contents = new Map(contentsAt(list, asOf).map(([data, diff]) => [canonicalJson(data), diff]));
        for (const [data] of list) {
          expect(contents.get(canonicalJson(data)) ?? 0).toBe(sumOf(list, data, (time) => time <= asOf));
        }
      }),
    );
  });

  it("moving times up to a since changes no contents from there on", () => {
    fc.assert(
      fc.property(updates, fc.nat(5), fc.nat(3), (list, since, later) => {
        const moved = advance(list, since);
        expect(moved.every(([, time]) => time >= since)).toBe(true);
        expect(contentsAt(moved, since + later)).toEqual(contentsAt(list, since + later));
      }),
    );
  });

  it("keys are equal exactly for equal elements", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
        const isEqual = canonicalJson(a) === canonicalJson(b);
        expect(dataKey(a as Json) === dataKey(b as Json)).toBe(isEqual);
      }),
    );
    expect(dataKey({ a: 1, b: [{ d: 1, c: 2 }] })).toBe(dataKey({ b: [{ c: 2, d: 1 }], a: 1 }));
    expect(dataKey(["1"])).not.toBe(dataKey([1]));
  });
});
