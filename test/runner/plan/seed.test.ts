import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import {
  formatSeed,
  freshSeed,
  nextSeed,
  parseSeed,
  seedBits,
  seedFromBits,
  seedFromText,
  seedPattern,
  stream,
} from "../../../src/runner/plan/seed.ts";
import { anySeed } from "./plan-fixture.ts";

const anyBits = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

describe("the text of a seed", () => {
  it("is the same 64 bits, there and back", () => {
    fc.assert(
      fc.property(anyBits, (bits) => {
        const seed = seedFromBits(bits);
        expect(seed).toMatch(seedPattern);
        expect(seedBits(seed)).toBe(bits);
        expect(parseSeed(seed)).toBe(seed);
      }),
    );
  });

  it("sorts as its bits do", () => {
    fc.assert(
      fc.property(anyBits, anyBits, (a, b) => {
        expect(seedFromBits(a) < seedFromBits(b)).toBe(a < b);
      }),
    );
  });

  it("has fixed points that old reports depend on", () => {
    expect(formatSeed(0, 0)).toBe("0000000000000");
    expect(formatSeed(0xffffffff, 0xffffffff)).toBe("fzzzzzzzzzzzz");
    expect(formatSeed(-1, -1)).toBe("fzzzzzzzzzzzz");
    expect(formatSeed(0, 31)).toBe("000000000000z");
    expect(formatSeed(1, 0)).toBe("0000004000000");
  });

  it("may be typed in upper case and without leading zeros", () => {
    expect(parseSeed("7K3Q9ZT4MVX2C")).toBe("7k3q9zt4mvx2c");
    expect(parseSeed("42")).toBe("0000000000042");
  });

  it.each([
    ["", "it is empty"],
    ["7k3q9zt4mvx2l", 'it contains "l"'],
    ["o", 'it contains "o"'],
    ["-1", 'it contains "-"'],
    [" 42", 'it contains " "'],
    ["0u2a", 'it contains "u"'],
    ["4\u001b[2J", 'it contains "\\u001b"'],
    ["\u212a", 'it contains "'],
    ["g000000000000", "the first of 13 digits is 0 to f"],
    ["00000000000000", "it has 14 digits"],
    ["1".repeat(100_000), "it has 100000 digits"],
  ])("refuses %j and says why", (text, why) => {
    expect(() => parseSeed(text)).toThrow(UsageError);
    expect(() => parseSeed(text)).toThrow(why);
    expect(() => parseSeed(text)).toThrow("0-9 and a-z without i, l, o and u");
    expect(messageOf(() => parseSeed(text)).length).toBeLessThan(300);
  });
});

describe("the seeds of a suite", () => {
  it("begin with the one it starts from", () => {
    fc.assert(
      fc.property(anySeed, (seed) => {
        expect(nextSeed(seed, 0)).toBe(seed);
      }),
    );
  });

  it("go on where another suite stopped", () => {
    const place = fc.nat(1_000_000);
    fc.assert(
      fc.property(anySeed, place, place, (seed, a, b) => {
        expect(nextSeed(nextSeed(seed, a), b)).toBe(nextSeed(seed, a + b));
      }),
    );
  });

  it("are all different, also from those of neighbouring starts", () => {
    const seeds = new Set<string>();
    for (let start = 0; start < 50; start++) {
      for (let k = 0; k < 400; k++) seeds.add(nextSeed(formatSeed(0, start), k));
    }
    expect(seeds.size).toBe(50 * 400);
  });

  it("are spread over all 64 bits", () => {
    const counts = new Array<number>(64).fill(0);
    for (let k = 0; k < 1_000; k++) {
      const bits = seedBits(nextSeed("0", k));
      for (let bit = 0; bit < 64; bit++) counts[bit]! += Number((bits >> BigInt(bit)) & 1n);
    }
    for (const count of counts) {
      expect(count).toBeGreaterThan(400);
      expect(count).toBeLessThan(600);
    }
  });
});

describe("seeds from elsewhere", () => {
  it("take all their bits from two words of entropy", () => {
    const words = [0x01234567, 0x89abcdef];
    const seed = freshSeed(() => words.shift()!);
    expect(seedBits(seed)).toBe(0x0123456789abcdefn);
  });

  it("are the same for the same text, and differ in half of their bits for similar ones", () => {
    expect(seedFromText("b97d1b2")).toBe(seedFromText("b97d1b2"));
    let different = 0;
    for (let n = 0; n < 200; n++) {
      const bits = seedBits(seedFromText(`commit ${n}`)) ^ seedBits(seedFromText(`commit ${n + 1}`));
      different += [...bits.toString(2)].filter((bit) => bit === "1").length;
    }
    expect(different / 200).toBeGreaterThan(29);
    expect(different / 200).toBeLessThan(35);
  });
});

describe("streams of a seed", () => {
  it("depend on every bit of the seed and on the name", () => {
    const first = (seed: string, name: string): number => stream(seed, name).int32();
    const seen = new Set<number>();
    for (let bit = 0n; bit < 64n; bit++) seen.add(first(seedFromBits(1n << bit), "a"));
    for (let n = 0; n < 64; n++) seen.add(first("0000000000000", `n/${n}`));
    expect(seen.size).toBe(128);
    expect(first("0000000000000", "a")).toBe(first("0000000000000", "a"));
  });

  it("start unbiased along the seeds of a suite", () => {
    const buckets = new Array<number>(16).fill(0);
    for (let k = 0; k < 4_096; k++) buckets[stream(nextSeed("0", k), "a").int32() >>> 28]! += 1;
    // 256 expected in each; 60 is four standard deviations.
    for (const count of buckets) expect(Math.abs(count - 256)).toBeLessThan(62);
  });
});

function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  return "";
}
