/** Planning: what plans look like, and how names and types are checked. */
import { beforeAll, beforeEach, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import type { SelectPlan } from "../../../src/engine/sql/plan.ts";
import { readsOf } from "../../../src/engine/sql/plan-reads.ts";
import { systemRelations } from "../../../src/engine/sql/system-relations.ts";
import { failure, sampleObjects, TestCatalog } from "./catalog.ts";

beforeAll(loadPgParser);

let catalog: TestCatalog;
beforeEach(() => {
  catalog = new TestCatalog(...sampleObjects);
});

const select = (sql: string) => catalog.plan(sql) as SelectPlan;
const column = (index: number) => ({ kind: "column", index });
const literal = (value: unknown) => ({ kind: "literal", value });
const call = (fn: string, ...args: readonly unknown[]) => ({ kind: "call", fn, args });
const get = (id: string) => ({ kind: "get", id });

describe("plans of queries", () => {
  it("views are expanded, what has contents of its own is read", () => {
    const { plan, columns } = select("SELECT * FROM v");
    expect(plan).toEqual({
      kind: "map",
      input: {
        kind: "reduce",
        input: { kind: "filter", input: get("u2"), predicate: call("not", call("is-null", column(1))) },
        key: [column(0)],
        aggregates: [{ fn: "count" }],
      },
      scalars: [column(0), column(1)],
    });
    expect(columns).toEqual([
      { name: "a", type: "int" },
      { name: "n", type: "int" },
    ]);
    expect(readsOf(select("SELECT * FROM m JOIN v ON x = n").plan)).toEqual(["u2", "u5"]);
  });

  it("equalities of columns of both sides are the keys of a join, all else filters its pairs", () => {
    expect(select("SELECT b FROM s, t WHERE c AND t.a = s.a AND s.a > 3").plan).toEqual({
      kind: "map",
      input: {
        kind: "filter",
        input: { kind: "join", left: get("u2"), right: get("u3"), leftKey: [0], rightKey: [0] },
        predicate: call("and", column(3), call(">", column(0), literal(3))),
      },
      scalars: [column(1)],
    });
  });

  it("USING has its column once and first, a star of one relation has all of its own", () => {
    expect(select("SELECT * FROM s JOIN t USING (a)").columns.map(({ name }) => name)).toEqual(["a", "b", "c"]);
    expect(select("SELECT t.*, b FROM s JOIN t USING (a)").columns.map(({ name }) => name)).toEqual(["a", "c", "b"]);
  });

  it("groups compute keys, then each aggregate once", () => {
    const { plan } = select("SELECT sum(a) + sum(a), b || '!' FROM s GROUP BY b HAVING count(*) > 2");
    expect(plan).toEqual({
      kind: "map",
      input: {
        kind: "filter",
        input: {
          kind: "reduce",
          input: get("u2"),
          key: [column(1)],
          aggregates: [{ fn: "sum", argument: column(0) }, { fn: "count" }],
        },
        predicate: call(">", column(2), literal(2)),
      },
      scalars: [call("+", column(1), column(1)), call("||", column(0), literal("!"))],
    });
  });

  it("GROUP BY takes numbers, aliases and expressions of the SELECT list", () => {
    const key = [call("+", column(0), literal(1))];
    for (const by of ["1", "k", "a + 1"])
      expect(select(`SELECT a + 1 AS k, count(*) FROM s GROUP BY ${by}`).plan).toMatchObject({ input: { key } });
  });

  it("DISTINCT is a reduction without aggregates", () => {
    expect(select("SELECT DISTINCT a FROM s").plan).toEqual({
      kind: "reduce",
      input: { kind: "map", input: get("u2"), scalars: [column(0)] },
      key: [column(0)],
      aggregates: [],
    });
  });

  it("order, limit and time are beside the plan", () => {
    const plan = select("SELECT b, a AS x FROM s ORDER BY x DESC, 1 LIMIT 3 AS OF 12");
    expect(plan).toMatchObject({ limit: 3, asOf: 12 });
    expect(plan.orderBy).toEqual([
      { column: 1, isDescending: true },
      { column: 0, isDescending: false },
    ]);
    expect(select("SELECT a + 1 FROM s ORDER BY a + 1").orderBy).toEqual([{ column: 0, isDescending: false }]);
  });

  it("SELECT without FROM and VALUES are constants", () => {
    expect(select("SELECT 1 + 1").plan).toMatchObject({ input: { kind: "constant", rows: [[]], width: 0 } });
    expect(select("VALUES (1 + 1, NULL), (3, 'x') ORDER BY 2")).toMatchObject({
      plan: {
        kind: "constant",
        rows: [
          [2, null],
          [3, "x"],
        ],
        width: 2,
      },
      columns: [
        { name: "column1", type: "int" },
        { name: "column2", type: "text" },
      ],
      orderBy: [{ column: 1, isDescending: false }],
    });
  });

  it("SHOW reads the system catalog, SHOW CREATE answers the stored statement", () => {
    expect(select("SHOW SOURCES")).toMatchObject({
      plan: { input: get("s3") },
      columns: [{ name: "name" }, { name: "type" }],
      orderBy: [{ column: 0, isDescending: false }],
    });
    for (const kind of ["OBJECTS", "CONNECTIONS", "TABLES", "VIEWS", "MATERIALIZED VIEWS", "SINKS"])
      expect(select(`SHOW ${kind}`).columns[0]).toEqual({ name: "name", type: "text" });
    expect(select("SHOW CREATE TABLE t").plan).toEqual({
      kind: "constant",
      rows: [["t", 'CREATE TABLE "t" ("a" int, "c" bool)']],
      width: 2,
    });
  });

  it("system relations are read by their ids, which are all different", () => {
    expect(select("SELECT * FROM mz_frontiers").plan).toEqual(get("s13"));
    const ids = systemRelations.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.every((id) => /^s\d+$/.test(id))).toBe(true);
  });
});

describe("plans of other statements", () => {
  it("sources know their brokers, sinks their key", () => {
    expect(
      catalog.plan("CREATE SOURCE q (key text, n int) FROM KAFKA CONNECTION k (TOPIC 'x') FORMAT JSON ENVELOPE UPSERT"),
    ).toMatchObject({
      connection: "u1",
      brokers: ["a:1", "b:2"],
      topic: "x",
      topicId: undefined,
      envelope: "upsert",
      dependsOn: ["u1"],
    });
    expect(
      catalog.plan("CREATE SINK q FROM t INTO KAFKA CONNECTION k (TOPIC 'x') KEY (c, a) ENVELOPE DEBEZIUM"),
    ).toMatchObject({ from: "u3", key: [1, 0], partitions: 1, envelope: "debezium", dependsOn: ["u1", "u3"] });
  });

  it("what a view names it depends on, views included, system relations not", () => {
    expect(catalog.plan("CREATE VIEW q AS SELECT v.a FROM v JOIN t ON v.a = t.a")).toMatchObject({
      dependsOn: ["u3", "u4"],
    });
    expect(catalog.plan("CREATE VIEW q AS SELECT count(*) FROM mz_sinks")).toMatchObject({ dependsOn: [] });
  });

  it("INSERT computes its rows and puts them in the table's order", () => {
    expect(catalog.plan("INSERT INTO t (c, a) VALUES (1 = 1, 2 * 3), (NULL, -1)")).toEqual({
      kind: "insert",
      table: "u3",
      rows: [
        [6, true],
        [-1, null],
      ],
    });
    expect(catalog.plan("INSERT INTO t VALUES (1)")).toMatchObject({ rows: [[1, null]] });
  });

  it("DROP names one object, or nothing when it may be missing", () => {
    expect(catalog.plan("DROP MATERIALIZED VIEW m CASCADE")).toEqual({
      kind: "drop",
      ids: ["u5"],
      what: "materialized-view",
      isCascade: true,
    });
    expect(catalog.plan("DROP TABLE IF EXISTS nope")).toEqual({
      kind: "nothing",
      notice: 'table "nope" does not exist, skipping',
    });
  });
});

describe("what planning refuses", () => {
  it.each([
    ["SELECT * FROM tt", "42P01", 15, 'Did you mean "t"?'],
    ["SELECT * FROM mz_sorces", "42P01", 15, 'Did you mean "mz_sources"?'],
    ["SELECT * FROM k", "42809", 15, undefined],
    ["SELECT cc FROM t", "42703", 8, 'Did you mean "c"?'],
    ["SELECT s.a FROM t", "42P01", 8, 'There is only "t".'],
    ["SELECT tt.a FROM t", "42P01", 8, 'Did you mean "t"?'],
    ["SELECT a FROM s, t WHERE s.a = t.a", "42702", 8, "Write the relation before it."],
    ["SELECT 1 FROM t, t WHERE a = a", "42712", 18, "Give one of them an alias."],
    ["SELECT 1 FROM s JOIN t USING (c)", "42703", 22, undefined],
    ["SELECT 1 FROM s JOIN t ON s.a + 0 = t.a", "0A000", 22, undefined],
    ["SELECT 1 FROM s, t WHERE b = b", "0A000", 18, undefined],
    ["SELECT 1 FROM s JOIN t ON b = c", "42883", 29, undefined],
    ["SELECT a + b FROM s", "42883", 10, undefined],
    ["SELECT a || 'x' FROM s", "42883", 10, undefined],
    ["SELECT - b FROM s", "42883", 8, undefined],
    ["SELECT NOT a FROM s", "42804", 12, undefined],
    ["SELECT coalesce(a, b) FROM s", "42804", 8, undefined],
    ["SELECT sum(b) FROM s", "42883", 8, undefined],
    ["SELECT a FROM s WHERE a", "42804", 23, undefined],
    ["SELECT a FROM s WHERE count(*) > 1", "42803", 23, undefined],
    ["SELECT sum(count(*)) FROM s", "42803", 12, undefined],
    ["SELECT a FROM s GROUP BY b", "42803", 8, undefined],
    ["SELECT a FROM s HAVING true", "42803", 8, undefined],
    ["SELECT * FROM s GROUP BY a", "42803", 8, undefined],
    ["SELECT a FROM s GROUP BY 2", "42P10", 26, undefined],
    ["SELECT a FROM s ORDER BY 2", "42P10", 26, undefined],
    ["SELECT a FROM s ORDER BY b", "0A000", 26, "Add the expression to the SELECT list."],
    ["SELECT a AS x, b AS x FROM s ORDER BY x", "42702", 39, undefined],
    ["SELECT *", "42601", 8, undefined],
    ["SELECT nope", "42703", 8, undefined],
    ["VALUES (a)", "42703", 9, "A text stands in single quotes."],
    ["VALUES (1), ('x')", "42804", 14, undefined],
    ["INSERT INTO t VALUES (1), (NULL), ('x')", "42804", 36, "A value of type int stands without quotes."],
    ["SELECT 1 FROM s JOIN t USING (a, a)", "42701", 22, undefined],
    ["SELECT id FROM mz_objects JOIN s ON id = b", "0A000", 32, "Read them one after the other."],
    ["SELECT b FROM s JOIN mz_objects ON id = b", "0A000", 22, "Read them one after the other."],
    ["SELECT id FROM mz_objects AS OF 3", "0A000", 27, "They are as they are now."],
    ["VALUES (1 / 0)", "22012", 11, undefined],
    ["INSERT INTO t VALUES (9007199254740991 + 1)", "22003", 40, undefined],
    ["INSERT INTO s VALUES (1)", "42809", 13, undefined],
    ["INSERT INTO t VALUES ('x')", "42804", 23, undefined],
    ["INSERT INTO t VALUES (1, true, 3)", "42601", 32, undefined],
    ["INSERT INTO t (a, c) VALUES (1)", "42601", 19, undefined],
    ["INSERT INTO t (a, a) VALUES (1, 2)", "42701", 19, undefined],
    ["INSERT INTO t (b) VALUES (1)", "42703", 16, 'Columns are "a", "c".'],
    ["INSERT INTO t (cc) VALUES (1)", "42703", 16, 'Did you mean "c"?'],
    ["CREATE TABLE t (a int)", "42P07", 14, undefined],
    ["CREATE VIEW k AS SELECT 1", "42P07", 13, undefined],
    ["CREATE CONNECTION t TO KAFKA (BROKER 'a:1')", "42710", 19, undefined],
    ["CREATE TABLE mz_x (a int)", "42939", 14, undefined],
    ["CREATE TABLE q (a int, a text)", "42701", 24, "Give one of them another name."],
    ["CREATE VIEW q AS SELECT 1, 2", "42701", 28, "Give one of them another name."],
    ["CREATE VIEW q (a, b) AS SELECT 1", "42601", 13, undefined],
    ["CREATE MATERIALIZED VIEW q AS SELECT id FROM mz_sources", "0A000", 46, "Make a view."],
    ["CREATE SOURCE q (a int) FROM KAFKA CONNECTION kk (TOPIC 'x') FORMAT JSON", "42704", 47, 'Did you mean "k"?'],
    ["CREATE SOURCE q (a int) FROM KAFKA CONNECTION t (TOPIC 'x') FORMAT JSON", "42809", 47, undefined],
    ["CREATE SOURCE q (a int) FROM KAFKA CONNECTION k (TOPIC 'x', TOPIC ID 'y') FORMAT JSON", "42601", 70, undefined],
    [
      "CREATE SOURCE q (a int) FROM KAFKA CONNECTION k (TOPIC 'x') FORMAT JSON ENVELOPE UPSERT",
      "42P10",
      18,
      "Begin the columns with: key text.",
    ],
    [
      "CREATE SINK q FROM v INTO KAFKA CONNECTION k (TOPIC 'x') ENVELOPE DEBEZIUM",
      "42809",
      20,
      "Make a materialized view of it first.",
    ],
    [
      "CREATE SINK q FROM t INTO KAFKA CONNECTION k (TOPIC 'x') KEY (b) ENVELOPE UPSERT",
      "42703",
      63,
      'Columns are "a", "c".',
    ],
    [
      "CREATE SINK q FROM t INTO KAFKA CONNECTION k (TOPIC 'x') KEY (a, a) ENVELOPE UPSERT",
      "42701",
      66,
      "Give one of them another name.",
    ],
    ["DROP VIEW t", "42809", 11, undefined],
    ["DROP VIEW IF EXISTS t", "42809", 21, undefined],
    ["DROP SINK nope", "42704", 11, undefined],
    ["DROP TABLE mz_sinks", "42809", 12, undefined],
    ["SHOW CREATE VIEW m", "42809", 18, undefined],
  ] as const)("%s", (sql, code, position, hint) => {
    const error = failure(() => catalog.plan(sql));
    expect(error).toMatchObject(hint === undefined ? { code, position } : { code, position, hint });
  });

  it("with the nearest name of what could stand there", () => {
    const names = new TestCatalog(
      "CREATE CONNECTION orders_kafka TO KAFKA (BROKER 'a:1')",
      "CREATE TABLE names (a int)",
    );
    expect(failure(() => names.plan("SHOW CREATE CONNECTION order_kafka"))).toMatchObject({
      hint: 'Did you mean "orders_kafka"?',
    });
    expect(failure(() => names.plan("DROP SINK order_kafka"))).not.toHaveProperty("hint");
    expect(failure(() => names.plan("SELECT * FROM order_kafka"))).not.toHaveProperty("hint");
  });

  it("an error travels as a plain object without what it does not say", () => {
    const error = caught(() => catalog.plan("SELECT nope FROM t"));
    expect(error.toInfo()).toEqual({
      code: "42703",
      message: 'column "nope" does not exist',
      hint: 'Columns are "a", "c".',
      position: 8,
    });
  });
});

function caught(step: () => unknown): { toInfo(): unknown } {
  try {
    step();
  } catch (error) {
    return error as { toInfo(): unknown };
  }
  throw new Error("nothing failed");
}
