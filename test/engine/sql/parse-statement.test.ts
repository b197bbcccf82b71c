/** From text to statements: both grammars, what they refuse, and where. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { parseStatement } from "../../../src/engine/sql/parse-statement.ts";
import { failure } from "./catalog.ts";

beforeAll(loadPgParser);

const connector = "FROM KAFKA CONNECTION k (TOPIC 't') FORMAT JSON";

describe("statements of streaming SQL", () => {
  it("connections name one broker or several", () => {
    const one = parseStatement("create connection K to kafka (broker 'h:9092')");
    expect(one).toMatchObject({ kind: "create-connection", name: { text: "k" }, brokers: ["h:9092"] });
    const two = parseStatement("CREATE CONNECTION \"K\" TO KAFKA (BROKERS ('a:1', 'b:2', 'a:1'));");
    expect(two).toMatchObject({ name: { text: "K" }, brokers: ["a:1", "b:2"] });
  });

  it("sources have columns, a topic and an envelope", () => {
    expect(parseStatement(`CREATE SOURCE s (a int, B varchar, c boolean) ${connector}`)).toMatchObject({
      kind: "create-source",
      columns: [
        { name: "a", type: "int" },
        { name: "b", type: "text" },
        { name: "c", type: "bool" },
      ],
      connection: { text: "k" },
      topic: { text: "t", position: 78 },
      topicId: undefined,
      envelope: "none",
    });
    expect(parseStatement(`CREATE SOURCE s (key text) ${connector} ENVELOPE UPSERT`)).toMatchObject({
      envelope: "upsert",
    });
  });

  it("sinks have a key, partitions and an envelope", () => {
    const sink = "CREATE SINK s FROM v INTO KAFKA CONNECTION k";
    expect(
      parseStatement(`${sink} (PARTITION COUNT 4, TOPIC 't') KEY (a, b) FORMAT JSON ENVELOPE UPSERT`),
    ).toMatchObject({ from: { text: "v" }, partitions: 4, key: [{ text: "a" }, { text: "b" }], envelope: "upsert" });
    expect(parseStatement(`${sink} (TOPIC 't') ENVELOPE DEBEZIUM`)).toMatchObject({
      partitions: 1,
      key: [],
      envelope: "debezium",
    });
  });

  it("objects are dropped and shown by kind", () => {
    expect(parseStatement("DROP MATERIALIZED VIEW IF EXISTS v CASCADE")).toMatchObject({
      what: "materialized-view",
      ifExists: true,
      isCascade: true,
    });
    expect(parseStatement("drop table t restrict;")).toMatchObject({
      what: "table",
      ifExists: false,
      isCascade: false,
    });
    expect(parseStatement("SHOW MATERIALIZED VIEWS")).toEqual({ kind: "show", what: "materialized-view" });
    expect(parseStatement("show objects")).toEqual({ kind: "show", what: "object" });
    expect(parseStatement("SHOW CREATE SINK s")).toMatchObject({
      kind: "show-create",
      what: "sink",
      name: { text: "s" },
    });
  });

  it("comments and blanks stand anywhere", () => {
    const sql = "/* a /* b */ c */ CREATE -- x\n CONNECTION k TO KAFKA (BROKER/**/'h:1')--";
    expect(parseStatement(sql)).toMatchObject({ kind: "create-connection", name: { position: 43 } });
  });
});

describe("statements of PostgreSQL", () => {
  it("AS OF ends a SELECT and nothing else", () => {
    expect(parseStatement("SELECT a FROM t LIMIT 2 AS OF 17;")).toMatchObject({
      asOf: { time: 17, position: 25 },
      query: { limit: 2, body: { items: [{ expression: { name: "a" } }] } },
    });
    expect(parseStatement("SELECT 'as of 3'")).toMatchObject({ asOf: undefined });
    expect(failure(() => parseStatement("INSERT INTO t VALUES (1) AS OF 3"))).toMatchObject({
      code: "0A000",
      position: 26,
    });
    expect(failure(() => parseStatement("SELECT 1 AS OF 'x'"))).toMatchObject({ code: "42601", position: 16 });
    expect(failure(() => parseStatement("SELECT 1 AS OF 3 LIMIT 1"))).toMatchObject({ code: "42601", position: 18 });
    expect(parseStatement("SELECT a AS of FROM t AS of WHERE of.a = 1")).toMatchObject({ asOf: undefined });
  });

  it("constants that the parser leaves out are there", () => {
    const { query } = parseStatement("VALUES (0, '', false, null, -3, 9007199254740991)") as never as {
      query: { body: { rows: { value: unknown }[][] } };
    };
    expect(query.body.rows[0]!.map(({ value }) => value)).toEqual([0, "", false, null, -3, 9007199254740991]);
  });

  it("materialized views name their columns", () => {
    expect(parseStatement("CREATE MATERIALIZED VIEW v (x, y) AS SELECT 1, 2")).toMatchObject({
      kind: "create-materialized-view",
      aliases: ["x", "y"],
    });
  });
});

describe("what is refused", () => {
  it.each([
    ["", "42601", 1, "empty"],
    ["-- nothing", "42601", 1, "empty"],
    ["SELECT 1; SELECT 2", "42601", 11, "one statement"],
    ["SELECT frm x wher 1", "42601", 14, '"wher"'],
    ["SELECT 'é', 'abc", "42601", 13, "unterminated"],
    ["CREATE CONNECTION k TO KAFKA (BROKER h)", "42601", 38, '"h"'],
    ["CREATE CONNECTION k TO KAFKA (BROKER 'h')", "22023", 38, "address"],
    ["CREATE CONNECTION k TO POSTGRES (HOST 'h')", "0A000", 24, "POSTGRES"],
    [`CREATE SOURCE s ${connector}`, "42601", 17, "columns"],
    [`CREATE SOURCE s (a float) ${connector}`, "0A000", 20, "float"],
    [`CREATE SOURCE s (a floot) ${connector}`, "42704", 20, "floot"],
    [`CREATE SOURCE s (a int) ${connector} ENVELOPE`, "42601", 81, "end of input"],
    ["CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 't') FORMAT AVRO", "0A000", 68, "AVRO"],
    ["CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC '') FORMAT JSON", "22023", 56, "topic"],
    ["CREATE SOURCE s (a int) FROM KAFKA CONNECTION k (TOPIC 't', TOPIC 'u') FORMAT JSON", "42601", 61, "TOPIC"],
    ["CREATE SINK s FROM v INTO KAFKA CONNECTION k (TOPIC 't') ENVELOPE UPSERT", "42601", 67, "key"],
    ["CREATE SINK s FROM v INTO KAFKA CONNECTION k (TOPIC 't', PARTITION COUNT 0) ENVELOPE DEBEZIUM", "22023", 74, "0"],
    ["DROP VIEW a, b", "0A000", 12, "several"],
    ["DROP VIEW a b", "42601", 13, '"b"'],
    ["SHOW search_path", "0A000", 6, "search_path"],
    ["  SUBSCRIBE TO v", "0A000", 3, "SUBSCRIBE"],
    ["UPDATE t SET a = 1", "0A000", 1, "UPDATE"],
    ["BEGIN", "0A000", 1, "transaction"],
    ["CREATE INDEX ON t (a)", "0A000", 1, "CREATE INDEX"],
    ["CREATE TABLE t (a int NOT NULL)", "0A000", 23, "constraint"],
    ["CREATE TABLE t (a int, CHECK (a > 1))", "0A000", 24, "constraint"],
    ["CREATE TABLE IF NOT EXISTS t (a int)", "0A000", 14, "IF NOT EXISTS"],
    ["CREATE SINK IF NOT EXISTS o FROM v", "0A000", 13, "IF NOT EXISTS"],
    ["CREATE VIEW IF NOT EXISTS v AS SELECT 1", "0A000", 13, "IF NOT EXISTS"],
    ["CREATE MATERIALIZED VIEW IF NOT EXISTS v AS SELECT 1", "0A000", 26, "IF NOT EXISTS"],
    ["CREATE DATABASE d", "0A000", 1, "CREATE DATABASE"],
    ["CREATE TYPE x AS ENUM ('a')", "0A000", 1, "CREATE TYPE"],
    ["DROP SCHEMA s", "0A000", 1, "DROP SCHEMA"],
    ["CREATE TEMP TABLE t (a int)", "0A000", 19, "temporary"],
    ["CREATE OR REPLACE VIEW v AS SELECT 1", "0A000", 8, "OR REPLACE"],
    ["CREATE VIEW v AS SELECT a FROM t ORDER BY a", "0A000", 43, "ORDER BY"],
    ["CREATE VIEW v AS SELECT a FROM t LIMIT 1", "0A000", 25, "LIMIT"],
    ["INSERT INTO t SELECT 1", "0A000", 22, "INSERT ... SELECT"],
    ["INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "0A000", 26, "ON CONFLICT"],
    ["INSERT INTO t VALUES (1) RETURNING a", "0A000", 36, "RETURNING"],
    ["INSERT INTO t VALUES (DEFAULT)", "0A000", 23, "DEFAULT"],
    ["VALUES (1), (1, 2)", "42601", 14, "same length"],
    ["WITH q AS (SELECT 1) SELECT * FROM q", "0A000", 1, "WITH"],
    ["(WITH q AS (SELECT 1) SELECT * FROM q)", "0A000", 2, "WITH"],
    ["SELECT 1 UNION SELECT 2", "0A000", 8, "UNION"],
    ["SELECT * FROM (SELECT 1) q", "0A000", 23, "subquery"],
    ["SELECT (SELECT 1)", "0A000", 8, "subquery"],
    ["SELECT * FROM a, b, c", "0A000", 21, "more than two"],
    ["SELECT * FROM a JOIN b USING (x) JOIN c USING (x)", "0A000", 15, "more than two"],
    ["SELECT * FROM a LEFT JOIN b USING (x)", "0A000", 15, "LEFT JOIN"],
    ["SELECT * FROM a NATURAL JOIN b", "0A000", 15, "NATURAL"],
    ["SELECT * FROM ONLY a", "0A000", 20, "ONLY"],
    ["SELECT * FROM s.a", "0A000", 15, "schema"],
    ["SELECT * FROM a AS b (c)", "0A000", 15, "aliases"],
    ["SELECT a FROM t FOR UPDATE", "0A000", 8, "FOR UPDATE"],
    ["SELECT a FROM t LIMIT 1 OFFSET 2", "0A000", 32, "OFFSET"],
    ["SELECT a FROM t LIMIT -1", "2201W", 23, "LIMIT"],
    ["SELECT a FROM t ORDER BY a NULLS FIRST", "0A000", 26, "NULLS"],
    ["SELECT DISTINCT ON (a) a FROM t", "0A000", 21, "DISTINCT ON"],
    ["SELECT count(DISTINCT a) FROM t", "0A000", 8, "DISTINCT"],
    ["SELECT count(*) FILTER (WHERE a) FROM t", "0A000", 31, "FILTER"],
    ["SELECT sum(a) OVER () FROM t", "0A000", 20, "window"],
    ["SELECT max(a) FROM t", "0A000", 8, "max"],
    ["SELECT sum(a, b) FROM t", "42883", 8, "one argument"],
    ["SELECT a::int", "0A000", 9, "cast"],
    ["SELECT a IN (1)", "0A000", 10, "IN"],
    ["SELECT a BETWEEN 1 AND 2", "0A000", 10, "BETWEEN"],
    ["SELECT a LIKE 'x'", "0A000", 10, "LIKE"],
    ["SELECT a IS TRUE", "0A000", 10, "IS TRUE"],
    ["SELECT CASE WHEN a THEN 1 END", "0A000", 8, "CASE"],
    ["SELECT $1", "0A000", 8, "parameter"],
    ["SELECT 1.5", "0A000", 8, "1.5"],
    ["SELECT 9007199254740992", "22003", 8, "out of range"],
    ["SELECT a @> b", "0A000", 10, "@>"],
  ] as const)("%s", (sql, code, position, text) => {
    const { message, detail, ...error } = failure(() => parseStatement(sql));
    expect(error).toMatchObject(position === undefined ? { code } : { code, position });
    expect(`${String(message)} ${String(detail)}`).toContain(text);
  });

  it("what would be too much for a parser", () => {
    const refusal = (sql: string) => failure(() => parseStatement(sql));
    expect(refusal(`SELECT ${"x".repeat(64)}`)).toMatchObject({ code: "42622", position: 8 });
    expect(refusal(`SELECT ${"(".repeat(201)}1${")".repeat(201)}`)).toMatchObject({ code: "54001", position: 208 });
    expect(refusal(`SELECT ${"1 + ".repeat(600)}1`)).toMatchObject({ code: "54001" });
    expect(refusal(`SELECT ${"not ".repeat(1000)}true`)).toMatchObject({ code: "54001" });
    expect(parseStatement(`INSERT INTO t VALUES ${"(1, 2), ".repeat(5000)}(3, 4)`)).toMatchObject({ kind: "insert" });
    expect(parseStatement(`SELECT ${"1 + ".repeat(490)}1`)).toMatchObject({ kind: "select" });
    expect(parseStatement(`SELECT ${"not ".repeat(990)}true`)).toMatchObject({ kind: "select" });
  });
});
