/** Exit codes of the command line: those of verdicts, and those of all other ends. */
import type { Verdict } from "../runner/run/record.ts";
import { exitCodes as verdictCodes, interruptedExitCode } from "../runner/suite/verdict.ts";

export const exitCodes = {
  passed: verdictCodes.passed,
  usage: 2,
  vacuous: verdictCodes.vacuous,
  harness: 5,
  interrupted: interruptedExitCode,
} as const;

/** The exit code of one verdict. */
export function exitCodeOf(verdict: Verdict): number {
  return verdictCodes[verdict];
}

/** What each code means, for help texts. */
export const exitCodeDocs: readonly (readonly [code: number, meaning: string])[] = [
  [exitCodes.passed, "passed"],
  [verdictCodes.violated, "an invariant broke, the system made no progress, or its code threw where it must not"],
  [exitCodes.usage, "bad usage, configuration or file"],
  [verdictCodes.diverged, "nondeterminism: two executions differ, or the guard caught a leak"],
  [exitCodes.vacuous, "an inert fault, an unreached property, or a planted bug that was not caught"],
  [exitCodes.harness, "a run hung, a worker died, or Wavetank itself failed"],
  [exitCodes.interrupted, "interrupted; what was found so far is reported"],
];
