import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hasControlCharacters } from "../control-characters.ts";
import { clip, columnsOf, joinParts, printable, wrap } from "../../../src/report/text/printable.ts";

describe("printable text", () => {
  it("escapes what could break a line or steer a terminal", () => {
    expect(printable("a\tb\r\n\u001b[31m\u009b1m\u2028")).toBe("a\\tb\\r\\n\\x1b[31m\\x9b1m\\u2028");
    expect(printable("größer → ✔")).toBe("größer → ✔");
  });

  it("is on one line for every text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expect(hasControlCharacters(printable(text))).toBe(false);
      }),
    );
  });

  it("is cut to the columns that there are, colours not counted", () => {
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 40 }), (text, width) => {
        const clean = printable(text);
        const cut = clip(clean, width);
        expect(columnsOf(cut)).toBeLessThanOrEqual(width);
        if (columnsOf(clean) <= width) expect(cut).toBe(clean);
        expect(columnsOf(clip(`\u001b[31m${clean}\u001b[39m`, width))).toBe(columnsOf(cut));
      }),
    );
  });

  it("is wrapped at spaces without losing a word", () => {
    expect(wrap("a broken acknowledgement is lost", 12)).toEqual(["a broken", "acknowledgement", "is lost"]);
    fc.assert(
      fc.property(fc.array(fc.stringMatching(/^[a-z]{1,9}$/), { minLength: 1 }), (words) => {
        const lines = wrap(words.join(" "), 12);
        expect(lines.join(" ")).toBe(words.join(" "));
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(12);
      }),
    );
  });

  it("is joined with separators within lines only", () => {
    expect(joinParts(["one", "two", "three"], " · ", 10)).toEqual(["one · two", "three"]);
    expect(joinParts([], " · ", 10)).toEqual([]);
  });
});
