/** What the runs of a suite reached together: whether each fault family bit and each `sometimes` property was seen. */
import type { SimDefinition } from "../definition.ts";
import type { FaultCount } from "./finding.ts";
import type { RunRecord } from "../run/record.ts";

export interface Coverage {
  readonly faults: readonly FaultCount[];
  /** Families that never left their witness. */
  readonly inertFaults: readonly string[];
  readonly reached: readonly string[];
  readonly unreached: readonly string[];
}

/** What of a run counts for coverage. */
export type Covered = Pick<RunRecord, "faults" | "reached">;

/** Adds up runs of one scenario; the order of runs does not matter. */
export function coverage(definition: SimDefinition, runs: readonly Covered[]): Coverage {
  const faults = definition.faults.map((use) => {
    const count = { fault: use.fault.id, runs: 0, injected: 0, bit: 0 };
    for (const run of runs) {
      const mine = run.faults.filter((fate) => fate.fault === use.fault.id);
      if (mine.length > 0) count.runs++;
      count.injected += mine.filter((fate) => fate.injected).length;
      count.bit += mine.filter((fate) => fate.bit).length;
    }
    return count;
  });
  const seen = new Set(runs.flatMap((run) => run.reached));
  const properties = Object.keys(definition.sometimes);
  return {
    faults,
    inertFaults: faults.filter((count) => count.bit === 0).map((count) => count.fault),
    reached: properties.filter((property) => seen.has(property)),
    unreached: properties.filter((property) => !seen.has(property)),
  };
}
