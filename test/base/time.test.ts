import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { formatDuration, formatMoment, micros, parseDuration, tryParseDuration } from "../../src/base/time.ts";

describe("a duration", () => {
  const texts: { readonly [text: string]: number } = {
    "0s": 0,
    "10us": 10,
    "10µs": 10,
    "200ms": 200_000,
    "1.5s": 1_500_000,
    "0.000001s": 1,
    "0.5ms": 500,
    "2m": 120_000_000,
    "1.25m": 75_000_000,
    "1h": 3_600_000_000,
    "2.5h": 9_000_000_000,
  };
  for (const [text, value] of Object.entries(texts)) {
    it(`of ${text} is ${value} µs`, () => expect(tryParseDuration(text)).toBe(value));
  }

  it("is none without number or unit, negative, in parts of a microsecond, too long, or with anything around it", () => {
    const wrong = ["", "5", "s", "5 s", " 5s", "5s ", "-5s", "+5s", "1e3s", "5S", "5sec", "1,5s", ".5s", "5.s", "0x5s"];
    const unfit = ["1.5us", "0.0001ms", "0.0000001s", "1234567890123s", "999999999999h", "NaNs", "Infinitys", "5s5s"];
    for (const text of [...wrong, ...unfit]) expect(tryParseDuration(text)).toBeUndefined();
  });

  it("that is none is refused with the text and what is allowed", () => {
    expect(() => parseDuration("5 sec" as "5s")).toThrow(RangeError);
    expect(() => parseDuration("5 sec" as "5s")).toThrow(
      '"5 sec" is not a duration: write a number and us, ms, s, m or h, like "250ms" or "1.5s"',
    );
  });

  it("as a number is whole microseconds from 0 up, anything else is refused", () => {
    expect(parseDuration(micros(1_234))).toBe(1_234);
    expect(parseDuration(micros(0))).toBe(0);
    for (const value of [-1, 0.5, Number.NaN, Infinity, 2 ** 53]) {
      expect(() => parseDuration(micros(value))).toThrow(`${value} is not a duration: as a number it is whole micro`);
    }
  });

  it("is written in the largest unit that keeps it whole, and reads back the same", () => {
    expect([0, 10, 1_000, 1_500, 250_000, 1_000_000, 90_000_000].map(formatDuration)).toEqual([
      "0s",
      "10us",
      "1ms",
      "1500us",
      "250ms",
      "1s",
      "90s",
    ]);
    fc.assert(fc.property(fc.nat(2 ** 31), (value) => parseDuration(formatDuration(value)) === value));
    const scaled = fc.tuple(fc.nat(999_999), fc.constantFrom(1, 1_000, 1_000_000)).map(([n, unit]) => n * unit);
    fc.assert(fc.property(scaled, (value) => parseDuration(formatDuration(value)) === value));
  });
});

it("a moment is minutes, seconds and milliseconds, with microseconds only where there are some", () => {
  const moments: { readonly [text: string]: number } = {
    "0:00.000": 0,
    "0:00.000_001": 1,
    "0:02.100": 2_100_000,
    "0:02.100_250": 2_100_250,
    "0:59.999_999": 59_999_999,
    "1:00.000": 60_000_000,
    "100:00.007": 6_000_007_000,
  };
  expect(Object.values(moments).map(formatMoment)).toEqual(Object.keys(moments));
  expect([formatMoment(-5), formatMoment(1.9)]).toEqual(["0:00.000", "0:00.000_001"]);
});
