/** The schema that a catalog describes, and the reasons for which an environment ends. */
import { clusterLookup } from "../../../src/engine/coordinator/objects/cluster-lookup.ts";
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { CatalogContents } from "../../../src/engine/catalog/contents.ts";
import { createItem, dropItems, initialContents } from "../../../src/engine/catalog/transaction.ts";
import { engineReasons, reasonOf } from "../../../src/engine/coordinator/fate.ts";
import { inputsOf, kindOf } from "../../../src/engine/coordinator/objects/item.ts";
import { renderedObject } from "../../../src/engine/coordinator/objects/rendering.ts";
import { planStored, replayItems, type Schema } from "../../../src/engine/coordinator/objects/schema.ts";

beforeAll(loadPgParser);

const statements = [
  "CREATE TABLE t (a int, b text)",
  "CREATE VIEW v AS SELECT b, sum(a) AS s FROM t GROUP BY b",
  "CREATE CONNECTION k TO KAFKA (BROKERS ('b1:9092', 'b2:9092'))",
  "CREATE SOURCE r (key text, a int) FROM KAFKA CONNECTION k (TOPIC 'in', TOPIC ID 'id-1') FORMAT JSON ENVELOPE UPSERT",
  "CREATE MATERIALIZED VIEW m AS SELECT v.b, v.s FROM v JOIN r ON v.s = r.a",
  "CREATE SINK n FROM m INTO KAFKA CONNECTION k (TOPIC 'out', PARTITION COUNT 2) KEY (b) FORMAT JSON ENVELOPE UPSERT",
];

function catalogOf(sqls: readonly string[]): { contents: CatalogContents; schema: Schema } {
  const contents = new CatalogContents();
  contents.apply(initialContents(contents, 1, { processes: 1, workers: 1 }));
  sqls.forEach((sql, index) => {
    const plan = planStored(sql, replayItems(contents), clusterLookup(contents));
    const cluster = "cluster" in plan ? plan.cluster : null;
    contents.apply(createItem(contents, { name: plan.name, kind: kindOf(plan), sql: plan.sql, cluster }, 100 + index));
  });
  return { contents, schema: replayItems(contents) };
}

describe("schema", () => {
  it("replaying what is stored gives the plans that were stored", () => {
    const { schema } = catalogOf(statements);
    expect(schema.all().map(({ id, name, kind }) => `${id} ${name} ${kind}`)).toEqual([
      "u1 t table",
      "u2 v view",
      "u3 k connection",
      "u4 r source",
      "u5 m materialized-view",
      "u6 n sink",
    ]);
    for (const item of schema.all()) expect(item.plan.sql).toBe(item.sql);
    expect(inputsOf(schema.get("u5")!)).toEqual(["u1", "u4"]);
    expect(inputsOf(schema.get("u6")!)).toEqual(["u5"]);
  });

  it("dependents are found through others", () => {
    const { schema } = catalogOf(statements);
    const dependents = (id: string) => schema.dependents([id]).map((item) => item.id);
    expect(dependents("u1")).toEqual(["u2", "u5", "u6"]);
    expect(dependents("u3")).toEqual(["u4", "u5", "u6"]);
    expect(dependents("u6")).toEqual([]);
  });

  it("what replicas are told follows from the catalog", () => {
    const { schema } = catalogOf(statements);
    expect(renderedObject(schema.get("u1")!, schema, 7)).toBeNull();
    expect(renderedObject(schema.get("u4")!, schema, 7)).toMatchObject({
      kind: "ingestion",
      topic: "in",
      topicId: "id-1",
      envelope: "upsert",
      brokers: ["b1:9092", "b2:9092"],
    });
    expect(renderedObject(schema.get("u5")!, schema, 7)).toMatchObject({
      asOf: 7,
      shard: "u5",
      sources: [
        { id: "u1", shard: "tables", table: "u1" },
        { id: "u4", shard: "u4" },
      ],
    });
    expect(renderedObject(schema.get("u6")!, schema, 7)).toMatchObject({
      kind: "sink",
      connection: "u3",
      from: { id: "u5", shard: "u5" },
      key: [0],
      partitions: 2,
    });
  });

  it("every collection has one shard, and those of dropped items are listed", () => {
    const { contents } = catalogOf(statements);
    const shards = contents.all("shard").map(({ key, value }) => [key, (value as { shard: string }).shard]);
    expect(shards).toEqual([
      ["u1", "tables"],
      ["u4", "u4"],
      ["u5", "u5"],
      ["u6", "u6"],
    ]);
    contents.apply(dropItems(contents, ["u6", "u5", "u1"], 900));
    expect(contents.all("unfinalized-shard").map(({ key }) => key)).toEqual(["u6", "u5"]);
    expect(contents.all("shard").map(({ key }) => key)).toEqual(["u4"]);
    expect(contents.all("audit")).toHaveLength(7);
  });
});

describe("fate", () => {
  it("only a higher generation keeps an environment away for good, and only reasons without fault give 0", () => {
    const gone = Object.entries(engineReasons).filter(([, { isRestarted }]) => !isRestarted);
    expect(gone).toEqual([["fenced-by-generation", { code: 0, isRestarted: false }]]);
    const own = { generation: 1, epoch: 1 };
    const fence = (by: "generation" | "epoch") => ({ own, seen: own, by });
    expect(engineReasons[reasonOf({ kind: "fenced", fence: fence("generation") })].code).toBe(0);
    expect(engineReasons[reasonOf({ kind: "fenced", fence: fence("epoch") })].code).toBe(134);
    expect(engineReasons[reasonOf({ kind: "out-of-sync" })].code).toBe(0);
    expect(engineReasons[reasonOf({ kind: "incompatible-version", durable: 2 })].code).toBe(134);
  });
});
