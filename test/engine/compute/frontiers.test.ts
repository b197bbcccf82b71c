import { describe, expect, it } from "vitest";
import { Frontiers } from "../../../src/engine/compute/frontiers.ts";

const report = (frontiers: Frontiers, replica: string, upper: number | null): string => {
  const { isNews, isFurthest } = frontiers.reported(replica, "u1", upper);
  return `${isNews ? "news" : "old"}, ${isFurthest ? "furthest" : "known"}`;
};

describe("frontiers of replicas", () => {
  it("are each replica's own, and the furthest of all", () => {
    const frontiers = new Frontiers();
    expect(report(frontiers, "a", 5)).toBe("news, furthest");
    expect(report(frontiers, "b", 4)).toBe("news, known");
    expect(report(frontiers, "b", 5)).toBe("news, known");
    expect(report(frontiers, "b", 3)).toBe("old, known");
    expect(report(frontiers, "a", null)).toBe("news, furthest");
    expect(report(frontiers, "a", 9)).toBe("old, known");
  });

  it("go back for a replica that is connected anew, and never for all", () => {
    const frontiers = new Frontiers();
    report(frontiers, "a", 5);
    frontiers.forgetReplica("a");
    expect(report(frontiers, "a", 2)).toBe("news, known");
    frontiers.forgetObject("u1");
    expect(report(frontiers, "a", 1)).toBe("news, furthest");
  });
});
