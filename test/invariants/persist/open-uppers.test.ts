/** S-FRO-2: what may be finished, and what may not. */
import { describe, expect, it } from "vitest";
import { openUppers } from "../../../src/invariants/persist/open-uppers.ts";
import { item, shard, table, view } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory } from "../../support/hand-trace.ts";

const entries = [
  table("u1", "t"),
  shard("u1", "tables"),
  view("u2", "one", 'SELECT 1 AS "n", \'from x\' AS "s"'),
  shard("u2"),
  view("u3", "twice", 'SELECT "a"."n" FROM "one" AS "a" JOIN "ones" ON true'),
  shard("u3"),
  item("u4", "view", "ones", 'CREATE VIEW "ones" AS SELECT * FROM "one"'),
  view("u5", "mixed", 'SELECT "a"."n" FROM "one" AS "a", "t"'),
  shard("u5"),
];

describe("S-FRO-2", () => {
  it("accepts that a view over constants is finished, and then what reads nothing else", () => {
    const change = shardHistory();
    const trace = [
      catalogHistory()([], entries),
      change("u2", { upper: 4 }),
      change("u2", { upper: null }),
      change("u3", { upper: null }),
      change("u3", { since: null }),
    ];
    expect(firstBreach(openUppers, trace)).toBeUndefined();
  });

  it("accepts that the shard of a dropped item is finished", () => {
    const catalog = catalogHistory();
    const change = shardHistory();
    const trace = [catalog([], entries), catalog([entries[7]!, entries[8]!], []), change("u5", { upper: null })];
    expect(firstBreach(openUppers, trace)).toBeUndefined();
  });

  it.each([
    ["a view that reads a table", "u5"],
    ["a view whose input is not finished yet", "u3"],
    ["all tables", "tables"],
    ["the catalog", "catalog"],
  ])("rejects that %s is finished", (_, name) => {
    const trace = [catalogHistory()([], entries), shardHistory()(name, { upper: null })];
    expect(firstBreach(openUppers, trace)?.observed).toBeNull();
  });
});
