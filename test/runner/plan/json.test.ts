import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeText, problemText, shownText, valueProblem } from "../../../src/runner/plan/json.ts";

describe("values of a plan", () => {
  it("may be any JSON within bounds", () => {
    expect(valueProblem({ a: [null, true, -1.5, "x", {}], b: Object.create(null) })).toBeUndefined();
    expect(valueProblem("x".repeat(10_000))).toBeUndefined();
  });

  it.each<[unknown, string]>([
    [{ a: [1, Number.NaN] }, "$.a[1] is NaN; allowed: finite numbers"],
    [{ a: undefined }, "$.a is missing; allowed: JSON values"],
    [[() => 1], "$[0] is a function; allowed: JSON values"],
    [{ "a b": new Date(0) }, '$["a b"] is an object; allowed: JSON values'],
    [JSON.parse('{"x": {"__proto__": 1}}'), '$.x is an object; allowed: objects without the key "__proto__"'],
    [{ ["k".repeat(10_001)]: 1 }, "$ is an object; allowed: objects with keys of up to 10000 characters"],
  ])("are refused with place, value and what is allowed: %#", (value, message) => {
    const problem = valueProblem(value)!;
    expect(problemText("$", problem)).toBe(message);
  });

  it("may be nested 32 levels deep and no more", () => {
    const nested = (depth: number): unknown => JSON.parse("[".repeat(depth) + "]".repeat(depth));
    expect(valueProblem(nested(32))).toBeUndefined();
    expect(valueProblem(nested(33))?.allowed).toBe("values nested up to 32 levels deep");
    expect(valueProblem(nested(5_000))?.path).toHaveLength(32);
  });
});

describe("text from outside", () => {
  it("is shown on one short line without control characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 200 }), (text) => {
        const shown = shownText(text);
        expect(hasControls(shown)).toBe(false);
        expect(shown.length).toBeLessThanOrEqual(61 * 6);
        expect(hasControls(placeText("plan", [text, 3, text]))).toBe(false);
      }),
    );
  });

  it("is shown as it is where it is harmless", () => {
    expect(shownText("net.partition")).toBe("net.partition");
    expect(shownText("\u001b[2J")).toBe("\\u001b[2J");
    expect(placeText("", ["plan", "items", 3, "params", "to host"])).toBe('plan.items[3].params["to host"]');
  });
});

function hasControls(text: string): boolean {
  const isControl = (character: string): boolean =>
    character < " " || (character >= "\u007f" && character <= "\u009f") || "\u2028\u2029".includes(character);
  return Array.from(text).some(isControl);
}
