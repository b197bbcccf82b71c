import { beforeAll, describe, expect, it } from "vitest";
import { installAmbient } from "../../src/ambient/install.ts";
import { epochMicros } from "../../src/machine/clock.ts";
import type { Host } from "../../src/ports/host.ts";
import { Tank } from "./tank.ts";

interface Draws {
  readonly port: readonly number[];
  readonly ambient: readonly number[];
}

/** What each incarnation draws, by label; `noise` is how much every other process draws and does besides. */
async function draws(seed: string, noise = 0): Promise<Map<string, Draws>> {
  const tank = new Tank({ seed });
  const drawn = new Map<string, Draws>();
  const program = async (host: Host): Promise<void> => {
    const port: number[] = [];
    const ambient: number[] = [];
    for (let round = 0; round < 8; round++) {
      port.push(host.random(1_000_000));
      ambient.push(Math.random());
      await host.sleep("100ms");
    }
    drawn.set(host.process, { port, ambient });
  };
  tank.start("a", program, { restart: "always" });
  tank.start("b", program, { restart: "always" });
  for (let index = 0; index < noise; index++) {
    tank.start(`noise-${index}`, async (host) => {
      for (let round = 0; round < 50; round++) {
        Math.random();
        host.random(7);
        await host.sleep("7ms");
      }
    });
  }
  tank.at("5s", () => tank.controls.host("a").crash());
  await tank.run("20s");
  return drawn;
}

beforeAll(() => installAmbient());

describe("entropy", () => {
  it("is a function of the seed, the process and the incarnation, whoever else draws", async () => {
    const base = await draws("seed-1");
    expect([...base.keys()].toSorted()).toEqual(["a#1", "a#2", "b#1"]);
    expect(await draws("seed-1")).toEqual(base);
    expect(await draws("seed-1", 3)).toEqual(base);
  });

  it("differs between seeds, processes, incarnations, and the port and Math.random", async () => {
    const series = new Set<string>();
    for (const seed of ["seed-1", "seed-2"]) {
      for (const { port, ambient } of (await draws(seed)).values()) {
        series.add(port.join());
        series.add(ambient.map((value) => Math.floor(value * 1_000_000)).join());
      }
    }
    expect(series.size).toBe(12);
  });

  it("is even, and within its bounds", async () => {
    const tank = new Tank();
    const counts = Array.from({ length: 10 }, () => 0);
    let mean = 0;
    tank.start("a", (host) => {
      for (let index = 0; index < 10_000; index++) {
        counts[host.random(10)]!++;
        const value = Math.random();
        if (!(value >= 0 && value < 1)) mean = Number.NaN;
        mean += value / 10_000;
      }
      expect(host.random(1)).toBe(0);
    });
    await tank.run();
    expect(counts).toHaveLength(10);
    expect(Math.min(...counts)).toBeGreaterThan(900);
    expect(Math.max(...counts)).toBeLessThan(1_100);
    expect(mean).toBeGreaterThan(0.48);
    expect(mean).toBeLessThan(0.52);
  });
});

describe("ambient time", () => {
  it("is that of the process's own host, with what is wrong with it", async () => {
    const tank = new Tank();
    const seen = new Map<string, { date: number; wall: number; passed: number }>();
    const program = async (host: Host): Promise<void> => {
      const began = performance.now();
      await new Promise((resolve) => setTimeout(resolve, 2_000));
      const passed = Math.round(performance.now() - began);
      seen.set(host.name, { date: Date.now(), wall: host.clock.wall(), passed });
    };
    tank.start("right", program);
    tank.start("wrong", program);
    tank.controls.host("wrong").clock.offset(-86_400_000_000);
    tank.at("1s", () => tank.controls.host("wrong").clock.freeze());
    await tank.run();
    const epoch = epochMicros / 1_000;
    expect(seen.get("right")).toEqual({ date: epoch + 2_000, wall: epochMicros + 2_000_000, passed: 2_000 });
    expect(seen.get("wrong")).toEqual({
      date: epoch + 1_000 - 86_400_000,
      wall: epochMicros + 1_000_000 - 86_400_000_000,
      passed: 2_000,
    });
  });

  it("is real outside of the run, before and after", async () => {
    const before = Date.now();
    expect(before).toBeGreaterThan(epochMicros / 1_000);
    await draws("seed-1");
    expect(Date.now()).toBeGreaterThanOrEqual(before);
    expect(Math.random()).not.toBe(Math.random());
  });
});
