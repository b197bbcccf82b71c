import { describe, expect, it } from "vitest";
import { outcome, Tank } from "./tank.ts";

describe("a pause", () => {
  it("lets nothing run; then the zombie wakes up, works off what came meanwhile and acts", async () => {
    const tank = new Tank();
    const seen: string[] = [];
    const note = (what: string): unknown => seen.push(`${what} ${Math.floor(tank.now / 1_000_000)}`);
    tank.start("server", async (host) => {
      await host.listen(1, () => note("handled"));
      for (let tick = 0; tick < 6; tick++) {
        await host.sleep("1s");
        note("tick");
      }
    });
    tank.start("client", async (host) => {
      await host.sleep("2500ms");
      note((await outcome(host.call("server:1", 1, { timeout: "1s" }))) as string);
    });
    const heals: (() => void)[] = [];
    tank.at("1500ms", () => heals.push(tank.controls.host("server").pause()));
    tank.at("4500ms", () => (heals[0]!(), heals[0]!()));
    await tank.run();
    expect(seen.slice(0, 2)).toEqual(["tick 1", "!ETIMEDOUT? 3"]);
    expect(seen.slice(2, 4).toSorted()).toEqual(["handled 4", "tick 4"]);
    expect(seen.slice(4)).toEqual(["tick 5", "tick 6", "tick 7", "tick 8"]);
    expect(tank.of("process.delayed")).toEqual([{ host: "server", process: "server#1" }]);
  });

  it("lasts until every one of them is healed", async () => {
    const tank = new Tank();
    const woken: number[] = [];
    tank.start("server", async (host) => {
      await host.sleep("1s");
      woken.push(Math.floor(tank.now / 1_000_000));
    });
    const heals: (() => void)[] = [];
    tank.at("500ms", () => heals.push(tank.controls.host("server").pause(), tank.controls.host("server").pause()));
    tank.at("2s", () => (heals[0]!(), heals[0]!()));
    tank.at("5s", () => heals[1]!());
    await tank.run();
    expect(woken).toEqual([5]);
  });

  it("reaches processes that start meanwhile, and that is its witness too", async () => {
    const tank = new Tank();
    const began: number[] = [];
    tank.start("server", () => began.push(Math.floor(tank.now / 1_000)), { restart: "always" });
    const heals: (() => void)[] = [];
    tank.at("1s", () => tank.controls.host("server").crash());
    tank.at("1100ms", () => heals.push(tank.controls.host("server").pause()));
    tank.at("5s", () => heals[0]!());
    await tank.run();
    expect(began).toEqual([0, 5_000]);
    expect(tank.of("process.delayed")).toEqual([{ host: "server", process: "server#2" }]);
  });

  it("that nothing waited for leaves no witness, and the next one leaves its own", async () => {
    const tank = new Tank();
    tank.start("server", (host) => host.sleep("10s").then(() => host.sleep("10s")));
    const pauseFor = (from: number, to: number): void => {
      let heal = (): void => undefined;
      tank.at(`${from}s`, () => (heal = tank.controls.host("server").pause()));
      tank.at(`${to}s`, () => heal());
    };
    pauseFor(1, 5);
    pauseFor(9, 11);
    pauseFor(12, 13);
    pauseFor(20, 22);
    await tank.run();
    expect(tank.momentsOf("process.delayed").map((at) => Math.floor(at / 1_000_000))).toEqual([10, 21]);
  });

  it("does not save from a crash", async () => {
    const tank = new Tank();
    tank.start("server", () => undefined);
    tank.at("1s", () => tank.controls.host("server").pause());
    tank.at("2s", () => expect(tank.controls.host("server").crash()).toBe(1));
    await tank.run();
    expect(tank.momentsOf("process.crashed")).toEqual([2_000_000]);
  });
});

describe("virtual CPU time", () => {
  /** How long the answers to ten requests at one moment take in all, µs. */
  async function answerTen(factor: number, perRequest: number): Promise<{ took: number; slowed: number }> {
    const tank = new Tank();
    let took = 0;
    tank.start("server", (host) =>
      host.listen(1, () => {
        host.cpu(`${perRequest}us`);
        return "ok";
      }),
    );
    tank.start("client", async (host) => {
      await host.sleep("1s");
      await host.call("server:1", 0);
      await host.sleep("5s");
      const began = tank.now;
      await Promise.all(Array.from({ length: 10 }, () => host.call("server:1", 0, { timeout: "1h" })));
      took = tank.now - began;
    });
    if (factor > 1) tank.at("500ms", () => tank.controls.host("server").slowCpu(factor));
    await tank.run("2h");
    return { took, slowed: tank.of("cpu.slowed").length };
  }

  it("that a request takes is waited for by the next ones, and by its own reply", async () => {
    const quick = await answerTen(1, 0);
    const busy = await answerTen(1, 100_000);
    expect(quick.took).toBeLessThan(30_000);
    expect(busy.took).toBeGreaterThanOrEqual(1_000_000);
    expect(busy.took).toBeLessThan(1_030_000);
  });

  it("is multiplied by a slow CPU, whose witness is left once a process", async () => {
    const slow = await answerTen(1_000, 1_000);
    expect(slow.took).toBeGreaterThanOrEqual(10_000_000);
    expect(slow.took).toBeLessThan(10_200_000);
    expect(slow.slowed).toBe(1);
    expect((await answerTen(1, 1_000)).slowed).toBe(0);
  });

  it("is as before once the CPU is healed; slow CPUs add up, and reach processes that start meanwhile", async () => {
    const tank = new Tank();
    const costs: number[] = [];
    tank.start(
      "server",
      async (host) => {
        for (;;) {
          const began = tank.now;
          host.cpu("10ms");
          // The disk is asked when the dispatch has ended.
          await host.disk.read("x");
          costs.push(Math.floor((tank.now - began) / 10_000));
          await host.sleep("1s");
        }
      },
      { restart: "always", backoff: "100ms" },
    );
    const heals: (() => void)[] = [];
    const { slowCpu, crash } = tank.controls.host("server");
    tank.at("500ms", () => heals.push(slowCpu(10)));
    tank.at("1500ms", () => heals.push(slowCpu(6)));
    tank.at("2500ms", () => heals[0]!());
    tank.at("3800ms", () => crash());
    tank.at("4500ms", () => heals.forEach((heal) => (heal(), heal())));
    await tank.run("6s");
    expect(costs.slice(0, 3)).toEqual([1, 10, 15]);
    expect(costs.slice(3, -1)).toContain(6);
    expect(costs.at(-1)).toBe(1);
    expect(tank.of("cpu.slowed")).toContainEqual({ host: "server", process: "server#2" });
  });

  it("and a pause at the same time leave a witness each", async () => {
    const tank = new Tank();
    tank.start("server", async (host) => {
      for (;;) await host.sleep("100ms");
    });
    const { slowCpu, pause } = tank.controls.host("server");
    const heals: (() => void)[] = [];
    tank.at("1s", () => heals.push(pause(), slowCpu(50)));
    tank.at("2s", () => heals[0]!());
    await tank.run("3s");
    expect([tank.of("process.delayed").length, tank.of("cpu.slowed").length]).toEqual([1, 1]);
  });
});
