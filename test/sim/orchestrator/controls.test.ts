import { describe, expect, it } from "vitest";
import { micros } from "../../../src/base/time.ts";
import { outcome } from "../../machine/tank.ts";
import { replica, withOrchestrator } from "./stage.ts";

describe("the controls of the orchestrator", () => {
  it("slow it down until healed: it does what it was asked for when nobody waits any more", async () => {
    const tank = await withOrchestrator(async ({ client, controls, tank: { controls: world }, host, running }) => {
      const heal = controls.slow(micros(2_000_000));
      await client.ensure(replica("g1-r2", 1));
      const healMore = controls.slow(micros(2_000_000));
      expect(await outcome(client.ensure(replica("g1-r3", 1)))).toBe("!unavailable?");
      expect(running()).toEqual(["clusterd-r2-0"]);
      await host.sleep("2s");
      expect(running()).toEqual(["clusterd-r2-0", "clusterd-r3-0"]);
      heal();
      heal();
      healMore();
      const from = world.now;
      expect(await client.list("")).toHaveLength(2);
      expect(world.now - from).toBeLessThan(100_000);
    });
    expect(tank.of("orchestrator.slowed")).toEqual([{ op: "ensure" }, { op: "ensure" }]);
  });

  it("lose answers, before the effect or after it", async () => {
    const tank = await withOrchestrator(async ({ client, controls }) => {
      const healAfter = controls.loseAnswers(1);
      expect(await outcome(client.ensure(replica("g1-r2", 1)))).toBe("!unavailable?");
      healAfter();
      const healBefore = controls.loseAnswers(1, "before");
      expect(await outcome(client.ensure(replica("g1-r3", 1)))).toBe("!unavailable?");
      expect(await outcome(client.list(""))).toBe("!unavailable?");
      healBefore();
      healBefore();
      expect((await client.list("")).map(({ name }) => name)).toEqual(["g1-r2"]);
    });
    expect(tank.of("orchestrator.answer-lost")).toEqual([
      { op: "ensure", when: "after" },
      { op: "ensure", when: "before" },
      { op: "list", when: "before" },
    ]);
  });

  it("lose as many as are chosen", async () => {
    const second = (key: string): number => (/^lose-answer\/after\/env-1\/[24]$/.test(key) ? 0 : 1);
    await withOrchestrator(async ({ client, controls }) => {
      controls.loseAnswers(2);
      const told: unknown[] = [];
      for (let times = 0; times < 4; times++) told.push(await outcome(client.remove("g1-r2")));
      expect(told).toEqual([undefined, "!unavailable?", undefined, "!unavailable?"]);
    }, second);
  });

  it("make the processes of one replica fail after each start, until healed", async () => {
    const tank = await withOrchestrator(async ({ client, controls, host }) => {
      await client.ensure(replica("g1-r2", 2));
      await client.ensure(replica("g1-r3", 1));
      await host.sleep("1s");
      const heal = controls.failStarts("g1-r3");
      await client.ensure(replica("g1-r4", 1));
      const healOther = controls.failStarts("g1-r4");
      await host.sleep("30s");
      const ends = async () => (await client.list("")).map(({ states }) => states.map(({ ends: count }) => count));
      const before = await ends();
      // What runs already is left alone; who wants it to fail has to end it.
      expect(before.slice(0, 2)).toEqual([[0, 0], [0]]);
      expect(before[2]![0]).toBeGreaterThan(5);
      const [, , failing] = await client.list("");
      expect(failing!.states[0]!.reason).toBe("out-of-memory");
      healOther();
      heal();
      await host.sleep("10s");
      const healed = await ends();
      await host.sleep("30s");
      expect(await ends()).toEqual(healed);
      expect((await client.list("g1-r4"))[0]!.states[0]!.state).toBe("running");
    });
    expect(tank.of("replica.failed").length).toBeGreaterThan(5);
    expect(tank.of("replica.failed")[0]).toEqual({ service: "g1-r4", host: "clusterd-r4-0" });
  });

  it("tell where everything runs, without what is on its way out", async () => {
    await withOrchestrator(async ({ client, controls, host }) => {
      await client.ensure(replica("g2-r2", 2));
      await client.ensure(replica("g1-r1", 1));
      await host.sleep("1s");
      const known = { name: "g2-r2", hosts: ["clusterd-g2-r2-0", "clusterd-g2-r2-1"] };
      expect(controls.host).toBe("orchestrator");
      expect(controls.services()).toEqual([{ name: "g1-r1", hosts: ["clusterd-0"] }, known]);
      await client.remove("g1-r1");
      expect(controls.services()).toEqual([known]);
    });
  });
});
