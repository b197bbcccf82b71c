import { describe, expect, it } from "vitest";
import { alignRows, left, right } from "../../../src/report/text/columns.ts";
import { paintOf } from "../../../src/report/text/paint.ts";

describe("rows of cells", () => {
  it("are aligned, numbers at the right", () => {
    expect(
      alignRows([
        [left("a"), right("1"), left("x")],
        [left("long"), right("1,000"), left("")],
      ]),
    ).toEqual(["a         1  x", "long  1,000"]);
  });

  it("are as wide in colour as without", () => {
    const { bad } = paintOf(true);
    const [row] = alignRows([
      [left("a", bad), left("b")],
      [left("long"), left("c")],
    ]);
    expect(row).toBe("\u001b[31ma\u001b[39m     b");
  });

  it("may have different numbers of cells", () => {
    expect(alignRows([[left("a")], [left("b"), left("c")]])).toEqual(["a", "b  c"]);
  });
});
