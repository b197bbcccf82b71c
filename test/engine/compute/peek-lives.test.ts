import { describe, expect, it } from "vitest";
import type { PeekLives } from "../../../src/engine/compute/peek-lives.ts";
import { isHopeless, lived } from "../../../src/engine/compute/peek-lives.ts";
import { clusterPolicies } from "../../../src/engine/compute/policies.ts";

/** Whether a query is asked in each of these lives of replicas, `a1` the first of `a`, and whether hope is left then. */
function asked(sequence: readonly string[], replicas: readonly string[]): readonly string[] {
  let lives: PeekLives = new Map();
  return sequence.map((life) => {
    const [next, isAsked] = lived(lives, life[0]!, life, clusterPolicies);
    lives = next;
    return `${isAsked ? "asked" : "passed over"}, ${isHopeless(lives, replicas, clusterPolicies) ? "hopeless" : "open"}`;
  });
}

describe("lives of replicas under a query", () => {
  it("count where they ended: a connection that was lost is none", () => {
    expect(asked(["a1", "a1", "a1", "a1"], ["a"])).toEqual(Array.from({ length: 4 }, () => "asked, open"));
  });

  it("are two for each replica, and then there is no hope", () => {
    expect(asked(["a1", "a2", "a3", "a4"], ["a"])).toEqual([
      "asked, open",
      "asked, open",
      "passed over, hopeless",
      "passed over, hopeless",
    ]);
  });

  it("leave hope while another replica may answer, or none is there at all", () => {
    expect(asked(["a1", "a2", "a3", "b1", "b2", "b3"], ["a", "b"])).toEqual([
      "asked, open",
      "asked, open",
      "passed over, open",
      "asked, open",
      "asked, open",
      "passed over, hopeless",
    ]);
    expect(isHopeless(new Map(), [], clusterPolicies)).toBe(false);
    expect(isHopeless(new Map(), ["c"], clusterPolicies)).toBe(false);
  });
});
