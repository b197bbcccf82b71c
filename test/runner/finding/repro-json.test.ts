import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import { canonicalJson } from "../../../src/base/json.ts";
import { readJson } from "../../../src/runner/finding/repro-json.ts";

const limits = { textLength: 1_000_000, depth: 10 };
const read = (text: string) => readJson(text, "a.json", limits);

describe("reading JSON from outside", () => {
  it("gives what JSON.parse gives for every text that it accepts", () => {
    const anyText = fc
      .json({ maxDepth: 5 })
      .filter((text) => !text.includes("__proto__"))
      .map((text) => JSON.stringify(JSON.parse(text), null, 2));
    fc.assert(
      fc.property(anyText, (text) => {
        expect(read(text)).toEqual(JSON.parse(text.replaceAll("-0,", "0,")));
      }),
    );
  });

  it("accepts nothing that JSON.parse refuses", () => {
    const unit = fc.constantFrom(
      ...'{}[]:,"\\ \n0123456789eE+-.tfn'.split(""),
      "true",
      "null",
      '"a"',
      "\\u0041",
      "\u0001",
    );
    fc.assert(
      fc.property(fc.string({ unit, maxLength: 12 }), (text) => {
        const value = readOrRefused(text);
        expect(value instanceof UsageError || canonicalJson(value) === canonicalJson(JSON.parse(text))).toBe(true);
      }),
      { numRuns: 5_000 },
    );
  });

  it.each([
    ["", "a.json:1:1: the text ends too early"],
    ['{"a": 1,\n "b": }', "a.json:2:7: a JSON value expected"],
    ['{"a": 1, "a": 2}', 'a.json:1:10: the key "a" is there twice'],
    ['{"toString": 1, "\\u0074oString": 2}', 'a.json:1:17: the key "toString" is there twice'],
    ['{"__proto__": {"x": 1}}', 'a.json:1:2: the key "__proto__" is not allowed'],
    ['{"\\u005f_proto__": 1}', 'the key "__proto__" is not allowed'],
    ["[1e999]", "a.json:1:2: 1e999 is too large a number"],
    [`[${"9".repeat(400)}]`, "is too large a number"],
    [`[${"9".repeat(500)}]`, "is no JSON value"],
    ["[NaN]", 'a.json:1:2: "NaN" is no JSON value'],
    ["[01]", '"01" is no JSON value'],
    ["[1.]", '"1." is no JSON value'],
    ["[nulL]", '"nulL" is no JSON value'],
    ["[truefalse]", '"," or "]" expected'],
    ["{'a': 1}", 'a key in double quotes or "}" expected'],
    ["[1,]", "a JSON value expected"],
    ['{"a": 1,}', "a key in double quotes"],
    ['{"a" 1}', '":" expected'],
    ["[1 2]", '"," or "]" expected'],
    ["[1", '"," or "]" expected'],
    ['"abc', "a.json:1:1: a text without its closing quote"],
    ['"abc\\', "a text without its closing quote"],
    ['"a\nb"', "a text with a wrong escape or a raw control character"],
    ['"\\x"', "a text with a wrong escape"],
    ["1 2", "more text after the end"],
    ["[".repeat(100_000), "nested deeper than 10 levels"],
    ['{"a":'.repeat(100_000), "nested deeper than 10 levels"],
    ["x".repeat(1_000_001), "a.json: 1000001 characters; allowed: up to 1000000"],
  ])("refuses %# and says where", (text, message) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(message);
    expect(() => read(text)).not.toThrow("\n");
  });

  it("reads -0 as 0 and keeps keys that objects have by birth", () => {
    expect(Object.is(read("-0"), 0)).toBe(true);
    expect(read('{"constructor": 1, "toString": 2}')).toEqual({ constructor: 1, toString: 2 });
  });
});

function readOrRefused(text: string): unknown {
  try {
    return read(text);
  } catch (error) {
    if (error instanceof UsageError) return error;
    throw error;
  }
}
