import { describe, expect, it } from "vitest";
import type { Json } from "../../../../src/base/json.ts";
import type { Directive, MeshMessage, Report } from "../../../../src/engine/compute/worker/messages.ts";
import type { Plan } from "../../../../src/engine/sql/plan.ts";
import type { Host } from "../../../../src/ports/host.ts";
import type { EnginePorts } from "../../../../src/ports/engine-ports.ts";
import { Member } from "../../../../src/engine/compute/worker/member.ts";
import { replicaPolicies } from "../../../../src/engine/compute/worker/policies.ts";
import { connectorPolicies } from "../../../../src/engine/connectors/policies.ts";
import { dataflowPolicies } from "../../../../src/engine/dataflow/policies.ts";
import { memoryPersist, stateOf, type MemoryShards } from "../../catalog/memory-persist.ts";
import { MemoryMesh } from "./memory-mesh.ts";
import { peek, view } from "./objects.ts";

const count: Plan = {
  kind: "reduce",
  input: { kind: "get", id: "u1" },
  key: [{ kind: "column", index: 0 }],
  aggregates: [{ fn: "count" }],
};

/** Three members on one mesh over one shard of rows, which is known up to 20 and gets no longer. */
function trio() {
  const mesh = new MemoryMesh(3);
  const shards: MemoryShards = new Map();
  const updates = Array.from({ length: 30 }, (_, id) => [[id % 10], 5, 1] as [Json, number, number]);
  Object.assign(stateOf(shards, "s1"), { upper: 20, updates });
  const reports: { readonly process: number; readonly report: Report }[] = [];
  const worked: number[] = [];
  const members = mesh.members.map((end, index) => {
    const host = {
      emit: (kind: string) => void (kind === "mesh.worked" && worked.push(index)),
      sleep: () => new Promise<void>(() => undefined),
      clock: { wall: () => 0, monotonic: () => 0 },
    } as unknown as Host;
    const never = (): never => {
      throw new Error("no connector in these tests");
    };
    const member = new Member({
      ports: { host } as EnginePorts,
      // Waiting for more than there is never ends.
      persist: memoryPersist(shards, (operation) =>
        operation === "wait" ? new Promise(() => undefined) : Promise.resolve(),
      ),
      mesh: end,
      replica: "r1",
      workersPerProcess: 2,
      policies: { dataflow: dataflowPolicies, replica: replicaPolicies, connectors: connectorPolicies },
      startIngestion: never,
      startSink: never,
      onReport: (process, report) => void reports.push({ process, report }),
    });
    end.onMessage = (from, message) => member.receive(from, message as unknown as MeshMessage);
    return member;
  });
  const direct = (...directives: readonly Directive[]): void => {
    for (const directive of directives) members[0]!.direct(directive);
  };
  return { mesh, shards, reports, worked, direct };
}

describe("members of a replica", () => {
  it("keep rows of a dataflow that they have not heard of until they have", async () => {
    const { mesh, shards, direct } = trio();
    direct(
      { kind: "create", number: 1, object: view("u9", { plan: count, shard: "v" }) },
      { kind: "begin", number: 1, asOf: 10 },
    );
    await mesh.deliver(["0 2"]);
    expect(stateOf(shards, "v").upper).toBe(0);
    await mesh.deliver();
    expect(stateOf(shards, "v").upper).toBe(20);
    expect(stateOf(shards, "v").updates).toHaveLength(10);
  });

  it("keep rows of a view that has not begun with them until it has", async () => {
    const { mesh, shards, direct } = trio();
    direct({ kind: "create", number: 1, object: view("u9", { plan: count, shard: "v" }) });
    await mesh.deliver();
    direct({ kind: "begin", number: 1, asOf: 10 });
    await mesh.deliver(["0 1", "0 2"]);
    await mesh.deliver(["0 1"]);
    await mesh.deliver();
    expect(stateOf(shards, "v").updates).toHaveLength(10);
  });

  it("answer a peek with a part each, all rows in one of them", async () => {
    const { mesh, reports, direct, worked } = trio();
    direct({ kind: "peek", number: 1, peek: peek("p", { plan: count }) });
    await mesh.deliver(["0 1"]);
    expect(reports).toEqual([]);
    await mesh.deliver();
    const rows = reports.flatMap(({ report }) => {
      return report.kind === "peek-part" && "changes" in report.part ? report.part.changes : [];
    });
    expect(rows.map(([entry]) => JSON.stringify(entry)).toSorted()).toEqual(
      Array.from({ length: 10 }, (_, id) => `[${id},3]`),
    );
    expect(new Set(reports.map(({ process }) => process))).toEqual(new Set([0, 1, 2]));
    expect(worked).toHaveLength(3);
  });

  it("let go of what was dropped, whatever is still under way", async () => {
    const { mesh, reports, shards, direct } = trio();
    direct({ kind: "peek", number: 1, peek: peek("p", { plan: count }) });
    await mesh.deliver(["1 2"]);
    direct({ kind: "drop", number: 1 });
    expect(mesh.waiting("1 2")).toBeGreaterThan(0);
    await mesh.deliver();
    expect(reports.filter(({ process }) => process === 2)).toEqual([]);
    direct(
      { kind: "create", number: 2, object: view("u9", { plan: count, shard: "v" }) },
      { kind: "drop", number: 2 },
      { kind: "begin", number: 2, asOf: 10 },
    );
    await mesh.deliver();
    expect(stateOf(shards, "v").upper).toBe(0);
  });

  it("say all of a step to a peer in one message, and once how far each exchange of a dataflow has come", async () => {
    const { mesh, shards, direct } = trio();
    const updates = [[[3], 5, 1] as [Json, number, number]];
    Object.assign(stateOf(shards, "s2"), { upper: 20, updates });
    const sources = ["s1", "s2"].map((shard, place) => ({ id: `u${place + 1}`, shard }));
    const join: Plan = { kind: "join", left: count, right: { kind: "get", id: "u2" }, leftKey: [0], rightKey: [0] };
    for (const number of [1, 2, 3]) direct({ kind: "peek", number, peek: peek(`p${number}`, { plan: join, sources }) });
    await new Promise((resolve) => setImmediate(resolve));
    for (const way of ["0 1", "0 2"]) {
      const [message, ...others] = mesh.messages(way) as unknown as readonly MeshMessage[];
      expect(others).toEqual([]);
      const { directives, parcels } = message!;
      expect(directives.map(({ kind }) => kind)).toEqual(["peek", "peek", "peek"]);
      const frontiers = parcels.flatMap(([number, parcel]) => parcel.frontiers.map(([edge]) => `${number} ${edge}`));
      expect(frontiers.length).toBeGreaterThanOrEqual(3);
      expect(new Set(frontiers).size).toBe(frontiers.length);
    }
    await mesh.deliver();
  });
});
