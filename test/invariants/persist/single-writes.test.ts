/** S-WRI-2: rows against the statements that asked for them. */
import { describe, expect, it } from "vitest";
import { singleWrites } from "../../../src/invariants/persist/single-writes.ts";
import { shard, table } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";

const sql = "INSERT INTO t VALUES (1, 'it''s'), (-2, NULL)";
const rows = [
  [1, "it's"],
  [-2, null],
];

const asked = (number: number, text = sql): Seen => ["client.asked", { session: "s", number, sql: text }];
const answered = (number: number, ok: boolean, text = sql): Seen => [
  "client.answered",
  { session: "s", number, sql: text, ok, code: ok ? null : "42P01", rows: [], ts: ok ? 5 : null },
];
const begun = (): Seen => catalogHistory()([], [table("u1", "t", '"n" int, "s" text'), shard("u1", "tables")]);

function writes(): (times: number) => Seen {
  const change = shardHistory();
  let upper = 0;
  return (times) => {
    upper++;
    const updates = Array.from({ length: times }, () => rows)
      .flat()
      .map((row) => [{ table: "u1", row }, upper - 1, 1] as const);
    return change("tables", { upper, updates });
  };
}

describe("S-WRI-2", () => {
  it("accepts rows that are there as often as they were asked for", () => {
    const write = writes();
    const trace = [begun(), asked(1), write(1), answered(1, true), asked(2), asked(3), write(2), answered(3, true)];
    expect(firstBreach(singleWrites, [...trace, answered(2, true)])).toBeUndefined();
  });

  it("accepts that a statement whose answer never came happens late or never", () => {
    const write = writes();
    const lost: Seen = ["client.unknown", { session: "s", number: 1, sql }];
    const again = [begun(), asked(1), lost, asked(2), write(1), answered(2, true)];
    expect(firstBreach(singleWrites, again)).toBeUndefined();
    expect(firstBreach(singleWrites, [...again, write(1)])).toBeUndefined();
    expect(firstBreach(singleWrites, [...again, write(1), write(1)])?.message).toMatch("more often");
  });

  it("accepts that rows are under the id of a table that came later, by its name", () => {
    const change = shardHistory();
    const updates = [[{ table: "u2", row: rows[0]! }, 7, 1] as const, [{ table: "u2", row: rows[1]! }, 7, 1] as const];
    const catalog = catalogHistory();
    const replaced = [
      catalog([], [table("u1", "t", '"n" int, "s" text')]),
      catalog([table("u1", "t", '"n" int, "s" text')], []),
      catalog([], [table("u2", "t", '"n" int, "s" text')]),
    ];
    const trace = [...replaced, asked(1), change("tables", { upper: 8, updates }), answered(1, true)];
    expect(firstBreach(singleWrites, trace)).toBeUndefined();
  });

  it("rejects a row that is there twice", () => {
    const write = writes();
    const trace = [begun(), asked(1), write(1), answered(1, true), write(1)];
    expect(firstBreach(singleWrites, trace)).toMatchObject({ subject: "t", observed: 2 });
  });

  it("rejects an answer before its rows are there", () => {
    expect(firstBreach(singleWrites, [begun(), asked(1), answered(1, true), writes()(1)])?.message).toMatch(
      "not there",
    );
  });

  it("rejects a row whose statement was refused, before and after the answer", () => {
    const write = writes();
    expect(firstBreach(singleWrites, [begun(), asked(1), write(1), answered(1, false)])?.message).toMatch("refused");
    expect(firstBreach(singleWrites, [begun(), asked(1), answered(1, false), writes()(1)])?.observed).toBe(1);
  });

  it("does not judge a table into which something else than plain literals was written", () => {
    const sums = "INSERT INTO t VALUES (1 + 1, 'x')";
    const coerced = "INSERT INTO t VALUES ('7', 'x')";
    expect(firstBreach(singleWrites, [begun(), asked(1, sums), answered(1, true, sums)])).toBeUndefined();
    expect(firstBreach(singleWrites, [begun(), asked(1, coerced), answered(1, true, coerced)])).toBeUndefined();
  });
});
