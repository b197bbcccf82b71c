/** The oracle of queries, and the planner held against it: two readings of SQL that share no code. */
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { Row } from "../../../src/engine/collection.ts";
import { evaluatePlan } from "../../../src/engine/dataflow/evaluate-plan.ts";
import type { EvaluationError } from "../../../src/engine/sql/evaluate.ts";
import { orderRows } from "../../../src/engine/sql/row-order.ts";
import { batchEvaluate, sameRows, type BatchOutcome } from "../../../src/invariants/oracle/batch-evaluate.ts";
import type { Relation } from "../../../src/invariants/oracle/relation.ts";
import { TestCatalog } from "../../engine/sql/catalog.ts";
import { naivePlan } from "../../engine/sql/naive-plan.ts";
import { contents, queries, tables, type RandomQuery } from "../../engine/sql/random-query.ts";

beforeAll(loadPgParser);

type Counted = readonly (readonly [Row, number])[];

function relations(data: { readonly t: Counted; readonly u: Counted }): ReadonlyMap<string, Relation> {
  return new Map([
    ["t", { columns: ["a", "b", "c", "d"], rows: data.t, errors: [] }],
    ["u", { columns: ["a", "e", "f"], rows: data.u, errors: [] }],
  ]);
}

const small = relations({
  t: [
    [[1, 10, "x", true], 2],
    [[2, 0, "y", false], 1],
    [[null, 5, null, null], 1],
  ],
  u: [
    [[1, 7, "p"], 1],
    [[1, 8, "q"], 3],
    [[null, 9, "r"], 1],
  ],
});

function answer(sql: string, views: Readonly<Record<string, string>> = {}): unknown {
  const outcome = batchEvaluate(sql, small, new Map(Object.entries(views)));
  return outcome.ok ? outcome.rows : outcome.error.code;
}

describe("the oracle", () => {
  it.each<[string, unknown]>([
    ["SELECT a, c FROM t WHERE d", [[[1, "x"], 2]]],
    ["SELECT 1 AS one, NULL", [[[1, null], 1]]],
    [
      "VALUES (1, 'a'), (2, NULL), (1, 'a')",
      [
        [[1, "a"], 1],
        [[2, null], 1],
        [[1, "a"], 1],
      ],
    ],
    ["SELECT count(*), sum(a), count(a) FROM t", [[[4, 4, 3], 1]]],
    ["SELECT count(*), sum(a) FROM t WHERE a > 7", [[[0, null], 1]]],
    [
      "SELECT a IS NULL, sum(b) FROM t GROUP BY 1 ORDER BY 1",
      [
        [[false, 20], 1],
        [[true, 5], 1],
      ],
    ],
    ["SELECT a AS k, count(*) AS n FROM t GROUP BY k HAVING count(*) > 1", [[[1, 2], 1]]],
    [
      "SELECT DISTINCT a FROM u ORDER BY a DESC",
      [
        [[null], 1],
        [[1], 1],
      ],
    ],
    ["SELECT f, b FROM t JOIN u USING (a) ORDER BY f DESC LIMIT 3", [[["q", 10], 3]]],
    ["SELECT t.a FROM t, u WHERE t.a = u.a AND 10 / (e - 7) > 0", "22012"],
    ["SELECT t.a FROM t, u WHERE t.a = u.a AND e <> 7 AND 10 / (e - 7) > 0", [[[1], 6]]],
    ["SELECT * FROM t JOIN u USING (a) WHERE e = 7", [[[1, 10, "x", true, 7, "p"], 2]]],
    ["SELECT u.*, c FROM t JOIN u ON t.a = u.a WHERE e = 7", [[[1, 7, "p", "x"], 2]]],
    ["SELECT a / b FROM t", "22012"],
    ["SELECT -7 / 2, -7 % 2, 'a' || 'b', coalesce(NULL, 3)", [[[-3, -1, "ab", 3], 1]]],
    ["SELECT 9007199254740991 + 1", "22003"],
    ["SELECT sum(b * 9007199254740991 / 10) FROM t WHERE a = 1", "22003"],
    ["SELECT false AND 1 / 0 = 1, true OR 1 / 0 = 1, coalesce(1, 1 / 0)", [[[false, true, 1], 1]]],
    ["SELECT NULL AND 1 / 0 = 1", "22012"],
    ["SELECT a FROM t ORDER BY b LIMIT 1 AS OF 12", [[[2], 1]]],
  ])("%s", (sql, expected) => {
    expect(answer(sql)).toEqual(expected);
  });

  it("expands views by name, with the names of their columns, and views over views", () => {
    const views = {
      v: "CREATE VIEW v (k, n) AS SELECT a, count(*) FROM t GROUP BY a",
      w: "CREATE MATERIALIZED VIEW w (total) AS SELECT sum(n) FROM v WHERE k IS NOT NULL",
      bare: "SELECT k FROM v WHERE n = 2",
    };
    expect(answer("SELECT * FROM w", views)).toEqual([[[3], 1]]);
    expect(answer("SELECT total, k FROM w JOIN v ON total = n", views)).toEqual([]);
    expect(answer("SELECT * FROM bare", views)).toEqual([[[1], 1]]);
  });

  it("fails when an input holds an error, also one that no row would meet", () => {
    const failure = { code: "22P02", message: 'column "a"' };
    const broken = new Map([...small, ["u", { ...small.get("u")!, errors: [failure] }]]);
    expect(batchEvaluate("SELECT 1 FROM u WHERE false", broken)).toEqual({ ok: false, error: failure });
    expect(batchEvaluate("SELECT count(*) FROM t", broken).ok).toBe(true);
    const views = new Map([["v", "SELECT b / b AS q, a FROM t"]]);
    expect(batchEvaluate("SELECT a FROM v WHERE a = 1", small, views)).toMatchObject({ error: { code: "22012" } });
  });

  it.each([
    "SELECT a FROM nowhere",
    "SELECT max(a) FROM t",
    "SELECT a FROM t LEFT JOIN u USING (a)",
    "SELECT count(DISTINCT a) FROM t",
    "SELECT a FROM t UNION SELECT a FROM u",
    "SELECT a FROM t OFFSET 1",
    "DELETE FROM t",
    "SELECT a FROM t WHERE a IN (1)",
  ])("refuses to judge what it does not know: %s", (sql) => {
    expect(() => answer(sql)).toThrow(expect.objectContaining({ name: "UnknownSyntax" }));
  });

  it("tells multisets apart by counts, not by order", () => {
    expect(
      sameRows(
        [
          [[1], 2],
          [[2], 1],
        ],
        [
          [[2], 1],
          [[1], 1],
          [[1], 1],
        ],
      ),
    ).toBe(true);
    expect(sameRows([[[1], 2]], [[[1], 1]])).toBe(false);
    expect(sameRows([[["1"], 1]], [[[1], 1]])).toBe(false);
  });
});

interface Tried {
  readonly catalog: TestCatalog;
  readonly byId: ReadonlyMap<string, Counted>;
  readonly oracle: BatchOutcome;
}

function tried({ views, sql }: RandomQuery, data: { readonly t: Counted; readonly u: Counted }): Tried {
  const catalog = new TestCatalog(...tables, ...views);
  const byId = new Map([
    [catalog.resolve("t")!.id, data.t],
    [catalog.resolve("u")!.id, data.u],
  ]);
  const definitions = new Map(["v", "w"].map((name) => [name, catalog.resolve(name)!.sql!]));
  return { catalog, byId, oracle: batchEvaluate(sql, relations(data), definitions) };
}

describe("planner and oracle", () => {
  it("agree on every query: the same rows, or both an error", () => {
    const seen = { rows: 0, errors: 0, empty: 0 };
    fc.assert(
      fc.property(queries, contents, (query, data) => {
        const { catalog, byId, oracle } = tried(query, data);
        const plan = catalog.plan(query.sql);
        if (plan.kind !== "select") throw new Error("not a query");
        const errors: EvaluationError[] = [];
        const rows = orderRows(naivePlan(plan.plan, byId, errors), plan.orderBy, plan.limit);
        expect(oracle.ok).toBe(errors.length === 0);
        if (!oracle.ok) {
          seen.errors++;
          return;
        }
        if (rows.length === 0) seen.empty++;
        else seen.rows++;
        expect(oracle.columns).toEqual(plan.columns.map(({ name }) => name));
        expect(rows).toEqual(oracle.rows.flatMap(([row, count]) => new Array<Row>(count).fill(row)));
      }),
      { numRuns: 400, seed: 3 },
    );
    expect(Math.min(seen.rows, seen.errors, seen.empty)).toBeGreaterThan(10);
  });

  it("agree when the engine's own operators evaluate the plan", () => {
    fc.assert(
      fc.property(queries, contents, (query, data) => {
        const { catalog, byId, oracle } = tried(query, data);
        const plan = catalog.plan(query.sql);
        if (plan.kind !== "select") throw new Error("not a query");
        const outcome = evaluatePlan(plan.plan, byId);
        expect(outcome.ok).toBe(oracle.ok);
        if (!outcome.ok || !oracle.ok) return;
        const rows = orderRows(outcome.rows, plan.orderBy, plan.limit);
        expect(rows).toEqual(oracle.rows.flatMap(([row, count]) => new Array<Row>(count).fill(row)));
      }),
      { numRuns: 100, seed: 4 },
    );
  });
});
