import { describe, expect, it } from "vitest";
import { confidenceIn, confidenceSentence } from "../../src/report/statistics.ts";
import { cleanScenario, cleanSuite, sampleSuite } from "./sample-results.ts";

describe("confidence", () => {
  it("is that in the scenario with the fewest seeds, by the rule of three", () => {
    const scenarios = [cleanScenario, { ...cleanScenario, seeds: 60 }];
    expect(confidenceIn(scenarios)).toEqual({ oneIn: 20, moreSeeds: 600, moreOneIn: 200 });
  });

  it("is never stated more strongly than 95 % allows", () => {
    for (const seeds of [15, 40, 100, 3_000]) {
      const { oneIn } = confidenceIn([{ ...cleanScenario, seeds }])!;
      expect((1 - 1 / oneIn) ** seeds).toBeLessThan(0.05);
    }
  });

  it("is none after too few seeds or without scenarios", () => {
    expect(confidenceIn([{ ...cleanScenario, seeds: 14 }])).toBeNull();
    expect(confidenceIn([])).toBeNull();
  });

  it("is about further bugs where some were found", () => {
    expect(confidenceSentence(cleanSuite)).toContain("no bug left that hits more than 1 seed in 66");
    expect(confidenceSentence(sampleSuite)).toContain("no further bug");
  });
});
