/** PostgreSQL's parser: what it answers, also from within a simulation that is held to ports. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser, parseSql } from "../../src/base/pg-parser.ts";
import { runBody } from "../support/bodies.ts";

beforeAll(loadPgParser);

describe("the parser", () => {
  it("gives one node a statement, and none for blanks and comments", () => {
    const parsed = parseSql("SELECT 1; DROP TABLE t");
    expect(parsed.ok && parsed.statements.map((node) => Object.keys(node)[0])).toEqual(["SelectStmt", "DropStmt"]);
    expect(parseSql("  ")).toEqual({ ok: true, statements: [] });
    expect(parseSql("-- nothing")).toEqual({ ok: true, statements: [] });
  });

  it("returns a syntax error with its place", () => {
    expect(parseSql("SELECT 1 FRM t x")).toEqual({
      ok: false,
      message: 'syntax error at or near "t"',
      position: 13,
    });
  });

  it("reaches nothing ambient when it runs in a process that is held to ports", async () => {
    const texts = ["SELECT a FROM t WHERE b = $1", "SELECT (", `SELECT ${"1 + ".repeat(300)}1`];
    const run = await runBody(async ({ world }) => {
      const program = (): void => {
        const outcomes = texts.map((text) => parseSql(text).ok);
        world.emit("parsed", outcomes);
      };
      world.host("server").start(program, { ambient: "ports" });
      await world.sleep("1s");
    });
    expect(run.verdict).toBe("passed");
  });
});
