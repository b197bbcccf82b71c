/**
 * Groups failing runs by cause: one finding for each scenario and signature. Pure, and the same whatever order the
 * workers that ran the seeds finished in.
 */
import type { FailureVerdict, RunRecord } from "../run/record.ts";

/** Failing runs with one cause. */
export interface FailureGroup {
  readonly scenario: string;
  readonly signature: string;
  /** Of the representative. */
  readonly verdict: FailureVerdict;
  /** Every seed that failed so, in the suite's order. */
  readonly seeds: readonly string[];
  /** The representative: the run whose plan has the fewest items, the first of them in the suite's order. */
  readonly record: RunRecord;
}

/**
 * The groups in the order of their first seeds; runs that passed are left out. `position` gives the place of a run in
 * the suite; without it runs are ordered by scenario and seed, in code units.
 */
export function groupFailures(
  records: readonly RunRecord[],
  position?: (record: RunRecord) => number,
): readonly FailureGroup[] {
  const inOrder = (a: RunRecord, b: RunRecord): number =>
    (position === undefined ? 0 : position(a) - position(b)) ||
    compareText(a.plan.scenario, b.plan.scenario) ||
    compareText(a.plan.seed, b.plan.seed);
  const groups = new Map<string, FailureGroup>();
  for (const record of records.toSorted(inOrder)) {
    if (record.failure === null) continue;
    const { signature, verdict } = record.failure;
    const { scenario, seed, items } = record.plan;
    const key = JSON.stringify([scenario, signature]);
    const group = groups.get(key);
    if (group === undefined) {
      groups.set(key, { scenario, signature, verdict, seeds: [seed], record });
      continue;
    }
    const isSmaller = items.length < group.record.plan.items.length;
    groups.set(key, {
      scenario,
      signature,
      verdict: isSmaller ? verdict : group.verdict,
      // A seed may have been executed twice, in the determinism sample.
      seeds: group.seeds.includes(seed) ? group.seeds : [...group.seeds, seed],
      record: isSmaller ? record : group.record,
    });
  }
  return [...groups.values()];
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
