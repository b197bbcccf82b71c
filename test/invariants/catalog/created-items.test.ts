/** S-CRE-1: items against the statements that made and dropped them. */
import { describe, expect, it } from "vitest";
import { createdItems } from "../../../src/invariants/catalog/created-items.ts";
import { table } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, type Seen } from "../../support/hand-trace.ts";

const asked = (session: string, number: number, sql: string): Seen => ["client.asked", { session, number, sql }];
const unknown = (session: string, number: number, sql: string): Seen => ["client.unknown", { session, number, sql }];
const answered = (session: string, number: number, sql: string, code: string | null = null): Seen => [
  "client.answered",
  { session, number, sql, ok: code === null, code, rows: [], ts: null },
];

const create = 'CREATE TABLE IF NOT EXISTS "t" (n int)';
const drop = "drop table T";
const cascade = "DROP TABLE other CASCADE";
const t = (id = "u1") => table(id, "t");

describe("S-CRE-1", () => {
  it("accepts a table that comes, goes and comes again as it was asked for", () => {
    const catalog = catalogHistory();
    const trace = [
      asked("a", 1, create),
      catalog([], [t()]),
      answered("a", 1, create),
      asked("a", 2, drop),
      catalog([t()], []),
      answered("a", 2, drop),
      asked("b", 1, create),
      catalog([], [t("u2")]),
      answered("b", 1, create),
      asked("b", 2, create),
      answered("b", 2, create, "42P07"),
    ];
    expect(firstBreach(createdItems, trace)).toBeUndefined();
  });

  it.each([drop, cascade])("accepts that %s overtook the answer, or may yet happen", (dropping) => {
    const catalog = catalogHistory();
    const begun = [asked("a", 1, create), catalog([], [t()]), asked("b", 1, dropping)];
    const quick = [...begun, catalog([t()], []), answered("b", 1, dropping), answered("a", 1, create)];
    expect(firstBreach(createdItems, quick)).toBeUndefined();
    const again = catalogHistory();
    const lost = [asked("b", 1, dropping), unknown("b", 1, dropping), asked("a", 1, create), again([], [t()])];
    expect(firstBreach(createdItems, [...lost, answered("a", 1, create), again([t()], [])])).toBeUndefined();
  });

  it("accepts that one of two statements made what the other was refused for", () => {
    const trace = [asked("a", 1, create), asked("b", 1, create), catalogHistory()([], [t()])];
    expect(
      firstBreach(createdItems, [...trace, answered("a", 1, create, "57014"), answered("b", 1, create)]),
    ).toBeUndefined();
  });

  it("accepts an item that is replaced by a new version of itself", () => {
    const catalog = catalogHistory();
    const trace = [asked("a", 1, create), catalog([], [t()]), answered("a", 1, create)];
    expect(
      firstBreach(createdItems, [...trace, catalog([t()], [table("u1", "t", '"n" int, "m" int')])]),
    ).toBeUndefined();
  });

  it("rejects an answer without an item", () => {
    expect(firstBreach(createdItems, [asked("a", 1, create), answered("a", 1, create)])?.subject).toBe("created");
    const catalog = catalogHistory();
    const dropped = [asked("b", 1, drop), answered("b", 1, drop), asked("a", 1, create), catalog([], [])];
    expect(firstBreach(createdItems, [...dropped, answered("a", 1, create)])?.subject).toBe("created");
  });

  it("rejects an item that a refused statement left", () => {
    const trace = [asked("a", 1, create), catalogHistory()([], [t()]), answered("a", 1, create, "58030")];
    expect(firstBreach(createdItems, trace)?.subject).toBe("refused");
  });

  it("rejects an item that appears without a statement, or behind its refusal", () => {
    expect(firstBreach(createdItems, [catalogHistory()([], [t()])])?.subject).toBe("appeared");
    const late = [asked("a", 1, create), answered("a", 1, create, "58030"), catalogHistory()([], [t()])];
    expect(firstBreach(createdItems, late)?.subject).toBe("appeared");
  });

  it("rejects an item that disappears without a DROP, or with one of another name", () => {
    const catalog = catalogHistory();
    const made = [asked("a", 1, create), catalog([], [t()]), answered("a", 1, create)];
    const gone = catalog([t()], []);
    expect(firstBreach(createdItems, [...made, gone])?.subject).toBe("disappeared");
    expect(firstBreach(createdItems, [...made, asked("b", 1, "DROP TABLE other"), gone])?.subject).toBe("disappeared");
    const done = [asked("b", 1, drop), answered("b", 1, drop, "42P01")];
    expect(firstBreach(createdItems, [...made, ...done, gone])?.subject).toBe("disappeared");
  });
});
