import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { UsageError } from "../../src/base/errors.ts";
import { crash } from "../../src/faults/crash.ts";
import { defineFault } from "../../src/faults/define-fault.ts";
import { partition } from "../../src/faults/partition.ts";
import { slowDisk } from "../../src/faults/slow-disk.ts";
import { Tank } from "../machine/tank.ts";

const parts = { doc: "Does nothing.", witness: "nothing", params: {}, inject: () => undefined };

describe("a fault of one's own", () => {
  it("has defaults: recoverable, lasting from 100 ms to 10 s, at most four a plan", () => {
    const own = defineFault({ id: "own.fault", ...parts });
    expect(own.fault).toMatchObject({ recoverable: true, lasts: { min: 100_000, max: 10_000_000 } });
    expect(own()).toMatchObject({ fault: own.fault, max: 4, params: {} });
    const changed = defineFault({ id: "own.fault", ...parts, recoverable: false, lasts: { min: "1ms", max: "2s" } });
    expect(changed.fault).toMatchObject({ recoverable: false, lasts: { min: 1_000, max: 2_000_000 } });
  });

  it("is refused with an id that is not area.effect", () => {
    for (const id of ["slow", "Disk.slow", "disk.", ".slow", "disk slow.x", "a.b.c"]) {
      expect(() => defineFault({ id, ...parts })).toThrow(UsageError);
    }
    expect(() => defineFault({ id: "slow", ...parts })).toThrow('fault id "slow": write area.effect, like "disk.slow"');
  });

  it("gets its hosts from on, its parameters from params and its number from max", () => {
    const use = slowDisk({ on: ["a", "b"], params: { ms: fc.constant(7) }, max: 2 });
    const drawn = fc.sample(fc.record(use.params), { numRuns: 50, seed: 1 });
    expect(new Set(drawn.map(({ host }) => host))).toEqual(new Set(["a", "b"]));
    expect(new Set(drawn.map(({ ms }) => ms))).toEqual(new Set([7]));
    expect(use.max).toBe(2);
    expect(fc.sample(slowDisk().params["host"]!, { numRuns: 50, seed: 1 }).every(Number.isInteger)).toBe(true);
  });

  it("refuses on where it has no host, and an on that names none", () => {
    expect(() => partition({ on: ["a"] })).toThrow('fault net.partition takes no "on": it has no parameter "host"');
    expect(() => crash({ on: [] })).toThrow('fault process.crash: "on" names no host');
  });
});

describe("a partition", () => {
  it("cuts every way between its two sides and none within one, for any mask", async () => {
    const names = ["a", "b", "c", "d"];
    for (let side = 0; side < 4_096; side += 37) {
      const tank = new Tank();
      for (const name of names) tank.start(name, () => undefined);
      const heal = partition.fault.inject(tank.controls, { side })!;
      const isCut = (from: string, to: string): boolean => tank.room.network.link(from, to).blocks === 1;
      const withA = names.filter((name) => name === "a" || !isCut("a", name));
      expect(withA.length).toBeLessThan(names.length);
      for (const from of names) {
        for (const to of names) expect(isCut(from, to)).toBe(withA.includes(from) !== withA.includes(to));
      }
      heal();
      expect(names.some((from) => names.some((to) => isCut(from, to)))).toBe(false);
    }
  });

  it("needs two hosts", () => {
    const tank = new Tank();
    tank.start("alone", () => undefined);
    expect(partition.fault.inject(tank.controls, { side: 1 })).toBeUndefined();
  });
});

describe("a target", () => {
  it("given by number is one of the hosts that run programs, whatever the number", () => {
    const tank = new Tank();
    for (const name of ["a", "b", "c"]) tank.start(name, () => undefined);
    tank.room.machine("client");
    expect([0, 1, 2, 3, 99, -1].map((role) => tank.controls.resolve(role))).toEqual(["a", "b", "c", "a", "a", "b"]);
    expect(tank.controls.resolve("client")).toBe("client");
    expect(tank.controls.resolve("nobody")).toBeUndefined();
    expect(new Tank().controls.resolve(3)).toBeUndefined();
  });
});
