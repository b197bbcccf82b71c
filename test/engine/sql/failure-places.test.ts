/** Where a query says that an error of evaluation comes from. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { SelectPlan } from "../../../src/engine/sql/plan.ts";
import { sampleObjects, TestCatalog } from "./catalog.ts";

beforeAll(loadPgParser);

const failures = (sql: string) => (new TestCatalog(...sampleObjects).plan(sql) as SelectPlan).places?.failures;

describe("the place of an error of evaluation", () => {
  it.each<readonly [string, Record<string, number>]>([
    ["SELECT 1", {}],
    ["SELECT 1/0", { "22012": 9 }],
    ["SELECT 4/2, 1/0", { "22012": 14 }],
    ["SELECT 1 + 9007199254740991", { "22003": 10 }],
    ["SELECT 2 * (1 / 0)", { "22012": 15 }],
    ["SELECT a / 2 FROM t", { "22012": 10 }],
    ["SELECT a FROM t WHERE a % a = 1", { "22012": 25 }],
    ["SELECT sum(a) FROM s", { "22003": 8 }],
    ["SELECT a FROM t GROUP BY a HAVING sum(a / 2) > 1", { "22012": 41, "22003": 35 }],
    ["SELECT a / 2 FROM t GROUP BY a / 2", {}],
    ["SELECT id FROM mz_frontiers, mz_objects WHERE id = object_id AND upper / 2 > 0", { "22012": 72 }],
  ])("%s", (sql, expected) => {
    expect(failures(sql)).toEqual(expected);
  });

  it("is not told where it may be one of two, or of something that the query reads", () => {
    expect(failures("SELECT a / 2, a / 3 FROM t")).toEqual({});
    expect(failures("SELECT n / 2 FROM v")).toEqual({});
    expect(failures("SELECT x / 2 FROM m")).toEqual({});
    expect(failures("SELECT a / 2, a + 3 FROM t")).toEqual({ "22012": 10, "22003": 17 });
  });
});
