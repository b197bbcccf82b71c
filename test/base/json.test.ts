import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson, toJson, type Json } from "../../src/base/json.ts";

/** The same value with the members of its objects the other way round. */
function reversed(value: Json): Json {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value as { [name: string]: Json }).toReversed();
  return Object.fromEntries(members.map(([name, member]) => [name, reversed(member)]));
}

describe("canonical JSON", () => {
  it("has keys in code-unit order and no spaces", () => {
    expect(canonicalJson({ b: 1, a: [true, null, "x"], B: { ä: 0, z: -0 }, "10": 1, "9": 2 })).toBe(
      '{"10":1,"9":2,"B":{"z":0,"ä":0},"a":[true,null,"x"],"b":1}',
    );
  });

  it("is the same for equal values, and reads back as the value", () => {
    fc.assert(
      fc.property(fc.jsonValue({ maxDepth: 4 }), (drawn) => {
        const value = JSON.parse(JSON.stringify(drawn)) as Json;
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
        expect(JSON.parse(canonicalJson(value))).toEqual(value);
      }),
    );
  });

  it("leaves out members that are undefined; elsewhere undefined and holes are null", () => {
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
    expect(canonicalJson(undefined)).toBe("null");
    expect(canonicalJson(Array(2))).toBe("[null,null]");
  });

  it("may hold one value in two places, and objects without a prototype", () => {
    const shared = { n: 1 };
    const bare = Object.assign(Object.create(null) as object, { x: shared, y: [shared, shared] });
    expect(canonicalJson(bare)).toBe('{"x":{"n":1},"y":[{"n":1},{"n":1}]}');
  });

  it("writes text so that it survives: quotes, controls, half of a surrogate pair", () => {
    const text = 'a"b\\c\n\u0000\u2028\ud800';
    expect(JSON.parse(canonicalJson(text))).toBe(text);
    expect(canonicalJson("\ud800")).toBe('"\\ud800"');
  });

  class Point {
    x = 1;
  }
  const loop: { self?: unknown } = {};
  loop.self = [loop];
  const refused: readonly [unknown, string][] = [
    [{ a: [0, () => 1] }, "$.a[1] is a function"],
    [{ a: Symbol("s") }, "$.a is a symbol"],
    [[1n], "$[0] is a bigint"],
    [Number.NaN, "$ is NaN"],
    [{ a: { b: -Infinity } }, "$.a.b is -Infinity"],
    [new Map(), "$ is a Map"],
    [{ at: new Date(0) }, "$.at is a Date"],
    [[new Point()], "$[0] is a Point"],
    [loop, "$.self[0] refers back to itself"],
  ];
  for (const [value, message] of refused) {
    it(`refuses a value that it cannot hold: ${message}`, () => {
      expect(() => canonicalJson(value)).toThrow(TypeError);
      expect(() => canonicalJson(value)).toThrow(message);
      expect(() => toJson(value)).toThrow(message);
    });
  }

  it("as a copy shares nothing with the value", () => {
    const value = { list: [{ n: 1 }] };
    const copy = toJson(value) as typeof value;
    copy.list[0]!.n = 2;
    expect(value).toEqual({ list: [{ n: 1 }] });
  });
});
