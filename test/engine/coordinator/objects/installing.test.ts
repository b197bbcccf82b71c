/** Where objects begin, when a process died, was replaced, or was overtaken by a DROP on the way. */
import { beforeAll, describe, expect, it } from "vitest";
import { loadPgParser } from "../../../../src/base/pg-parser.ts";
import { oneCluster } from "../../../../src/engine/sql/planning/cluster-scope.ts";
import type { Catalog } from "../../../../src/engine/catalog/catalog.ts";
import type { Installing } from "../../../../src/engine/coordinator/objects/installing.ts";
import { beginObject, learnShard } from "../../../../src/engine/coordinator/objects/installing.ts";
import { itemOf, kindOf, type Item } from "../../../../src/engine/coordinator/objects/item.ts";
import { planStored, Schema } from "../../../../src/engine/coordinator/objects/schema.ts";
import { Sinces } from "../../../../src/engine/coordinator/objects/sinces.ts";
import { coordinatorPolicies as policies } from "../../../../src/engine/coordinator/policies.ts";
import { memoryPersist, stateOf, type MemoryShards } from "../../catalog/memory-persist.ts";

beforeAll(loadPgParser);

const ended = new Error("the environment ended");

class Scene {
  readonly shards: MemoryShards = new Map();
  readonly schema = new Schema();
  /** Called before every operation on a shard. */
  before: (operation: string, shard: string) => void = () => undefined;
  readonly sinces: Sinces;
  readonly #installing: Installing;

  constructor() {
    const persist = memoryPersist(this.shards, async (operation, shard) => this.before(operation, shard));
    const catalog = { token: { generation: 1, epoch: 1 }, upper: 1 } as Catalog;
    const { schema } = this;
    this.sinces = new Sinces({ persist, schema, catalog, policies });
    const end = async (): Promise<never> => Promise.reject(ended);
    this.#installing = { persist, schema, sinces: this.sinces, catalog, end };
  }

  add(id: string, sql: string): Item {
    const plan = planStored(sql, this.schema, oneCluster);
    const { name } = plan;
    const value = { name, kind: kindOf(plan), sql, cluster: "c1", incarnation: 1, createdAt: 1 };
    const item = itemOf(id, value, { shard: id, table: null }, plan);
    this.schema.add(item);
    return item;
  }

  /** Where the item begins, after its shard was learnt. */
  async begin(item: Item): Promise<unknown> {
    await learnShard(this.#installing, item);
    return beginObject(this.#installing, item);
  }

  forget(item: Item): void {
    this.schema.remove(item.id);
    this.sinces.forget(item);
  }
}

/** A view `u2` over an input `u1` that is readable from `since` on and written below `upper`. */
async function viewOver(since: number, upper: number): Promise<{ scene: Scene; view: Item }> {
  const scene = new Scene();
  const input = scene.add("u1", "CREATE MATERIALIZED VIEW i AS SELECT 1 AS a");
  Object.assign(stateOf(scene.shards, "u1"), { since, upper });
  await scene.begin(input);
  return { scene, view: scene.add("u2", "CREATE MATERIALIZED VIEW v AS SELECT a FROM i") };
}

const boundsOf = (scene: Scene, id: string): unknown => {
  const { since, upper } = stateOf(scene.shards, id);
  return [since, upper];
};

describe("where a view begins", () => {
  it("is where its inputs are readable, and it is readable from there on", async () => {
    const { scene, view } = await viewOver(40, 90);
    expect(await scene.begin(view)).toMatchObject({ asOf: 40 });
    expect(boundsOf(scene, "u2")).toEqual([40, 40]);
    expect(scene.sinces.begin(view, "r")).toBe(40);
  });

  it("is never 0, so that its since says whether it was begun", async () => {
    const scene = new Scene();
    const constant = scene.add("u1", "CREATE MATERIALIZED VIEW i AS SELECT 1 AS a");
    expect(await scene.begin(constant)).toMatchObject({ asOf: 1 });
    expect(boundsOf(scene, "u1")).toEqual([1, 1]);
    // Told again, it is not resumed below: nothing would be written that was there at the beginning.
    expect(scene.sinces.begin(constant, "r")).toBe(1);
  });

  it("is its upper, when a process died that had chosen a time which its input's since never came to", async () => {
    const { scene, view } = await viewOver(40, 90);
    stateOf(scene.shards, "u2").upper = 60;
    // Resumed from 59 on, all that the input had by then would count as written.
    expect(await scene.begin(view)).toMatchObject({ asOf: 60 });
    expect(boundsOf(scene, "u2")).toEqual([60, 60]);
    expect(scene.sinces.begin(view, "r")).toBe(60);
  });

  it("is just below its upper once it has been written", async () => {
    const { scene, view } = await viewOver(40, 90);
    await scene.begin(view);
    stateOf(scene.shards, "u2").upper = 80;
    expect(await scene.begin(view)).toMatchObject({ asOf: 79 });
    expect(boundsOf(scene, "u2")).toEqual([40, 80]);
  });

  it("is what a predecessor wrote last, where its word came in between", async () => {
    const { scene, view } = await viewOver(40, 90);
    scene.before = (operation, shard) => {
      if (operation === "append" && shard === "u2") stateOf(scene.shards, "u2").upper = 50;
    };
    expect(await scene.begin(view)).toMatchObject({ asOf: 50 });
    expect(boundsOf(scene, "u2")).toEqual([50, 50]);
  });

  it("is its successor's to say, once there is one", async () => {
    const { scene, view } = await viewOver(40, 90);
    scene.before = (operation, shard) => {
      if (operation === "append" && shard === "u2") {
        Object.assign(stateOf(scene.shards, "u2"), { upper: 30, owner: { generation: 1, epoch: 2 } });
      }
    };
    await expect(scene.begin(view)).rejects.toBe(ended);
    expect(boundsOf(scene, "u2")).toEqual([0, 30]);
  });
});

describe("an object that was dropped while it was installed", () => {
  it("leaves nothing behind of its shard", async () => {
    for (const moment of ["acquire", "append", "since"]) {
      const { scene, view } = await viewOver(40, 90);
      let hasMet = false;
      scene.before = (operation, shard) => {
        if (shard !== "u2" || operation !== moment || hasMet) return;
        hasMet = true;
        scene.forget(view);
      };
      await scene.begin(view);
      expect([moment, hasMet, scene.sinces.boundsOf("u2")]).toEqual([moment, true, undefined]);
    }
  });
});
