/** Replicas as services of a whole world: those that an environment is deployed with, others, and what is reaped. */
import { describe, expect, it } from "vitest";
import { crash } from "../../src/faults/public.ts";
import type { Orchestrator, ServiceState } from "../../src/ports/orchestrator.ts";
import type { World } from "../../src/ports/world.ts";
import { orchestratorClient } from "../../src/sim/orchestrator/client.ts";
import { enginePolicies, StreamingWorld, type StreamingWorldOptions } from "../../src/streaming.ts";
import { runBody } from "../support/bodies.ts";

/** Asks the orchestrator of a world as somebody who is none of its environments. */
function operator(world: World): Orchestrator {
  return orchestratorClient(world.host("operator"), "orchestrator:6443");
}

function begin(world: World, options: Partial<StreamingWorldOptions> = {}): StreamingWorld {
  return new StreamingWorld({ world, policies: enginePolicies, ...options });
}

const states = (services: readonly ServiceState[]): readonly string[] =>
  services.map((service) => `${service.name}: ${service.states.map(({ state, ends }) => `${state} ${ends}`).join()}`);

describe("the services of a world", () => {
  it("begin with the first replica of the first generation, of the size that the topology says", async () => {
    const { verdict } = await runBody(async ({ world }) => {
      const db = begin(world, { topology: { processes: 2, workersPerProcess: 3 } });
      await db.ensure("CREATE TABLE t (n int)");
      const [first, ...others] = await operator(world).list("");
      expect(first).toMatchObject({ name: "g1-r1", processes: 2, workers: 3 });
      expect(others).toEqual([]);
      expect(world.host("clusterd-1").processes()).toEqual(["clusterd-1#1"]);
      expect(world.host("clusterd-2").processes()).toEqual([]);
    });
    expect(verdict).toBe("passed");
  });

  it("can be more: a replica that somebody declares forms a mesh, takes controllers, and goes again", async () => {
    const { verdict, trace } = await runBody(
      async ({ world }) => {
        begin(world);
        const orchestrator = operator(world);
        await world.sleep("1s");
        // Of a generation that no environment leads: one that does would remove what it does not know.
        await orchestrator.ensure({ name: "g7-r2", processes: 3, workers: 1 });
        await world.sleep("15s");
        expect(states(await orchestrator.list("g7-"))).toEqual(["g7-r2: running 0,running 0,running 0"]);
        const connection = await world.host("operator").connect(orchestrator.controlAddress("g7-r2"));
        connection.close();
        await orchestrator.remove("g7-r2");
        await world.sleep("5s");
        for (let index = 0; index < 3; index++) expect(world.host(`clusterd-g7-r2-${index}`).hasLeft()).toBe(true);
      },
      { run: { record: true } },
    );
    expect(verdict).toBe("passed");
    const formed = trace.filter(({ kind, text }) => kind === "mesh.formed" && text.includes('"g7-r2"'));
    expect(formed.map(({ process }) => process).toSorted()).toEqual([
      "clusterd-g7-r2-0#1",
      "clusterd-g7-r2-1#1",
      "clusterd-g7-r2-2#1",
    ]);
  });

  it("end with their generation, once its environment has left", async () => {
    const { verdict } = await runBody(async ({ world }) => {
      const db = begin(world, { topology: { processes: 1 } });
      await db.ensure("CREATE TABLE t (n int)");
      const orchestrator = operator(world);
      db.deploy();
      await world.until(() => world.host("env-1").hasLeft(), { every: "1s" });
      await world.sleep("2s");
      expect((await orchestrator.list("")).map(({ name }) => name)).toEqual(["g2-r1"]);
      expect(world.host("clusterd-0").hasLeft()).toBe(true);
      await expect(orchestrator.ensure({ name: "g1-r2", processes: 1, workers: 1 })).rejects.toMatchObject({
        code: "conflict",
      });
      expect(await db.rows("SELECT 1")).toEqual([[1]]);
    });
    expect(verdict).toBe("passed");
  });

  it("are started again after waits that a world may choose for each host", async () => {
    const { verdict } = await runBody(
      async ({ world, faults }) => {
        const slow = { first: "2m", max: "2m" } as const;
        const quick = { first: "1s", max: "1s" } as const;
        const db = begin(world, { restarts: (host) => (host === "clusterd-1" ? slow : quick) });
        await db.ensure("CREATE TABLE t (n int)");
        const orchestrator = operator(world);
        faults.inject(crash, { host: "clusterd-1" });
        faults.inject(crash, { host: "clusterd-2" });
        await world.sleep("100s");
        const [service] = await orchestrator.list("g1-");
        expect(service!.states[1]).toMatchObject({ state: "waiting", reason: "killed", ends: 1 });
        expect(service!.states[2]!.ends).toBeGreaterThan(0);
        expect(service!.states[2]!.state).toBe("running");
        await world.sleep("40s");
        expect((await orchestrator.list("g1-"))[0]!.states[1]).toMatchObject({ state: "running", ends: 1 });
        expect(await db.rows("SELECT * FROM t")).toEqual([]);
      },
      { faults: [crash()] },
    );
    expect(verdict).toBe("passed");
  });
});
