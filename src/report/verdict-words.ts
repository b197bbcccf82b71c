/** Verdicts and failures in words: the one place that says what a failure is called, in every kind of report. */
import type { Failure, Verdict } from "../runner/run/record.ts";
import { never } from "../base/never.ts";

/** One clause on what a verdict means. */
export function meaningOf(verdict: Verdict): string {
  switch (verdict) {
    case "passed":
      return "every invariant held";
    case "violated":
      return "an invariant broke";
    case "stuck":
      return "the system made no progress";
    case "crashed":
      return "code threw where it must not";
    case "diverged":
      return "two executions of one plan differ";
    case "vacuous":
      return "a fault or a property was never put to the test";
    case "out-of-budget":
      return "a run did not end within its budget";
    default:
      return never(verdict);
  }
}

/** What a failure is called: `KV-1 violated`, `stuck`, `crashed`. */
export function titleOf(failure: Failure): string {
  switch (failure.verdict) {
    case "violated": {
      if (failure.invariant === "body") return "the body failed";
      const isNamed = failure.subject === "" || failure.message.includes(failure.subject);
      return `${failure.invariant} violated${isNamed ? "" : ` for ${failure.subject}`}`;
    }
    case "out-of-budget":
      return failure.invariant === "hung" ? "hung" : "out of budget";
    default:
      return failure.invariant === "module-state" ? "diverged between runs" : failure.verdict;
  }
}

/** Title and message of a failure as one sentence; a message that opens with the title is not told twice. */
export function headlineOf(failure: Failure): string {
  const title = titleOf(failure);
  return failure.message.startsWith(`${title}: `) ? failure.message : `${title}: ${failure.message}`;
}
