import { describe, expect, it } from "vitest";
import { outcome } from "../../machine/tank.ts";
import { deployService, reapServices } from "../../../src/sim/orchestrator/server.ts";
import { replica, withOrchestrator } from "./stage.ts";

describe("a declared replica", () => {
  it("is started process by process, some time after it was declared", async () => {
    const latest = (_: string, n: number): number => n - 1;
    const tank = await withOrchestrator(async ({ client, host, running }) => {
      await client.ensure(replica("g1-r2", 2));
      expect(running()).toEqual([]);
      const [service] = await client.list("g1-");
      expect(service).toMatchObject({ name: "g1-r2", processes: 2, workers: 1 });
      const waiting = { state: "waiting", reason: null, ends: 0, since: expect.closeTo(1_001, -1) };
      expect(service!.states).toEqual([
        { index: 0, ...waiting },
        { index: 1, ...waiting },
      ]);
      await host.sleep("4s");
      expect(running()).toEqual(["clusterd-r2-0", "clusterd-r2-1"]);
      const [later] = await client.list("g1-");
      expect(later!.states.map(({ state }) => state)).toEqual(["running", "running"]);
    }, latest);
    expect(tank.of("orchestrator.declared")).toEqual([{ service: "g1-r2", processes: 2, workers: 1, by: "env-1" }]);
  });

  it("may be declared again, and is not started again", async () => {
    const tank = await withOrchestrator(async ({ client, host, running }) => {
      for (let times = 0; times < 3; times++) await client.ensure(replica("g1-r2", 2));
      await host.sleep("1s");
      await client.ensure(replica("g1-r2", 2));
      await host.sleep("1s");
      expect(running()).toEqual(["clusterd-r2-0", "clusterd-r2-1"]);
    });
    expect(tank.of("orchestrator.declared")).toHaveLength(1);
  });

  it("keeps its size; what is no replica is refused", async () => {
    await withOrchestrator(async ({ client }) => {
      await client.ensure(replica("g1-r2", 2));
      expect(await outcome(client.ensure(replica("g1-r2", 3)))).toBe("!conflict?");
      expect(await outcome(client.ensure({ ...replica("g1-r2", 2), workers: 2 }))).toBe("!conflict?");
      for (const name of ["g1-r0", "g01-r1", "r1", "g1-r1-x", "g1-s1", ""]) {
        expect(await outcome(client.ensure(replica(name, 1)))).toBe("!invalid?");
      }
      for (const size of [0, 17, 1.5, -1]) {
        expect(await outcome(client.ensure(replica("g1-r3", size)))).toBe("!invalid?");
        expect(await outcome(client.ensure({ ...replica("g1-r3", 1), workers: size }))).toBe("!invalid?");
      }
      expect((await client.list("")).map(({ name }) => name)).toEqual(["g1-r2"]);
    });
  });

  it("is listed by the beginning of its name, in the order of names", async () => {
    await withOrchestrator(async ({ client }) => {
      for (const name of ["g2-r1", "g1-r3", "g10-r1", "g1-r1"]) await client.ensure(replica(name, 1));
      expect((await client.list("g1-")).map(({ name }) => name)).toEqual(["g1-r1", "g1-r3"]);
      expect((await client.list("")).map(({ name }) => name)).toEqual(["g1-r1", "g1-r3", "g10-r1", "g2-r1"]);
    });
  });

  it("shows how its processes end, and that they were started again", async () => {
    await withOrchestrator(async ({ client, tank, host }) => {
      await client.ensure(replica("g1-r2", 2));
      await host.sleep("1s");
      tank.controls.host("clusterd-r2-1").crash();
      const endedAt = Math.floor(tank.now / 1_000);
      const states = async () => (await client.list("g1-r2"))[0]!.states;
      expect((await states())[1]).toEqual({ index: 1, state: "waiting", reason: "killed", ends: 1, since: endedAt });
      expect((await states())[0]).toMatchObject({ state: "running", reason: null, ends: 0 });
      await host.sleep("2s");
      expect((await states())[1]).toMatchObject({ state: "running", reason: "killed", ends: 1 });
      tank.controls.host("clusterd-r2-1").slowDeath("4s");
      expect((await states())[1]).toMatchObject({ state: "waiting", ends: 2 });
      await host.sleep("10s");
      expect((await states())[1]).toMatchObject({ state: "running", ends: 2 });
    });
  });
});

describe("a removed replica", () => {
  it("ends for good; nobody misses what was never there", async () => {
    const tank = await withOrchestrator(async ({ client, tank: { controls }, host, running }) => {
      await client.ensure(replica("g1-r2", 2));
      await client.ensure(replica("g1-r3", 1));
      await host.sleep("1s");
      await client.remove("g1-r2");
      await client.remove("g1-r2");
      await client.remove("g1-r9");
      expect((await client.list("g1-")).map(({ name }) => name)).toEqual(["g1-r3"]);
      await host.sleep("1s");
      expect(running()).toEqual(["clusterd-r3-0"]);
      controls.host("clusterd-r2-0").crash();
      await host.sleep("20s");
      expect(running()).toEqual(["clusterd-r3-0"]);
    });
    expect(tank.of("orchestrator.removed")).toEqual([{ service: "g1-r2", by: "env-1" }]);
  });

  it("is not started when it was removed before that", async () => {
    const slowly = (key: string, n: number): number => (key.startsWith("start/") ? n - 1 : 0);
    await withOrchestrator(async ({ client, host, running }) => {
      await client.ensure(replica("g1-r2", 2));
      await client.remove("g1-r2");
      await host.sleep("10s");
      expect(running()).toEqual([]);
      expect(await client.list("")).toEqual([]);
    }, slowly);
  });

  it("can come back once it has gone, and nothing of its former life is shown", async () => {
    const slowly = (key: string, n: number): number => (key === "retire/g1-r2/1/1" ? n - 1 : 0);
    await withOrchestrator(async ({ client, host, running, tank }) => {
      await client.ensure(replica("g1-r2", 2));
      await host.sleep("1s");
      tank.controls.host("clusterd-r2-0").crash();
      await client.remove("g1-r2");
      await host.sleep("1s");
      expect(running()).toEqual(["clusterd-r2-1"]);
      expect(await outcome(client.ensure(replica("g1-r2", 1)))).toBe("!unavailable?");
      await host.sleep("3s");
      await client.ensure(replica("g1-r2", 1));
      await host.sleep("1s");
      expect(running()).toEqual(["clusterd-r2-0"]);
      const [service] = await client.list("");
      expect(service!.states).toMatchObject([{ index: 0, state: "running", reason: null, ends: 0 }]);
    }, slowly);
  });
});

describe("the orchestrator's own process", () => {
  it("finds after a crash what it had not come to", async () => {
    const slowly = (key: string, n: number): number => (key.endsWith("/1") ? n - 1 : 0);
    await withOrchestrator(async ({ client, tank, host, running }) => {
      await client.ensure(replica("g1-r2", 2));
      await host.sleep("100ms");
      tank.controls.host("orchestrator").crash();
      expect(running()).toEqual(["clusterd-r2-0"]);
      await host.sleep("5s");
      expect(running()).toEqual(["clusterd-r2-0", "clusterd-r2-1"]);
      await client.remove("g1-r2");
      await host.sleep("100ms");
      tank.controls.host("orchestrator").crash();
      expect(running()).toEqual(["clusterd-r2-1"]);
      await host.sleep("5s");
      expect(running()).toEqual([]);
    }, slowly);
  });

  it("is not needed for processes to be started again, and says unavailable in time while it is away", async () => {
    await withOrchestrator(async ({ client, tank, host, running }) => {
      await client.ensure(replica("g1-r2", 1));
      await host.sleep("1s");
      const up = tank.controls.host("orchestrator").down();
      tank.controls.host("clusterd-r2-0").crash();
      const from = tank.now;
      expect(await outcome(client.ensure(replica("g1-r3", 1)))).toBe("!unavailable?");
      expect(await outcome(client.remove("g1-r2"))).toBe("!unavailable?");
      expect(await outcome(client.list(""))).toBe("!unavailable?");
      expect(tank.now - from).toBeLessThan(9_100_000);
      await host.sleep("3s");
      expect(running()).toEqual(["clusterd-r2-0"]);
      up();
      await host.sleep("3s");
      expect((await client.list("")).map(({ name, states }) => [name, states[0]!.ends])).toEqual([["g1-r2", 1]]);
    });
  });
});

describe("a generation", () => {
  it("is deployed at once, and reaped at once and for good", async () => {
    await withOrchestrator(async ({ client, server, host, running }) => {
      deployService(server, replica("g1-r1", 2));
      expect(running()).toEqual(["clusterd-0", "clusterd-1"]);
      expect(() => deployService(server, replica("g1-r1", 3))).toThrow("g1-r1 cannot be deployed: conflict");
      await client.ensure(replica("g1-r1", 2));
      await client.ensure(replica("g1-r2", 1));
      await client.ensure(replica("g10-r1", 1));
      await host.sleep("1s");
      expect(reapServices(server, "g1-")).toEqual(["g1-r1", "g1-r2"]);
      expect(running()).toEqual(["clusterd-g10-0"]);
      expect(await outcome(client.ensure(replica("g1-r3", 1)))).toBe("!conflict?");
      expect((await client.list("")).map(({ name }) => name)).toEqual(["g10-r1"]);
    });
  });
});
