/**
 * What a clean result proves. After n seeds without a failure, a bug that hits one seed in N or more would have shown
 * with 95 % probability for N = n / 3 (the rule of three): the sentence is about the scenario that was run least.
 */
import type { ScenarioResult, SuiteResult } from "../runner/finding/finding.ts";
import { grouped } from "./text/quantity.ts";

const smallestWorthSaying = 5;

/** What is excluded, and what ten times the seeds would exclude; null when too few seeds were run to say anything. */
export interface Confidence {
  /** A bug that hits more than one seed in so many is excluded with 95 %. */
  readonly oneIn: number;
  readonly moreSeeds: number;
  readonly moreOneIn: number;
}

/** The confidence in the least covered scenario. */
export function confidenceIn(scenarios: readonly ScenarioResult[]): Confidence | null {
  if (scenarios.length === 0) return null;
  const least = scenarios.reduce((fewest, { seeds }) => Math.min(fewest, seeds), Infinity);
  const oneIn = ruleOfThree(least);
  const moreSeeds = least * 10;
  return oneIn < smallestWorthSaying ? null : { oneIn, moreSeeds, moreOneIn: ruleOfThree(moreSeeds) };
}

/** The sentence on what a suite's result proves; empty when it proves nothing. */
export function confidenceSentence(result: SuiteResult): string {
  const confidence = confidenceIn(result.scenarios);
  if (confidence === null) return "";
  const bug = result.findings.length === 0 ? "no bug left" : "no further bug";
  return (
    `95 % sure: ${bug} that hits more than 1 seed in ${grouped(confidence.oneIn)} of any scenario ` +
    `(--seeds ${confidence.moreSeeds}: 1 in ${grouped(confidence.moreOneIn)})`
  );
}

function ruleOfThree(seeds: number): number {
  return Math.floor(seeds / 3);
}
