/** `mz_panic`: an error like others where nobody dies of it, and a function of its own name and type. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { CreatePlan, SelectPlan } from "../../../src/engine/sql/plan.ts";
import { evaluatePlan } from "../../../src/engine/dataflow/evaluate-plan.ts";
import { batchEvaluate } from "../../../src/invariants/oracle/batch-evaluate.ts";
import { failure, TestCatalog } from "./catalog.ts";

beforeAll(loadPgParser);

const catalog = (): TestCatalog => new TestCatalog("CREATE TABLE t (a int, b text)");
const contents = [
  [[1, "x"], 1],
  [[2, null], 2],
] as const;

/** What the engine makes of a query over `t`, and what the oracle makes of it. */
function both(sql: string): readonly unknown[] {
  const { plan } = catalog().plan(sql) as SelectPlan;
  const engine = evaluatePlan(plan, new Map([["u1", contents]]));
  const oracle = batchEvaluate(sql, new Map([["t", { columns: ["a", "b"], rows: contents, errors: [] }]]), new Map());
  return [
    engine.ok ? engine.rows : engine.errors.map((error) => "code" in error && `${error.code} ${error.message}`)[0],
    oracle.ok ? oracle.rows : `${oracle.error.code} ${oracle.error.message}`,
  ];
}

describe("mz_panic", () => {
  it("takes one text and is named after itself, also in what is stored", () => {
    expect((catalog().plan("SELECT mz_panic(b) FROM t") as SelectPlan).columns).toEqual([
      { name: "mz_panic", type: "text" },
    ]);
    expect(failure(() => catalog().plan("SELECT mz_panic(a) FROM t"))).toMatchObject({ code: "42883", position: 8 });
    expect(failure(() => catalog().plan("SELECT mz_panic(b, b) FROM t"))).toMatchObject({ code: "42883" });
    const view = catalog().plan("CREATE VIEW v AS SELECT mz_panic(b || '') AS c FROM t") as CreatePlan;
    expect(catalog().plan(view.sql)).toEqual(view);
  });

  it("has a value where its argument has none, and decides nothing that is decided without it", () => {
    const none = [[[null], 2]];
    expect(both("SELECT mz_panic(b) FROM t WHERE a = 2")).toEqual([none, none]);
    const some = [[[1], 1]];
    const sql = "SELECT a FROM t WHERE a = 1 AND (a = 1 OR mz_panic(b) = 'y')";
    expect(both(sql)).toEqual([some, some]);
  });

  it("is an error for the engine and for the oracle elsewhere, in aggregates as well", () => {
    for (const sql of ["SELECT mz_panic(b) FROM t", "SELECT count(mz_panic(b)), sum(a) FROM t"]) {
      expect(both(sql)).toEqual(["XX000 mz_panic: x", "XX000 mz_panic: x"]);
    }
  });
});
