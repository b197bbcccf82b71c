/** Values of records to rows, or to errors that say the same on every machine. */
import { describe, expect, it } from "vitest";
import type { Column } from "../../../src/engine/collection.ts";
import { decodeValue } from "../../../src/engine/sql/decode.ts";

const columns: readonly Column[] = [
  { name: "n", type: "int" },
  { name: "t", type: "text" },
  { name: "b", type: "bool" },
];

describe("decoding a value", () => {
  it.each([
    ['{"n": 1, "t": "x", "b": true}', [1, "x", true]],
    ['{"b": false, "more": {"n": 2}, "t": ""}', [null, "", false]],
    ['{"n": null, "t": null}', [null, null, null]],
    ['{"n": 1e3}', [1000, null, null]],
    ['{"n": 1.0, "n": 2.0}', [2, null, null]],
    ["{}", [null, null, null]],
  ])("%s is a row", (text, row) => {
    expect(decodeValue(text, columns)).toEqual(row);
  });

  it.each([
    ['{"n": 1.5}', 'column "n": a number with a fraction is not of type int'],
    ['{"n": 9007199254740993}', 'column "n": a number out of range is not of type int'],
    ['{"n": 1e999}', 'column "n": a number out of range is not of type int'],
    ['{"n": "1"}', 'column "n": a text is not of type int'],
    ['{"t": 1}', 'column "t": a number is not of type text'],
    ['{"t": ["x"]}', 'column "t": an array is not of type text'],
    ['{"b": {}}', 'column "b": an object is not of type bool'],
    ['{"t": true}', 'column "t": a bool is not of type text'],
    ["[1]", "the value is not a JSON object"],
    ["7", "the value is not a JSON object"],
    ["null", "the value is not a JSON object"],
    ["{", "the value is not a JSON object"],
    ["", "the value is not a JSON object"],
  ])("%s is an error", (text, message) => {
    expect(decodeValue(text, columns)).toEqual({ code: "22P02", message, identity: "" });
  });

  it("columns named as what objects inherit are no trap", () => {
    const odd: readonly Column[] = [
      { name: "__proto__", type: "text" },
      { name: "constructor", type: "text" },
    ];
    expect(decodeValue("{}", odd)).toEqual([null, null]);
    expect(decodeValue('{"__proto__": "p", "constructor": "c"}', odd)).toEqual(["p", "c"]);
  });

  it("a negative zero is zero", () => {
    expect(Object.is((decodeValue('{"n": -0}', columns) as readonly unknown[])[0], 0)).toBe(true);
  });
});
