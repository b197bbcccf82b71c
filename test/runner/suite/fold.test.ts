import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foldHashes, lostResult, lostRunsMax, ScenarioFold } from "../../../src/runner/suite/fold.ts";
import type { RunResult } from "../../../src/runner/pool/messages.ts";
import { failing, passed, scenarioInfo } from "../../support/run-results.ts";

function folded(results: readonly RunResult[], total: number, failuresMax = 5): ScenarioFold {
  const fold = new ScenarioFold(scenarioInfo(), total, failuresMax);
  for (const result of results) fold.add(result.index, result);
  return fold;
}

const many = (count: number): RunResult[] => Array.from({ length: count }, (_, index) => passed(index));

describe("folding", () => {
  it("comes to the same whatever order results arrive in", () => {
    const kind = fc.oneof(
      { weight: 4, arbitrary: fc.constant("") },
      { weight: 1, arbitrary: fc.constantFrom("A", "B:x", "C", "hung:server") },
    );
    const arrivals = fc.array(kind, { minLength: 1, maxLength: 40 }).chain((kinds) => {
      const results = kinds.map((signature, index) => (signature === "" ? passed(index) : failing(index, signature)));
      return fc.tuple(
        fc.constant(results),
        fc.shuffledSubarray(results, { minLength: results.length, maxLength: results.length }),
      );
    });
    fc.assert(
      fc.property(arrivals, fc.integer({ min: 1, max: 3 }), ([inOrder, shuffled], failuresMax) => {
        const one = folded(inOrder, inOrder.length, failuresMax);
        const other = folded(shuffled, inOrder.length, failuresMax);
        expect(other.result()).toEqual(one.result());
        expect(other.groups()).toEqual(one.groups());
        expect(other.isOver).toBe(true);
      }),
    );
  });

  it("gives another hash when two runs change places or one differs", () => {
    const [first, second] = [passed(0), passed(1)];
    const hashes = [
      folded([first, second], 2),
      folded(
        [
          { ...second, index: 0 },
          { ...first, index: 1 },
        ],
        2,
      ),
      folded([first, { ...second, hash: "0".repeat(16) }], 2),
    ].map((fold) => fold.result().hash);
    expect(new Set(hashes).size).toBe(3);
  });

  it("stops at the seed that brings the last distinct failure allowed and counts nothing after it", () => {
    const results = many(10);
    results[2] = failing(2, "A");
    results[3] = failing(3, "A");
    results[5] = failing(5, "B");
    results[7] = failing(7, "C");
    const { seeds, failedSeeds, found } = folded(results.toReversed(), 10, 2).result();
    expect({ seeds, failedSeeds, found }).toEqual({ seeds: 6, failedSeeds: 3, found: 2 });
  });

  it("does not stop early for a late failure that arrives before earlier seeds", () => {
    const fold = new ScenarioFold(scenarioInfo(), 10, 1);
    fold.add(7, failing(7, "A"));
    expect(fold.isOver).toBe(false);
    for (let index = 0; index < 7; index++) fold.add(index, passed(index));
    expect(fold.isOver).toBe(true);
    expect(fold.result().seeds).toBe(8);
  });

  it(`stops at the ${lostRunsMax}rd run that had to be given up`, () => {
    const results = many(20);
    for (const index of [1, 4, 6, 9]) results[index] = lostResult(passed(index), "hung", "no progress");
    const { seeds, failedSeeds, found } = folded(results, 20).result();
    expect({ seeds, failedSeeds, found }).toEqual({ seeds: 7, failedSeeds: 3, found: 1 });
  });

  it("takes a result once, and none after the end", () => {
    const fold = folded([passed(0), passed(0, { events: 99 })], 2);
    expect(fold.result().events).toBe(10);
    fold.finish();
    fold.add(1, passed(1));
    expect(fold.result().seeds).toBe(1);
  });

  it("keeps what arrived when it is ended with seeds missing in between", () => {
    const fold = folded([passed(0), failing(4, "A"), passed(2)], 10);
    expect(fold.groups()).toEqual([]);
    fold.finish();
    expect(fold.result()).toMatchObject({ seeds: 3, failedSeeds: 1, seedsPlanned: 10 });
  });
});

describe("what a fold knows", () => {
  it("groups failing seeds by signature in the order of their first seeds", () => {
    const results = [failing(0, "B"), failing(1, "A"), failing(2, "B")];
    const groups = folded(results, 3).groups();
    expect(groups.map(({ signature, seeds }) => [signature, seeds.map(({ seed }) => seed)])).toEqual([
      ["B", ["seed0", "seed2"]],
      ["A", ["seed1"]],
    ]);
  });

  it("counts faults by family, and families that never bit or were never drawn as inert", () => {
    const info = scenarioInfo("made-up", { faults: ["net.cut", "disk.full", "clock.jump"] });
    const fold = new ScenarioFold(info, 2, 5);
    fold.add(0, passed(0, { faults: [{ fault: "net.cut", injected: 2, bit: 1 }] }));
    fold.add(
      1,
      passed(1, {
        faults: [
          { fault: "net.cut", injected: 1, bit: 0 },
          { fault: "disk.full", injected: 1, bit: 0 },
        ],
      }),
    );
    const { faults, inertFaults } = fold.result();
    expect(faults).toEqual([
      { fault: "net.cut", runs: 2, injected: 3, bit: 1 },
      { fault: "disk.full", runs: 1, injected: 1, bit: 0 },
      { fault: "clock.jump", runs: 0, injected: 0, bit: 0 },
    ]);
    expect(inertFaults).toEqual(["disk.full", "clock.jump"]);
  });

  it("tells reached properties from those that no run reached", () => {
    const fold = new ScenarioFold(scenarioInfo("made-up", { sometimes: ["slow", "torn"] }), 2, 5);
    fold.add(0, passed(0, { reached: ["torn"] }));
    expect(fold.result()).toMatchObject({ reached: ["torn"], unreached: ["slow"] });
  });

  it("folds the hashes of scenarios in their order", () => {
    const [a, b] = ["0123456789abcdef", "fedcba9876543210"];
    expect(foldHashes([a!, b!])).toMatch(/^[0-9a-f]{16}$/);
    expect(foldHashes([a!, b!])).not.toBe(foldHashes([b!, a!]));
  });
});
