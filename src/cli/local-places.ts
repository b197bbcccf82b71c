/**
 * Places in the code as people type them: from the working directory. Runs know absolute paths, which differ between
 * machines; annotations and documents are compared between machines and point into a checkout.
 */
import type { SuiteResult } from "../runner/finding/finding.ts";
import type { RunRecord } from "../runner/run/record.ts";
import type { Terminal } from "./terminal.ts";
import { shownPath } from "./terminal.ts";

/** The same run, the place of its failure from the working directory. */
export function localRecord(terminal: Terminal, record: RunRecord): RunRecord {
  const { failure } = record;
  if (failure?.place === undefined) return record;
  return { ...record, failure: { ...failure, place: localPlace(terminal, failure.place) } };
}

/** The same suite, every place from the working directory. */
export function localSuite(terminal: Terminal, result: SuiteResult): SuiteResult {
  const findings = result.findings.map((each) => ({ ...each, record: localRecord(terminal, each.record) }));
  return { ...result, findings };
}

function localPlace(terminal: Terminal, place: string): string {
  const parts = /^(.+?)(:\d+(?::\d+)?)$/.exec(place);
  return parts === null ? place : shownPath(terminal, parts[1]!).replaceAll("\\", "/") + parts[2]!;
}
