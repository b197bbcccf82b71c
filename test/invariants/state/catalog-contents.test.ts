/** The catalog as rules see it, against the engine's own transactions. */
import { describe, expect, it } from "vitest";
import { CatalogContents as Engine } from "../../../src/engine/catalog/contents.ts";
import type { CatalogChange } from "../../../src/engine/catalog/entry.ts";
import { createItem, dropItems, initialContents } from "../../../src/engine/catalog/transaction.ts";
import { CatalogContents } from "../../../src/invariants/state/catalog-contents.ts";
import { item, token } from "../../support/catalog-entries.ts";
import { shardHistory } from "../../support/hand-trace.ts";

describe("the catalog's contents", () => {
  it("are what the engine's transactions come to", () => {
    const engine = new Engine();
    const seen = new CatalogContents();
    const change = shardHistory();
    let upper = 0;
    const commit = (changes: readonly CatalogChange[]) => {
      engine.apply(changes);
      const updates = changes.map(([entry, diff]) => [entry, upper, diff] as const);
      return seen.apply(change("catalog", { upper: ++upper, updates })[1] as never);
    };
    commit([[token(1, 1), 1]]);
    expect(commit(initialContents(engine, 1, { processes: 1, workers: 1 })).contentTimes).toEqual([1, 1, 1, 1, 1, 1]);
    const table = { name: "t", kind: "table", sql: 'CREATE TABLE "t" ("n" int)' } as const;
    const added = commit(createItem(engine, { ...table, cluster: null }, 2)).added;
    expect(added).toEqual([{ id: "u1", ...table }]);
    commit(createItem(engine, { name: "v", kind: "materialized-view", sql: "…", cluster: "c1" }, 3));
    expect([...seen.shards]).toEqual([
      ["u1", "tables"],
      ["u2", "u2"],
    ]);
    expect(commit(dropItems(engine, ["u1"], 4)).removed.map(({ name }) => name)).toEqual(["t"]);
    commit([
      [token(1, 1), -1],
      [token(2, 2), 1],
    ]);
    expect([...seen.items.keys()]).toEqual(engine.all("item").map(({ key }) => key));
    expect(seen.tokens).toEqual([{ token: { generation: 2, epoch: 2 }, count: 1 }]);
    expect(seen.generation).toBe(2);
    expect(seen.tokenBefore(5)).toEqual({ generation: 1, epoch: 1 });
    expect(seen.tokenBefore(6)).toEqual({ generation: 2, epoch: 2 });
  });

  it("keep an item that is replaced in one step", () => {
    const seen = new CatalogContents();
    const change = shardHistory();
    const [before, after] = [item("u1", "sink", "s", "a"), item("u1", "sink", "s", "b")];
    seen.apply(change("catalog", { upper: 1, updates: [[before, 0, 1]] })[1] as never);
    const updates = [[after, 1, 1] as const, [before, 1, -1] as const];
    expect(seen.apply(change("catalog", { upper: 2, updates })[1] as never)).toMatchObject({ added: [], removed: [] });
    expect(seen.named("s")?.sql).toBe("b");
  });

  it("are of the catalog's shard alone", () => {
    const seen = new CatalogContents();
    const other = shardHistory()("u7", { upper: 4, updates: [[token(1, 1), 3, 1]] });
    expect(seen.apply(other[1] as never).tokens).toEqual([]);
    expect(seen.upper).toBe(0);
  });

  it.each([
    ['CREATE SOURCE "s" IN CLUSTER "c" ("a" int) FROM …', 'CREATE SOURCE "s" ("a" int) FROM …'],
    [
      'CREATE MATERIALIZED VIEW "a ""b" ("x)", "y") IN CLUSTER "c""" AS …',
      'CREATE MATERIALIZED VIEW "a ""b" ("x)", "y") AS …',
    ],
    [`CREATE VIEW "v" AS SELECT ' IN CLUSTER "c"'`, `CREATE VIEW "v" AS SELECT ' IN CLUSTER "c"'`],
  ])("tell what an item is without where it runs: %s", (sql, expected) => {
    const seen = new CatalogContents();
    seen.apply(shardHistory()("catalog", { upper: 1, updates: [[item("u1", "sink", "s", sql), 0, 1]] })[1] as never);
    expect(seen.named("s")?.sql).toBe(expected);
  });
});
