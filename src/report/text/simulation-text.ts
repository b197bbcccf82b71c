/** The text that a failing `simTest` shows: its findings, each ending with the options that pin it. */
import type { Finding } from "../../runner/finding/finding.ts";
import type { Verdict } from "../../runner/run/record.ts";
import { meaningOf } from "../verdict-words.ts";
import { findingLines } from "./failure-text.ts";
import { plainPaint } from "./paint.ts";

/** What `simulate` returns, as far as it is shown. */
export interface ShownSimulation {
  readonly verdict: Verdict;
  readonly seeds: number;
  readonly findings: readonly Finding[];
  readonly unreached: readonly string[];
  readonly inertFaults: readonly string[];
}

/** Plain text, as a test runner shows it. */
export function simulationText(result: ShownSimulation): string {
  const style = { paint: plainPaint, width: 100 };
  const lines = result.findings.flatMap((finding) => [
    // A test is not known to the command line, so it is pinned by its options instead of a command.
    ...findingLines(finding, style).slice(0, -1),
    `  pin     { from: "${finding.seeds[0]}", seeds: 1 }`,
  ]);
  if (result.verdict === "vacuous") {
    lines.push(`vacuous: ${meaningOf("vacuous")} in ${result.seeds} seeds`);
    if (result.inertFaults.length > 0) lines.push(`  faults that never bit: ${result.inertFaults.join(", ")}`);
    if (result.unreached.length > 0) lines.push(`  sometimes never reached: ${result.unreached.join(", ")}`);
  }
  return lines.join("\n");
}
