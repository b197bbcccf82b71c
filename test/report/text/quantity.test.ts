import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasControlCharacters } from "../control-characters.ts";
import { counted, fullMoment, grouped, inline, ratio, span } from "../../../src/report/text/quantity.ts";

describe("quantities", () => {
  it.each([
    [0, "0"],
    [999, "999"],
    [1_000, "1,000"],
    [1_234_567, "1,234,567"],
  ])("groups the digits of %i", (value, text) => {
    expect(grouped(value)).toBe(text);
  });

  it("counts one thing in the singular", () => {
    expect([0, 1, 2].map((count) => counted(count, "seed"))).toEqual(["0 seeds", "1 seed", "2 seeds"]);
  });

  it.each([
    [0, "0 ms"],
    [12_400, "12 ms"],
    [400_000, "0.4 s"],
    [9_949_999, "9.9 s"],
    [9_960_000, "10 s"],
    [52_000_000, "52 s"],
    [119_600_000, "2m 00s"],
    [303_000_000, "5m 03s"],
    [3_599_600_000, "1h 00m"],
    [120_000_000_000, "33h 20m"],
    [7_200_000_000_000, "2,000h"],
  ])("writes %i µs as %s", (micros, text) => {
    expect(span(micros)).toBe(text);
  });

  it("says nothing of a ratio to no time", () => {
    expect(ratio(1_000, 0)).toBe("–");
    expect(ratio(15_000, 10_000)).toBe("1.5×");
    expect(ratio(1_154_000, 1_000)).toBe("1,154×");
  });

  it("writes JSON with bare keys where they need no quotes", () => {
    expect(inline({ key: "a\n", "b c": [1, null, true], d: {} })).toBe('{key: "a\\n", "b c": [1, null, true], d: {}}');
    expect(inline(undefined)).toBe("nothing");
  });

  it("writes JSON without control characters, whatever is in it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(hasControlCharacters(inline(value as never))).toBe(false);
      }),
    );
  });

  it("writes moments in columns of equal width", () => {
    expect(fullMoment(6_031_250)).toBe("0:06.031_250");
    expect(fullMoment(61_000_000)).toBe("1:01.000_000");
  });
});
