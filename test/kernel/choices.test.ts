import { describe, expect, it } from "vitest";
import { key, RandomOracle, RecordingOracle, ReplayOracle, site } from "../../src/kernel/choices.ts";

const latency = site("latency");
const loss = site("loss");

describe("the oracle of choices", () => {
  it("gives the same choice for the same seed, site and key, whatever was asked before", () => {
    const a = new RandomOracle("seed");
    const b = new RandomOracle("seed");
    for (let index = 0; index < 1_000; index++) b.choose(loss, index, 7);
    for (let index = 0; index < 100; index++) expect(a.choose(latency, index, 64)).toBe(b.choose(latency, index, 64));
  });

  it("differs by seed, by site and by key", () => {
    const draw = (seed: string, at: number): string =>
      Array.from({ length: 40 }, (_, index) => new RandomOracle(seed).choose(at, key(index), 16)).join();
    expect(new Set([draw("a", latency), draw("b", latency), draw("a", loss), draw("b", loss)]).size).toBe(4);
  });

  it("is spread evenly enough: each of 16 buckets gets a sixteenth of 32,000 draws, give or take a tenth", () => {
    const counts = Array.from({ length: 16 }, () => 0);
    const oracle = new RandomOracle("even");
    for (let index = 0; index < 32_000; index++) counts[oracle.choose(latency, index, 16)]!++;
    for (const count of counts) expect(Math.abs(count - 2_000)).toBeLessThan(200);
  });

  it("is replayed from what was recorded, and goes on by itself where nothing was", () => {
    const recorded = new RecordingOracle(new RandomOracle("first"));
    const first = Array.from({ length: 50 }, (_, index) => recorded.choose(latency, index, 100));
    const replay = new ReplayOracle(recorded.choices, new RandomOracle("second"));
    expect(Array.from({ length: 50 }, (_, index) => replay.choose(latency, index, 100))).toEqual(first);
    expect(replay.choose(latency, 99, 100)).toBe(new RandomOracle("second").choose(latency, 99, 100));
  });

  it("does not replay a choice that no longer fits", () => {
    const replay = new ReplayOracle([{ site: loss, key: 1, n: 10, chosen: 9 }], new RandomOracle("x"));
    expect(replay.choose(loss, 1, 10)).toBe(9);
    expect(replay.choose(loss, 1, 3)).toBeLessThan(3);
  });
});
