import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScenarioFold } from "../../../src/runner/suite/fold.ts";
import { nextSeed } from "../../../src/runner/plan/seed.ts";
import { nextChunk, ScenarioWork, shardSize, type Shard } from "../../../src/runner/suite/schedule.ts";
import { failing, passed, scenarioInfo } from "../../support/run-results.ts";

const from = "00000000000zz";
const steering = { only: [], without: [], set: [], knownFaults: [], knownKnobs: [] };

function workOf(name: string, seeds: number, shard: Shard = { index: 1, count: 1 }): ScenarioWork {
  const info = scenarioInfo(name);
  return new ScenarioWork({
    use: { name, file: info.file, steering, bug: null },
    fold: new ScenarioFold(info, shardSize(seeds, shard), 2),
    from,
    shard,
    determinismEvery: 16,
  });
}

/** Hands out everything to workers that answer at once. */
function runAll(
  works: readonly ScenarioWork[],
  cpuMicros: number,
): { readonly sizes: number[]; readonly names: string[] } {
  const sizes: number[] = [];
  const names: string[] = [];
  for (let chunk = nextChunk(works, 2); chunk !== null; chunk = nextChunk(works, 2)) {
    sizes.push(chunk.runs.length);
    names.push(chunk.work.use.name);
    for (const run of chunk.runs) chunk.work.accept(passed(run.index, { cpuMicros }));
  }
  return { sizes, names };
}

describe("shards", () => {
  it("share all seeds between them, none twice", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 60 }), fc.integer({ min: 1, max: 9 }), (seeds, count) => {
        const indices = Array.from({ length: count }, (_, each) => {
          const work = workOf("a", seeds, { index: each + 1, count });
          return Array.from({ length: work.fold.total }, () => work.take(1)[0]!.index);
        });
        expect(indices.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: seeds }, (_, index) => index));
      }),
    );
  });

  it("run the suite's own seeds: the k-th from the first", () => {
    const work = workOf("a", 10, { index: 2, count: 3 });
    expect([work.take(1), work.take(1)].flat()).toEqual([
      { index: 1, seed: nextSeed(from, 1), isChecked: true },
      { index: 4, seed: nextSeed(from, 4), isChecked: false },
    ]);
    expect(work.runOf(7)).toEqual({ index: 7, seed: nextSeed(from, 7), isChecked: false });
  });
});

describe("chunks", () => {
  it("start with one seed, grow while runs are short and shrink towards the end", () => {
    const { sizes } = runAll([workOf("a", 2_000)], 100);
    expect(sizes[0]).toBe(1);
    expect(Math.max(...sizes)).toBeGreaterThan(100);
    expect(sizes.at(-1)).toBe(1);
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(2_000);
  });

  it("stay single where a run takes a tenth of a second and more", () => {
    expect(new Set(runAll([workOf("a", 20)], 250_000).sizes)).toEqual(new Set([1]));
  });

  it("go to the scenario that is furthest behind", () => {
    const { names } = runAll([workOf("a", 40), workOf("b", 40)], 250_000);
    expect(names.slice(0, 6)).toEqual(["a", "b", "a", "b", "a", "b"]);
  });

  it("sample the first seed and every sixteenth", () => {
    const work = workOf("a", 40);
    const runs = Array.from({ length: 40 }, () => work.take(1)[0]!);
    expect(runs.filter((run) => run.isChecked).map((run) => run.index)).toEqual([0, 16, 32]);
  });

  it("hand a lost seed out again, before new ones", () => {
    const work = workOf("a", 10);
    const [first] = work.take(1);
    work.take(1);
    work.giveBack(first!);
    expect(work.left).toBe(9);
    expect(work.take(1)).toEqual([first]);
  });

  it("end when the scenario has failed in as many ways as allowed", () => {
    const work = workOf("a", 100);
    for (const signature of ["A", "B"]) work.accept(failing(work.take(1)[0]!.index, signature));
    expect(work.left).toBe(0);
    expect(nextChunk([work], 2)).toBeNull();
  });
});
