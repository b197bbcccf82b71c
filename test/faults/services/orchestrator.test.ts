/** Faults of the orchestrator and of the replicas that it runs: each bites, is healed, and needs a world that has them. */
import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../src/base/json.ts";
import {
  orchestratorDown,
  orchestratorLostAnswers,
  orchestratorSlow,
  replicaCrash,
  replicaCrashLoop,
  type FaultFactory,
} from "../../../src/faults/public.ts";
import { outcome, Tank } from "../../machine/tank.ts";
import { replica, withOrchestrator, type Stage } from "../../sim/orchestrator/stage.ts";

interface Row {
  readonly factory: FaultFactory<never>;
  readonly params: JsonObject;
  /** What `list` comes to while it lasts. */
  readonly told: string;
}

const rows: readonly Row[] = [
  { factory: orchestratorDown as never, params: {}, told: "!unavailable?" },
  { factory: orchestratorSlow as never, params: { ms: 4_000 }, told: "!unavailable?" },
  { factory: orchestratorLostAnswers as never, params: { oneIn: 1, when: "after" }, told: "!unavailable?" },
  { factory: replicaCrash as never, params: { prefix: "g1-r2" }, told: "g1-r1,g1-r2" },
  { factory: replicaCrashLoop as never, params: { service: 1 }, told: "g1-r1,g1-r2" },
];

/** Two replicas at work. */
async function begun({ client, host }: Stage): Promise<void> {
  await client.ensure(replica("g1-r1", 2));
  await client.ensure(replica("g1-r2", 2));
  await host.sleep("1s");
}

describe("faults of the orchestrator and its replicas", () => {
  for (const { factory, params, told } of rows) {
    const { fault } = factory;

    it(`${fault.id} leaves its witness while it lasts, and is healed`, async () => {
      const tank = await withOrchestrator(async (stage) => {
        await begun(stage);
        const { client, tank: room, host } = stage;
        expect(room.of(fault.witness)).toEqual([]);
        const heal = fault.inject(room.controls, params as never);
        const names = async () => (await client.list("")).map(({ name }) => name).join();
        expect(await outcome(names())).toBe(told);
        await host.sleep("10s");
        heal?.();
        heal?.();
        await host.sleep("10s");
        const seen = room.of(fault.witness).length;
        expect(seen).toBeGreaterThan(0);
        expect((await client.list("")).flatMap(({ states }) => states.map(({ state }) => state))).toEqual(
          Array(4).fill("running"),
        );
        await host.sleep("30s");
        expect(room.of(fault.witness)).toHaveLength(seen);
      });
      expect(tank.kernel.failure).toBeNull();
    });

    it(`${fault.id} does nothing in a world without an orchestrator`, () => {
      const tank = new Tank();
      tank.start("server", () => undefined);
      fault.inject(tank.controls, params as never)?.();
      expect(tank.room.services[0]!.isRunning).toBe(true);
    });
  }

  it("replica.crash names a replica, a place among them or the beginning of hosts", async () => {
    await withOrchestrator(async (stage) => {
      await begun(stage);
      const { tank, host } = stage;
      const struck = async (prefix: string | number): Promise<readonly unknown[]> => {
        const before = tank.of("process.crashed").length;
        replicaCrash.fault.inject(tank.controls, { prefix });
        const hosts = tank.of("process.crashed").slice(before) as unknown as readonly { readonly host: string }[];
        await host.sleep("15s");
        return hosts.map(({ host: name }) => name);
      };
      expect(await struck("g1-r2")).toEqual(["clusterd-r2-0", "clusterd-r2-1"]);
      expect(await struck(0)).toEqual(["clusterd-0", "clusterd-1"]);
      expect(await struck(3)).toEqual(["clusterd-r2-0", "clusterd-r2-1"]);
      expect(await struck("clusterd")).toHaveLength(4);
      expect(await struck("g7-r1")).toEqual([]);
    });
  });

  it("replica.crash-loop leaves other replicas alone", async () => {
    await withOrchestrator(async (stage) => {
      await begun(stage);
      const { tank, host, client } = stage;
      replicaCrashLoop.fault.inject(tank.controls, { service: "g1-r1" });
      await host.sleep("40s");
      const ends = (await client.list("")).map(({ states }) => states.map(({ ends: count }) => count));
      expect(Math.min(...ends[0]!)).toBeGreaterThan(5);
      expect(ends[1]).toEqual([0, 0]);
    });
  });
});
