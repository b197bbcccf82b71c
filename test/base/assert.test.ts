import { describe, expect, it } from "vitest";
import { assert, AssertionFailure } from "../../src/base/assert.ts";
import { never } from "../../src/base/never.ts";

describe("an assertion", () => {
  it("lets what holds pass, by truth", () => {
    for (const value of [true, 1, "x", {}, []]) expect(() => assert(value, "holds")).not.toThrow();
  });

  it("throws its check and data when it does not hold", () => {
    for (const value of [false, 0, "", null, undefined, Number.NaN]) {
      const failure = caught(() => assert(value, "S-1", { value: 7 }));
      expect(failure).toBeInstanceOf(AssertionFailure);
      expect(failure).toMatchObject({
        name: "AssertionFailure",
        message: "assertion failed: S-1",
        check: "S-1",
        data: { value: 7 },
      });
    }
  });
});

it("a value that cannot be is named when it is", () => {
  expect(() => never({ kind: "new" } as never)).toThrow('unexpected value {"kind":"new"}');
});

function caught(act: () => void): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}
