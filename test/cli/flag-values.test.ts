import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { formatMoment } from "../../src/base/time.ts";
import {
  assignment,
  chosen,
  duration,
  moment,
  names,
  oneOf,
  shard,
  someText,
  wholeNumber,
} from "../../src/cli/flag-values.ts";

const parsers: Readonly<Record<string, (text: string) => unknown>> = {
  wholeNumber: wholeNumber("--x", 1, 1_000),
  duration: duration("--x"),
  moment: moment("--x"),
  shard: shard("--x"),
  names: names("--x"),
  oneOf: oneOf("--x", ["a", "b"]),
  someText: someText("--x", "a name"),
  assignment: assignment("--x"),
};

describe("values of flags", () => {
  it("are read as they are written", () => {
    expect(wholeNumber("--x", 1, 1_000)("1000")).toBe(1_000);
    expect(duration("--x")("1.5m")).toBe(90_000_000);
    expect(shard("--x")("2/4")).toEqual({ index: 2, count: 4 });
    expect(names("--x")("net, disk.slow")).toEqual(["net", "disk.slow"]);
    expect(assignment("--x")("a=b=c")).toEqual(["a=b=c"]);
    expect(chosen("kind", "fault", ["faults", "bugs"])).toBe("faults");
  });

  it("take every moment that reports print", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10_000_000_000 }), (at) => {
        expect(moment("--until")(formatMoment(at))).toBe(at);
      }),
    );
    expect(moment("--until")("6s")).toBe(6_000_000);
    expect(moment("--until")("0:06.5")).toBe(6_500_000);
  });

  it.each(Object.keys(parsers))("end in a UsageError that names the flag, or in a value: %s", (name) => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[-0-9.:/=,a-z]{0,12}$/)), (text) => {
        try {
          parsers[name]!(text);
        } catch (error) {
          expect(error).toBeInstanceOf(UsageError);
          expect((error as Error).message).toContain("--x");
        }
      }),
    );
  });

  it.each([
    ["wholeNumber", ["", "0", "-1", "1e3", "1.0", "0x10", "1001", "٣", " 5"]],
    ["duration", ["", "60", "0s", "-1s", "1 s", "1e3s", "Infinity"]],
    ["moment", ["", "1:60", "6", "-0:01", "0:01.1234"]],
    ["shard", ["", "0/3", "4/3", "1/0", "1", "1/2/3", "-1/2"]],
    ["names", ["", "a,", ",", "a,,b"]],
    ["oneOf", ["", "c", "A"]],
    ["someText", ["", "  "]],
    ["assignment", ["", "a", "=b", " =b"]],
  ] as const)("refuse what is none: %s", (name, texts) => {
    for (const text of texts) expect(() => parsers[name]!(text)).toThrow(UsageError);
  });

  it("suggest the unit that a bare number lacks", () => {
    expect(() => duration("--budget")("60")).toThrow('did you mean "60s"?');
  });
});
