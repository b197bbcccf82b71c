import { describe, expect, it } from "vitest";
import { watchPeers } from "../../../src/sim/kafka/membership.ts";

/** Places found dead at each tick. */
function deaths(ticks: readonly (readonly number[])[], beatsMissed = 2): (readonly number[])[] {
  let sights: ReturnType<typeof watchPeers>["sights"] = [];
  return ticks.map((beats) => {
    const seen = watchPeers(sights, beats, beatsMissed);
    sights = seen.sights;
    return seen.dead;
  });
}

describe("a broker that watches its peers", () => {
  it("finds a peer dead when it missed enough of its beats in a row, once", () => {
    const ticks = [
      [1, 5],
      [2, 5],
      [3, 5],
      [4, 5],
      [5, 5],
    ];
    expect(deaths(ticks)).toEqual([[], [], [1], [], []]);
  });

  it("forgives a peer that beats again, and finds it dead a second time", () => {
    const ticks = [[5], [5], [6], [6], [6], [7], [7], [7]];
    expect(deaths(ticks)).toEqual([[], [], [], [], [0], [], [], [0]]);
  });

  it("finds a peer that never was up", () => {
    expect(deaths([[0], [0], [0]])).toEqual([[], [], [0]]);
  });
});
