import { describe, expect, it } from "vitest";
import { nearest, unknownName } from "../../src/base/nearest.ts";

describe("the nearest name", () => {
  const known = ["process.crash", "process.pause", "net.partition", "net.clog", "disk.full"];
  const typos: { readonly [text: string]: string | undefined } = {
    "process.crsh": "process.crash",
    "proces.pause": "process.pause",
    "NET.CLOG": "net.clog",
    "net.lcog": "net.clog",
    "net.partitions": "net.partition",
    "disk.full": "disk.full",
    "clock.drift": undefined,
    "": undefined,
    x: undefined,
  };
  for (const [text, expected] of Object.entries(typos)) {
    it(`to "${text}" is ${expected ?? "none of them"}`, () => expect(nearest(text, known)).toBe(expected));
  }

  it("is the earlier one of two that are as near, and none of none", () => {
    expect(nearest("cat", ["bat", "rat"])).toBe("bat");
    expect(nearest("cat", ["rat", "bat"])).toBe("rat");
    expect(nearest("cat", [])).toBeUndefined();
  });

  it("counts a swap of neighbours as one step", () => {
    expect(nearest("ab", ["xyb", "ba"])).toBe("ba");
  });

  it("is found quickly among long names, and is never one of quite another length", () => {
    expect(nearest("a".repeat(5_000), ["a".repeat(30), "b"])).toBeUndefined();
  });
});

describe("the sentence about an unknown name", () => {
  it("names the text, the nearest match and what is known", () => {
    expect(unknownName("bug", "KV-1", ["KV-10", "KV-20"])).toBe(
      'unknown bug "KV-1"; did you mean "KV-10"? (known: KV-10, KV-20)',
    );
    expect(unknownName("bug", "zzzzzz", ["KV-10"])).toBe('unknown bug "zzzzzz" (known: KV-10)');
    expect(unknownName("bug", "x", [])).toBe('unknown bug "x" (known: none)');
  });

  it("does not list more than a dozen", () => {
    const many = Array.from({ length: 30 }, (_, index) => `name-${index}`);
    const text = unknownName("op", "other", many);
    expect(text).toContain("name-11, … (30 in all))");
    expect(text).not.toContain("name-12");
  });
});
