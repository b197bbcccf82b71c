/**
 * What users read who try statements of PostgreSQL or of other streaming databases, or mistype one: `refusals.txt` has
 * code, position and statement, below it the message and, behind an arrow, the hint. Objects are those of `catalog.ts`.
 */
import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { failure, sampleObjects, TestCatalog } from "./catalog.ts";

beforeAll(loadPgParser);

interface Refusal {
  readonly code: string;
  readonly position: number;
  readonly sql: string;
  readonly message: string;
  readonly hint: string | undefined;
}

const head = /^(?<code>[0-9A-Z]{5}) (?<position>\d+) (?<sql>.*)$/;

function refusalsOf(text: string): readonly Refusal[] {
  const blocks = text.trimEnd().split(/\n(?! )/);
  return blocks.map((block) => {
    const [first, message, hint] = block.split("\n");
    const { code, position, sql } = head.exec(first!)!.groups!;
    return { code: code!, position: Number(position), sql: sql!, message: message!.trim(), hint: hint?.slice(4) };
  });
}

const refusals = refusalsOf(readFileSync(new URL("refusals.txt", import.meta.url), "utf8"));

describe("a statement that is refused", () => {
  it.each(refusals.map((refusal) => [refusal.sql, refusal] as const))(
    "%s",
    (sql, { code, position, message, hint }) => {
      const error = failure(() => new TestCatalog(...sampleObjects).plan(sql));
      expect([error["code"], error["position"], error["message"], error["hint"]]).toEqual([
        code,
        position,
        message,
        hint,
      ]);
    },
  );

  it("is spoken of in the words of its language, not of its parser's", () => {
    expect(refusals.length).toBeGreaterThan(100);
    for (const { sql, message, hint } of refusals) {
      const said = `${message} ${hint ?? ""}`;
      expect([sql, said]).toEqual([
        sql,
        expect.not.stringMatching(/Stmt|undefined|null\b|AEXPR|SVFOP|[a-z][A-Z]|[A-Z]+_[A-Z]+_|\bnode\b/),
      ]);
    }
  });

  it("has a place inside of itself", () => {
    for (const { sql, position } of refusals) {
      expect(position).toBeGreaterThan(0);
      expect(position).toBeLessThanOrEqual(sql.length + 1);
    }
  });
});
