import { describe, expect, it } from "vitest";
import type { ClusterCommand, RenderedObject } from "../../../../src/engine/compute/protocol.ts";
import type { Plan, Scalar } from "../../../../src/engine/sql/plan.ts";
import { ingestion, view } from "./objects.ts";
import { row, withReplica } from "./replica-world.ts";

const column = (index: number): Scalar => ({ kind: "column", index });
const get = (id: string): Plan => ({ kind: "get", id });
const create = (object: RenderedObject): ClusterCommand => ({ kind: "create", object });
const complete: ClusterCommand = { kind: "initialization-complete" };

/** Orders of a shard joined with the rows of a table, counted by name. */
const counts: Plan = {
  kind: "reduce",
  input: { kind: "join", left: get("orders"), right: get("people"), leftKey: [0], rightKey: [0] },
  key: [column(3)],
  aggregates: [{ fn: "count" }, { fn: "sum", argument: column(1) }],
};
const sources = [
  { id: "orders", shard: "orders" },
  { id: "people", shard: "tables", table: "people" },
];
const ordersByName = view("u9", { plan: counts, sources, asOf: 10, shard: "view" });
const person = (id: number, name: string) => ({ table: "people", row: [id, name] });

describe("a replica", () => {
  it("keeps a view up to date, over joins and groups, and answers peeks", async () => {
    const { seen } = await withReplica(async (scene) => {
      const { world } = scene;
      await scene.append("orders", [row([1, 5], 3), [{ partition: 0, offset: 7 }, 3, 1], row([2, 6], 9)], 11);
      await scene.append(
        "tables",
        [
          [person(1, "ann"), 2, 1],
          [{ table: "x", row: [1, "no"] }, 4, 1],
        ],
        11,
      );
      const controller = await scene.controller(1, create(ordersByName), complete);
      await scene.written("view", 11);
      expect(scene.contents("view", 10)).toEqual(['["ann",1,5]']);
      await scene.append("tables", [[person(2, "bob"), 15, 1]], 21);
      await scene.append("orders", [row([1, 4], 15), row([2, 6], 18, -1)], 21);
      await scene.written("view", 21);
      expect(scene.contents("view", 15)).toEqual(['["ann",2,9]', '["bob",1,6]']);
      expect(scene.contents("view", 20)).toEqual(['["ann",2,9]']);
      await world.sleep("1s");
      expect(controller.frontier("u9")).toBe(21);
      const read = { plan: get("u9"), sources: [{ id: "u9", shard: "view" }], asOf: 15 };
      expect(await scene.peek(controller, read)).toEqual({
        ok: true,
        rows: [
          [["ann", 2, 9], 1],
          [["bob", 1, 6], 1],
        ],
      });
      expect(await scene.peek(controller, { plan: counts, sources, asOf: 20 })).toEqual({
        ok: true,
        rows: [[["ann", 2, 9], 1]],
      });
    });
    expect(seen("mesh.worked")).toHaveLength(3);
    expect(seen("dataflow.rendered")).toHaveLength(1);
    expect(seen("peek.answered")).toHaveLength(2);
    expect(seen("frontier.reported").length).toBeGreaterThan(0);
  });

  it("has errors in its views while their cause is there, and answers peeks over them with them", async () => {
    await withReplica(async (scene) => {
      const quotient: Scalar = { kind: "call", fn: "/", args: [{ kind: "literal", value: 12 }, column(0)] };
      const plan: Plan = { kind: "map", input: get("u1"), scalars: [quotient] };
      await scene.append("s1", [row([3], 2), row([0], 12), row([0], 14, -1)], 20);
      const controller = await scene.controller(1, create(view("u2", { plan, shard: "v" })), complete);
      await scene.written("v", 20);
      const read = { plan: get("u2"), sources: [{ id: "u2", shard: "v" }] };
      const at = (asOf: number) => scene.peek(controller, { ...read, asOf });
      expect(await at(11)).toEqual({ ok: true, rows: [[[4], 1]] });
      expect(await at(12)).toMatchObject({ ok: false, errors: [{ code: "22012", identity: "[0]" }] });
      expect(await at(14)).toEqual({ ok: true, rows: [[[4], 1]] });
      await scene.persist.shard("s1").downgradeSince(15);
      const old = { plan: get("u1"), sources: [{ id: "u1", shard: "s1" }], asOf: 12 };
      expect(await scene.peek(controller, old)).toMatchObject({ ok: false, errors: [{ code: "72000" }] });
    });
  });

  it("finishes a view whose inputs are finished, constants among them", async () => {
    await withReplica(async (scene) => {
      const rows: Plan = { kind: "constant", rows: [[1], [2]], width: 1 };
      await scene.append("s1", [row([7], 3)], null);
      const constant = view("u2", { plan: rows, sources: [], shard: "constant" });
      const controller = await scene.controller(1, create(constant), create(view("u3", { shard: "over" })), complete);
      await scene.world.until(() => controller.frontier("u2") === null && controller.frontier("u3") === null);
      expect(scene.contents("constant", 10)).toEqual(["[1]", "[2]"]);
      expect(scene.contents("over", 10)).toEqual(["[7]"]);
      // And says so to whoever asks after all of it has died, although there is nothing to be read any more.
      await scene.persist.shard("s1").downgradeSince(50);
      scene.crash("c0");
      await scene.world.sleep("5s");
      const next = await scene.controller(2, create(constant), create(view("u3", { shard: "over" })), complete);
      await scene.world.until(() => next.frontier("u2") === null && next.frontier("u3") === null);
    });
  });

  it("says once what comes out, although its processes die in the middle, one after the other", async () => {
    const { seen } = await withReplica(async (scene) => {
      await scene.append(
        "tables",
        [
          [person(0, "ann"), 1, 1],
          [person(1, "bob"), 1, 1],
        ],
        11,
      );
      await scene.append("orders", [], 11);
      let controller = await scene.controller(1, create(ordersByName), complete);
      for (let step = 1; step <= 12; step++) {
        const time = 10 + step * 10;
        await scene.append("orders", [row([step % 2, step], time - 3)], time);
        await scene.append("tables", [], time);
        if (step % 4 === 2) scene.crash(`c${(step - 2) / 4}`);
        await scene.world.sleep("300ms");
        if (controller.isClosed) controller = await scene.controller(1, create(ordersByName), complete);
      }
      for (;;) {
        if (controller.frontier("u9") === 130) break;
        await scene.world.sleep("1s");
        if (controller.isClosed) controller = await scene.controller(1, create(ordersByName), complete);
      }
      for (let step = 1; step <= 12; step++) {
        const sum = { ann: 0, bob: 0 };
        for (let each = 1; each <= step; each++) sum[each % 2 === 0 ? "ann" : "bob"] += each;
        const expected = [`["bob",${Math.ceil(step / 2)},${sum.bob}]`];
        if (step > 1) expected.unshift(`["ann",${Math.floor(step / 2)},${sum.ann}]`);
        expect(scene.contents("view", 10 + step * 10)).toEqual(expected);
      }
    });
    expect(seen("mesh.formed").length).toBeGreaterThan(3);
  });
});

describe("a controller that connects anew", () => {
  it("finds what it wants running and is told again how far it is", async () => {
    const { seen } = await withReplica(async (scene) => {
      await scene.append("s1", [row([7], 3)], 20);
      const [kept, gone] = [view("u2", { shard: "kept" }), view("u3", { shard: "gone" })];
      const first = await scene.controller(1, create(kept), create(gone), complete);
      await scene.world.until(() => first.frontier("u2") === 20 && first.frontier("u3") === 20);
      const second = await scene.controller(2, create({ ...kept, asOf: 19 }), complete);
      await scene.world.until(() => first.isClosed && second.frontier("u2") === 20);
      expect(first.responses.at(-1)).toEqual({ kind: "fenced", by: { generation: 1, epoch: 2 } });
      expect(second.responses.filter((response) => response.kind === "frontier")).toHaveLength(1);
      await scene.append("s1", [], 30);
      await scene.written("kept", 30);
      await scene.world.sleep("2s");
      expect(second.frontier("u3")).toBeUndefined();
      expect(scene.shards.get("gone")!.upper).toBe(20);
      const stale = await scene.controller(1, complete);
      await scene.world.until(() => stale.isClosed);
      expect(stale.responses).toEqual([{ kind: "fenced", by: { generation: 1, epoch: 2 } }]);
    });
    expect(seen("dataflow.rendered")).toHaveLength(2);
    expect(seen("replica.reconciled")).toHaveLength(2);
  });

  it("and goes away before it has said all changes nothing", async () => {
    await withReplica(async (scene) => {
      await scene.append("s1", [row([7], 3)], 20);
      const first = await scene.controller(1, create(view("u2", { shard: "kept" })), complete);
      await scene.written("kept", 20);
      const second = await scene.controller(2);
      await scene.world.until(() => first.isClosed);
      await scene.append("s1", [], 22);
      await scene.written("kept", 22);
      await scene.world.sleep("1s");
      expect(second.responses).toEqual([]);
      second.close();
      await scene.append("s1", [row([8], 25)], 30);
      await scene.written("kept", 30);
      expect(scene.contents("kept", 29)).toEqual(["[7]", "[8]"]);
    });
  });
});

describe("a view that another replica writes as well", () => {
  it("goes on from where the other one is", async () => {
    await withReplica(async (scene) => {
      await scene.append("s1", [row([7], 3)], 20);
      await scene.controller(1, create(view("u2", { shard: "v" })), complete);
      await scene.written("v", 20);
      await scene.append("v", [row([8], 22)], 25);
      await scene.append("s1", [row([8], 22), row([9], 27)], 30);
      await scene.written("v", 30);
      expect(scene.contents("v", 29)).toEqual(["[7]", "[8]", "[9]"]);
    });
  });
});

describe("a view whose sources are compacted", () => {
  it("is read from just below what it holds already, whatever time was asked for", async () => {
    const { seen } = await withReplica(async (scene) => {
      await scene.append("s1", [row([7], 3), row([8], 15)], 20);
      await scene.controller(1, create(view("u2", { shard: "v" })), complete);
      await scene.written("v", 20);
      await scene.persist.shard("s1").downgradeSince(19);
      scene.crash("c1");
      await scene.world.sleep("5s");
      await scene.controller(1, create(view("u2", { shard: "v" })), complete);
      await scene.append("s1", [row([9], 25)], 30);
      await scene.written("v", 30);
      expect(scene.contents("v", 29)).toEqual(["[7]", "[8]", "[9]"]);
    });
    expect(seen("dataflow.rendered")).toHaveLength(2);
  });

  it("beyond what it holds says so and waits, until another replica has brought it on", async () => {
    await withReplica(async (scene) => {
      await scene.append("s1", [row([7], 3)], 20);
      await scene.persist.shard("s1").downgradeSince(15);
      const controller = await scene.controller(1, create(view("u2", { shard: "v" })), complete);
      const statuses = () => controller.responses.flatMap((said) => (said.kind === "status" ? [said.update] : []));
      await scene.world.until(() => statuses().length > 0, { every: "1s" });
      expect(statuses()[0]).toMatchObject({ id: "u2", status: "stalled", code: "since-violation" });
      await scene.append("v", [row([7], 3)], 16);
      await scene.written("v", 20);
      expect(statuses().at(-1)).toMatchObject({ id: "u2", status: "running", error: null });
      expect(scene.contents("v", 19)).toEqual(["[7]"]);
    });
  });
});

describe("a view that reads more slowly than its sources are compacted", () => {
  it("begins anew from what it holds, once another replica has brought it on", async () => {
    const { seen } = await withReplica(async (scene) => {
      await scene.append("s1", [row([7], 3)], 20);
      await scene.controller(1, create(view("u2", { shard: "v" })), complete);
      await scene.written("v", 20);
      await scene.world.sleep("1s");
      Object.assign(scene.shards.get("s1")!, { upper: 40, since: 35 }).updates.push(row([8], 30));
      await scene.world.sleep("10s");
      expect(scene.shards.get("v")!.upper).toBe(20);
      await scene.append("v", [row([8], 30)], 38);
      await scene.written("v", 40);
      await scene.append("s1", [row([7], 45, -1)], 50);
      await scene.written("v", 50);
      expect(scene.contents("v", 49)).toEqual(["[8]"]);
    });
    expect(seen("dataflow.rendered")).toHaveLength(2);
  });
});

describe("a connector", () => {
  it("runs in one process, is heard while it runs, and not any more once it was dropped", async () => {
    const started: string[] = [];
    const owners: number[] = [];
    await withReplica(
      async (scene) => {
        const controller = await scene.controller(1, create(ingestion("u5")), create(ingestion("u6")), complete);
        await scene.world.sleep("3s");
        expect(new Set(started.map((text) => text.split(" ")[0]))).toEqual(new Set(["u5", "u6"]));
        expect(controller.frontier("u5")).toBeGreaterThan(1);
        expect(controller.responses.filter((said) => said.kind === "status").length).toBeGreaterThan(1);
        controller.say({ kind: "drop", id: "u5" });
        await scene.world.sleep("1s");
        const reported = controller.responses.length;
        await scene.world.sleep("2s");
        const late = controller.responses.slice(reported);
        expect(late.some((said) => said.kind === "frontier" && said.id === "u6")).toBe(true);
        expect(late.some((said) => said.kind === "frontier" && said.id === "u5")).toBe(false);
        const next = await scene.controller(2, create(ingestion("u6")), complete);
        await scene.world.until(() => next.responses.some((said) => said.kind === "status"));
        await scene.world.sleep("2s");
      },
      {
        // Goes on for ever, and minds no stop.
        connector: (id, host, context) => {
          started.push(`${id} ${host.name}`);
          const report = async (): Promise<void> => {
            for (let upper = 1; ; upper++) {
              const status = { id, incarnation: 1, status: "running", error: null, class: null, code: null } as const;
              if (upper === 1) {
                context.report({ ...status, namespace: "kafka", hint: null, occurrences: 0, at: 1 });
              }
              context.advanced(id, 1, upper);
              if (id === "u6") owners.push(context.owner.epoch);
              await host.sleep("500ms");
            }
          };
          void report();
          return { stop: () => undefined };
        },
      },
    );
    expect(started).toHaveLength(2);
    expect([owners[0], owners.at(-1)]).toEqual([1, 2]);
  });
});
