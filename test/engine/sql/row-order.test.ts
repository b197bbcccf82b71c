/** Order and limit of answers. */
import { describe, expect, it } from "vitest";
import { orderRows } from "../../../src/engine/sql/row-order.ts";

const rows = [
  [[2, "b"], 1],
  [[null, "c"], 2],
  [[1, "b"], 1],
  [[2, "a"], 1],
] as const;

describe("the rows of an answer", () => {
  it("are ordered with NULL as the largest", () => {
    expect(orderRows(rows, [{ column: 0, isDescending: false }], undefined)).toEqual([
      [1, "b"],
      [2, "a"],
      [2, "b"],
      [null, "c"],
      [null, "c"],
    ]);
    expect(orderRows(rows, [{ column: 0, isDescending: true }], 3)).toEqual([
      [null, "c"],
      [null, "c"],
      [2, "a"],
    ]);
  });

  it("are the same whatever order they came in", () => {
    const order = [{ column: 1, isDescending: true }];
    expect(orderRows(rows.toReversed(), order, 4)).toEqual(orderRows(rows, order, 4));
    expect(orderRows(rows, [], 1)).toEqual([[1, "b"]]);
    expect(orderRows(rows, [], 0)).toEqual([]);
  });
});
