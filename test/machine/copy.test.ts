import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { copyValue } from "../../src/machine/copy.ts";

describe("a copy at a port", () => {
  it("equals any JSON value and shares no part of it", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const copy = copyValue(value);
        expect(copy).toEqual(JSON.parse(JSON.stringify(value)));
        if (typeof value === "object" && value !== null) expect(copy).not.toBe(value);
      }),
    );
  });

  it("knows one zero, as JSON does", () => {
    expect(Object.is((copyValue([-0]) as number[])[0], 0)).toBe(true);
  });

  it("leaves out what is undefined, copies bytes and fills holes", () => {
    const bytes = new Uint8Array([1, 2]);
    const copy = copyValue({ a: undefined, bytes, list: [1, undefined, 3] }) as { bytes: Uint8Array };
    expect(copy).toEqual({ bytes: new Uint8Array([1, 2]), list: [1, null, 3] });
    bytes[0] = 9;
    expect(copy.bytes[0]).toBe(1);
  });

  it("names the place and the kind of what it refuses", () => {
    const cyclic: { self?: unknown } = {};
    cyclic.self = [cyclic, cyclic];
    const cases: [unknown, string][] = [
      [{ a: [1, { b: () => 1 }] }, "a[1].b is a function"],
      [{ at: new Date(0) }, "at is a Date"],
      [[new Map()], "message[0] is a Map"],
      [Number.NaN, "message is NaN"],
      [1n, "message is a bigint"],
      [cyclic, "message refers back to itself"],
    ];
    for (const [value, problem] of cases) expect(() => copyValue(value)).toThrow(`${problem}: ports carry`);
    expect(() => copyValue({ x: Symbol("s") }, "kv.put")).toThrow("kv.put.x is a symbol: ports carry");
  });
});
