/** How far statements of clients are read, and what canonical texts say of views and tables. */
import { describe, expect, it } from "vitest";
import { columnTypes, inputNames, readStatement } from "../../../src/invariants/state/statement.ts";

describe("readStatement", () => {
  it.each([
    ["create table T (n int)", { kind: "create", name: "t" }],
    ['CREATE /* why */ SOURCE "My ""Source""" -- so\n (n int)', { kind: "create", name: 'My "Source"' }],
    ["CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1", { kind: "create", name: "v" }],
    ["CREATE INDEX i ON t (n)", { kind: "other" }],
    ["DROP MATERIALIZED VIEW IF EXISTS v", { kind: "drop", name: "v", isCascade: false }],
    ["drop sink s cascade;", { kind: "drop", name: "s", isCascade: true }],
    ["DROP CLUSTER c CASCADE", { kind: "drop", name: "", isCascade: true }],
    ["DROP CLUSTER c", { kind: "other" }],
    ["DROP CLUSTER REPLICA c.r1", { kind: "other" }],
    ["SELECT 'as of' FROM t", { kind: "select", hasTime: false }],
    ["SELECT * FROM t AS OF 7", { kind: "select", hasTime: true }],
    ["SHOW TABLES", { kind: "other" }],
    ["", { kind: "other" }],
  ])("reads %s", (sql, statement) => {
    expect(readStatement(sql)).toEqual(statement);
  });

  it.each([
    [
      "INSERT INTO t VALUES (1, 'a''b', NULL), (-2, '', TRUE) ;",
      [
        [1, "a'b", null],
        [-2, "", true],
      ],
    ],
    ["INSERT INTO t VALUES (1 + 1)", null],
    ["INSERT INTO t VALUES (1), (f(2))", null],
    ["INSERT INTO t (n) VALUES (1)", null],
    ["INSERT INTO t VALUES (1) RETURNING n", null],
    ["INSERT INTO t VALUES (1.5)", null],
    ["INSERT INTO t VALUES ('a' || 'b')", null],
  ])("reads the rows of %s", (sql, rows) => {
    expect(readStatement(sql)).toEqual({ kind: "insert", table: "t", rows });
  });
});

describe("canonical texts", () => {
  it.each([
    ['CREATE VIEW "v" AS SELECT 1 AS "n"', []],
    ['CREATE VIEW "v" AS VALUES (1, \'from "x"\')', []],
    ['CREATE VIEW "v" AS SELECT "from" FROM "a" WHERE ("b" = 1)', ["a"]],
    ['CREATE VIEW "v" AS SELECT * FROM "a" AS "x", "b", "c" AS "y"', ["a", "b", "c"]],
    ['CREATE VIEW "v" AS SELECT * FROM "a" JOIN "b" AS "x" ON ("n" = "m") GROUP BY "n", "m"', ["a", "b"]],
  ])("name what %s reads", (sql, names) => {
    expect(inputNames(sql)).toEqual(names);
  });

  it("name the types of a table's columns", () => {
    expect(columnTypes('CREATE TABLE "t" ("a" int, "text" bool, "c" text)')).toEqual(["int", "bool", "text"]);
  });
});
