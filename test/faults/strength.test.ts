import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../src/base/json.ts";
import type { FaultFactory } from "../../src/faults/define-fault.ts";
import { faults } from "../../src/faults/registry.ts";
import { epochMicros } from "../../src/machine/clock.ts";
import { Tank } from "../machine/tank.ts";

/** Two hosts at rest, after one fault. */
function after(kind: keyof typeof faults, params: JsonObject): Tank {
  const tank = new Tank();
  for (const name of ["a", "b"]) tank.start(name, () => undefined, { restart: "always" });
  (faults[kind] as unknown as FaultFactory<JsonObject>).fault.inject(tank.controls, params);
  return tank;
}

/** What is turned on the ways from `a` to `b` and back. */
function ways(tank: Tank): unknown {
  return (
    [
      ["a", "b"],
      ["b", "a"],
    ] as const
  ).map(([from, to]) => {
    const { blocks, clogs, delayMicros, breaks } = tank.room.network.link(from, to);
    return { blocks, clogs, delayMicros, breaks };
  });
}

const untouched = { blocks: 0, clogs: 0, delayMicros: 0, breaks: [] };

describe("a fault between two hosts", () => {
  const pair = { a: "a", b: "b" };

  it("works both ways where it says between, and one way where it says from and to", () => {
    const slow = { ...untouched, delayMicros: 70_000 };
    expect(ways(after("net.latency", { ...pair, ms: 70 }))).toEqual([slow, slow]);
    const lossy = { ...untouched, breaks: [9] };
    expect(ways(after("net.connection-loss", { ...pair, oneIn: 9 }))).toEqual([lossy, lossy]);
    expect(ways(after("net.one-way-partition", pair))).toEqual([{ ...untouched, blocks: 1 }, untouched]);
    expect(ways(after("net.clog", pair))).toEqual([{ ...untouched, clogs: 1 }, untouched]);
    const cut = { ...untouched, blocks: 1 };
    expect(ways(after("net.partition", { side: 1 }))).toEqual([cut, cut]);
  });

  it("never takes a host for its own other end, whatever the numbers", () => {
    for (const a of [0, 1, 7]) {
      for (const b of [0, 1, 7]) {
        const found = ways(after("net.clog", { a, b })) as readonly { clogs: number }[];
        expect(found.map(({ clogs }) => clogs).toSorted((x, y) => x - y)).toEqual([0, 1]);
      }
    }
  });
});

describe("a fault of one host", () => {
  const host = "b";

  it("is as strong as its parameters say, in their units, and spares the other host", () => {
    const clock = (tank: Tank, name: string): readonly number[] => {
      const machine = tank.room.machine(name);
      return [machine.clock.wallMicros() - epochMicros, machine.clock.virtualDelay(1_000_000)];
    };
    const offset = after("clock.offset", { host, byMs: -1_500 });
    expect([clock(offset, "a"), clock(offset, "b")]).toEqual([
      [0, 1_000_000],
      [-1_500_000, 1_000_000],
    ]);
    const drift = after("clock.drift", { host, partsPerThousand: 50 });
    expect([clock(drift, "a"), clock(drift, "b")]).toEqual([
      [0, 1_000_000],
      [0, 952_381],
    ]);
    const machines = ({ room }: Tank) => [room.machine("a"), room.machine("b")];
    expect(machines(after("disk.slow", { host, ms: 30 })).map(({ disk }) => disk.delayMicros)).toEqual([0, 30_000]);
    expect(machines(after("disk.errors", { host, oneIn: 4 })).map(({ disk }) => disk.failures)).toEqual([[], [4]]);
    expect(machines(after("disk.full", { host })).map(({ disk }) => disk.fills)).toEqual([0, 1]);
    expect(machines(after("process.slow-cpu", { host, factor: 40 })).map(({ cpuFactor }) => cpuFactor)).toEqual([
      1, 40,
    ]);
    expect(machines(after("net.refuse", { host })).map(({ refusals }) => refusals)).toEqual([0, 1]);
  });

  it("lets a dying process linger, and a stopped one have its grace, for as long as it says", async () => {
    const lingering = after("process.slow-death", { host, lingerMs: 1_250 });
    await lingering.run("5s");
    expect(lingering.momentsOf("process.crashed")).toEqual([1_250_000]);
    const stopping = after("process.graceful-stop", { host, graceMs: 750 });
    await stopping.run("5s");
    expect(stopping.momentsOf("process.crashed")).toEqual([750_000]);
  });
});
