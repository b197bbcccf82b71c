import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseServiceName, serviceHost, serviceHosts } from "../../../src/sim/orchestrator/places.ts";

const part = fc.integer({ min: 1, max: 120 });

describe("the places of replicas", () => {
  it("are those that faults and scenarios name", () => {
    expect(serviceHosts({ name: "g1-r1", processes: 2 })).toEqual(["clusterd-0", "clusterd-1"]);
    expect(serviceHost("g2-r1", 0)).toBe("clusterd-g2-0");
    expect(serviceHost("g1-r2", 3)).toBe("clusterd-r2-3");
    expect(serviceHost("g12-r34", 15)).toBe("clusterd-g12-r34-15");
    expect(() => serviceHost("g1-x", 0)).toThrow('"g1-x" is no service: write generation and replica, like g1-r1');
  });

  it("are different for every process of every replica of every generation", () => {
    fc.assert(
      fc.property(part, part, fc.nat(15), part, part, fc.nat(15), (g, r, i, otherG, otherR, otherI) => {
        const isSame = g === otherG && r === otherR && i === otherI;
        expect(serviceHost(`g${g}-r${r}`, i) === serviceHost(`g${otherG}-r${otherR}`, otherI)).toBe(isSame);
      }),
    );
  });

  it("follow from names that can be read back", () => {
    fc.assert(
      fc.property(part, part, (generation, number) => {
        expect(parseServiceName(`g${generation}-r${number}`)).toEqual({ generation, replica: `r${number}` });
      }),
    );
    expect(["g0-r1", "g1-r01", "G1-r1", "g1-r1 ", "g1_r1"].map(parseServiceName)).toEqual(Array(5).fill(undefined));
  });
});
