import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupFailures } from "../../../src/runner/finding/failure-groups.ts";
import type { RunRecord } from "../../../src/runner/run/record.ts";
import { judged, op, plan } from "../../support/judged-plan.ts";

function failed(seed: string, signature: string | null, items: number, scenario = "s"): RunRecord {
  const of = plan(Array.from({ length: items }, (_, index) => op(index, "put")));
  return judged({ ...of, seed, scenario }, () => signature);
}

describe("grouping failures", () => {
  it("makes one group of each signature in each scenario, in the order of their first seeds", () => {
    const groups = groupFailures([
      failed("1", "B", 3),
      failed("2", "A", 3),
      failed("3", "B", 3),
      failed("1", "B", 3, "t"),
    ]);
    expect(groups.map(({ scenario, signature, seeds }) => [scenario, signature, seeds])).toEqual([
      ["s", "B", ["1", "3"]],
      ["s", "A", ["2"]],
      ["t", "B", ["1"]],
    ]);
  });

  it("represents a group by its plan with the fewest items, of equals by the first", () => {
    const [group] = groupFailures([failed("1", "A", 9), failed("2", "A", 4), failed("3", "A", 4), failed("4", "A", 7)]);
    expect(group?.record.plan.seed).toBe("2");
  });

  it("leaves out runs that passed", () => {
    expect(groupFailures([failed("1", null, 2)])).toEqual([]);
  });

  it("names a seed once though it was executed twice", () => {
    expect(groupFailures([failed("1", "A", 2), failed("1", "A", 2)])[0]?.seeds).toEqual(["1"]);
  });

  it("follows the suite's own order where it is given", () => {
    const order = ["9", "1", "5"];
    const records = ["1", "5", "9"].map((seed) => failed(seed, "A", 2));
    const [group] = groupFailures(records, (record) => order.indexOf(record.plan.seed));
    expect(group).toMatchObject({ seeds: order, record: { plan: { seed: "9" } } });
  });

  it("is the same whatever order the runs arrive in", () => {
    const records = Array.from({ length: 12 }, (_, index) =>
      failed(String(10 + index), ["A", "B", null][index % 3]!, (index * 7) % 5, index % 2 === 0 ? "s" : "t"),
    );
    const expected = groupFailures(records);
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(groupFailures(shuffled)).toEqual(expected);
      }),
    );
  });
});
