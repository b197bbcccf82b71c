import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { finish, fold53, hashText, hex64, mix } from "../../src/base/hash.ts";

const ones = (bits: number): number => [...(bits >>> 0).toString(2)].filter((bit) => bit === "1").length;

describe("hashing", () => {
  it("gives the same bits for ever: plans, choices and golden hashes stand on them", () => {
    // Worked out once by another program, with the murmur3 step and finaliser over UTF-16 code units.
    expect([hashText(""), hashText("a"), hashText("net.latency"), hashText("ü€😀"), hashText("a", 1)]).toEqual([
      -340_344_280, 298_494_453, -333_505_449, -800_312_450, -631_233_257,
    ]);
    expect([mix(0, 0), mix(1, 2), mix(-1, 0x7fffffff)]).toEqual([-430_675_100, 2_001_329_867, -1_068_886_643]);
    expect([finish(0), finish(1), finish(-1)]).toEqual([0, 0x514e28b7, 0x81f16f39]);
    expect([fold53(0), fold53(2 ** 32), fold53(2 ** 53 - 1)]).toEqual([0, -1_640_531_535, 1_746_368_944]);
  });

  it("changes about half of all bits for a change of one", () => {
    const seen: number[] = [];
    const where = fc.tuple(fc.integer(), fc.integer(), fc.nat(31));
    fc.assert(
      fc.property(where, ([hash, value, bit]) => {
        seen.push(ones(finish(mix(hash, value)) ^ finish(mix(hash, value ^ (1 << bit)))));
      }),
      { numRuns: 2_000, seed: 1 },
    );
    const mean = seen.reduce((sum, count) => sum + count, 0) / seen.length;
    expect(mean).toBeGreaterThan(15.5);
    expect(mean).toBeLessThan(16.5);
    expect(Math.min(...seen)).toBeGreaterThan(2);
  });

  it("tells texts apart: many names, no collision; one more zero at the end is another text", () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `server-${index}#1→client:${index % 7}`);
    expect(new Set(names.map((name) => hashText(name))).size).toBe(names.length);
    expect(hashText("a\0")).not.toBe(hashText("a"));
    expect(hashText("ab")).not.toBe(hashText("ba"));
  });

  it("spreads choices evenly over small numbers of buckets", () => {
    const counts = Array.from({ length: 64 }, () => 0);
    for (let key = 0; key < 64_000; key++) counts[Math.floor((finish(mix(7, key)) * 64) / 4_294_967_296)]!++;
    expect(Math.min(...counts)).toBeGreaterThan(850);
    expect(Math.max(...counts)).toBeLessThan(1_150);
  });

  it("is unsigned where it says so, and 16 hex digits where it is shown", () => {
    fc.assert(fc.property(fc.integer(), (hash) => finish(hash) >= 0 && finish(hash) <= 0xffffffff));
    expect(hex64(-1, 0)).toBe("ffffffff00000000");
    expect(hex64(1, 0xabc)).toBe("0000000100000abc");
    const lanes = fc.tuple(fc.integer(), fc.integer());
    fc.assert(
      fc.property(lanes, ([high, low]) => {
        const bits = (BigInt(high >>> 0) << 32n) | BigInt(low >>> 0);
        expect(hex64(high, low)).toBe(bits.toString(16).padStart(16, "0"));
      }),
    );
  });

  it("folds whole numbers beyond 32 bits so that they differ", () => {
    const numbers = Array.from({ length: 5_000 }, (_, index) => index * 4_294_967_296 + (index % 3));
    expect(new Set(numbers.map(fold53)).size).toBe(numbers.length);
  });
});
