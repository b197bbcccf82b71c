/** What a suite comes to: its verdict and the exit code that follows from it. */
import type { Finding, ScenarioResult } from "../finding/finding.ts";
import type { Verdict } from "../run/record.ts";

/** Exit codes by verdict; a contract with CI. */
export const exitCodes: Readonly<Record<Verdict, number>> = {
  passed: 0,
  violated: 1,
  stuck: 1,
  crashed: 1,
  diverged: 3,
  vacuous: 4,
  "out-of-budget": 5,
};

/** Exit code of a suite that was interrupted, whatever it found. */
export const interruptedExitCode = 130;

/** Seeds of a scenario from which on an inert fault or an unreached property counts: fewer may miss either by chance. */
export const vacuityFromSeeds = 100;

/** Where several apply the first of these wins. */
const precedence: readonly Verdict[] = ["violated", "crashed", "stuck", "diverged", "out-of-budget", "vacuous"];

export interface Judged {
  readonly findings: readonly Pick<Finding, "verdict">[];
  readonly harnessErrors: readonly string[];
  readonly scenarios: readonly Pick<ScenarioResult, "seeds" | "inertFaults" | "unreached">[];
  readonly isInterrupted: boolean;
  /** Something was left out on purpose, so that coverage says nothing. */
  readonly isSteered: boolean;
}

/** Verdict and exit code. Pure. */
export function judgeSuite(suite: Judged): { readonly verdict: Verdict; readonly exitCode: number } {
  const seen = new Set<Verdict>(suite.findings.map((finding) => finding.verdict));
  if (suite.harnessErrors.length > 0) seen.add("out-of-budget");
  if (!suite.isInterrupted && !suite.isSteered && suite.scenarios.some(isVacuous)) seen.add("vacuous");
  const verdict = precedence.find((candidate) => seen.has(candidate)) ?? "passed";
  return { verdict, exitCode: suite.isInterrupted ? interruptedExitCode : exitCodes[verdict] };
}

function isVacuous(scenario: Pick<ScenarioResult, "seeds" | "inertFaults" | "unreached">): boolean {
  return scenario.seeds >= vacuityFromSeeds && scenario.inertFaults.length + scenario.unreached.length > 0;
}
