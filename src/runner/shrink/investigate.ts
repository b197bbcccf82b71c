/** From a failing run to a finding: shrunk, explained, proved, recorded in full, with its token. */
import type { SimDefinition } from "../definition.ts";
import type { Finding } from "../finding/finding.ts";
import type { Plan } from "../plan/plan.ts";
import type { Failure, RunRecord } from "../run/record.ts";
import { execute } from "../run/execute.ts";
import { encodeRepro, reproOf } from "../finding/repro.ts";
import { shrink, type ShrinkProgress } from "./shrink.ts";

export interface InvestigateOptions {
  readonly bug?: string | null;
  /** Every failing seed with this signature; the first stands for the finding. */
  readonly seeds: readonly string[];
  readonly versions: { readonly node: string; readonly wavetank: string };
  /** Executions at most; by default what takes a few seconds: many of a small run, fewer of a large one. */
  readonly maxRuns?: number;
  readonly onProgress?: (now: ShrinkProgress) => void;
}

/** Shrinking is bounded by work, not by time, so that it ends with the same plan on any machine. */
const shrinkEventsMax = 1_500_000;
const shrinkRuns = { min: 100, max: 1_200 };

/** Shrinks and explains a failing run. Deterministic; throws `TypeError` for a run that passed. */
export async function investigate(
  definition: SimDefinition,
  failing: RunRecord,
  options: InvestigateOptions,
): Promise<Finding> {
  const bug = options.bug ?? null;
  const tryPlan = (plan: Plan): Promise<RunRecord> => execute(definition, plan, { bug });
  const { onProgress } = options;
  const { min, max } = shrinkRuns;
  const shrunk = await shrink(definition, failing, tryPlan, {
    maxRuns: options.maxRuns ?? Math.min(max, Math.max(min, Math.floor(shrinkEventsMax / Math.max(1, failing.events)))),
    ...(onProgress !== undefined && { onProgress }),
  });
  const record = await execute(definition, shrunk.plan, { bug, record: true });
  if (record.failure === null || failing.failure === null) {
    throw new TypeError(`a run of ${definition.name} with seed ${failing.plan.seed} failed once and then passed`);
  }
  return {
    signature: record.failure.signature,
    scenario: definition.name,
    verdict: record.failure.verdict,
    seeds: options.seeds,
    record,
    shrunk,
    repro: encodeRepro(reproOf(record, options.versions)),
  };
}

/** A finding whose plan is the one that the seed stands for: for failures that one execution alone does not show. */
export function unshrunkFinding(
  record: RunRecord,
  failure: Failure,
  options: Pick<InvestigateOptions, "seeds" | "versions">,
): Finding {
  const failed = { ...record, verdict: failure.verdict, failure };
  return {
    signature: failure.signature,
    scenario: record.plan.scenario,
    verdict: failure.verdict,
    seeds: options.seeds,
    record: failed,
    shrunk: {
      plan: record.plan,
      itemsBefore: record.plan.items.length,
      runs: 0,
      verified: false,
      minimal: false,
      passesWithoutItems: false,
      explanation: [],
    },
    repro: encodeRepro(reproOf(failed, options.versions)),
  };
}
