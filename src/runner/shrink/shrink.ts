/**
 * Reduces a failing plan to a minimal one that fails in the same way, explains what remains, and proves the result.
 *
 * Items go first: cheap cuts (none at all, what comes after the failure, no faults, no ops), then `ddmin`. Items that
 * only serve one particular roll of the choices inside the run go under another seed. Then values, which may make further
 * items needless, so both alternate until neither finds anything. The result is 1-minimal and its values are at a local
 * minimum, unless the budget ended first; `minimal` says which.
 * Left out: reordering.
 */
import type { Json } from "../../base/json.ts";
import { ddmin } from "./ddmin.ts";
import type { SimDefinition } from "../definition.ts";
import { explainItems } from "./explain.ts";
import type { ItemExplanation, Shrunk } from "../finding/finding.ts";
import type { Plan, PlanItem } from "../plan/plan.ts";
import type { RunRecord } from "../run/record.ts";
import { ShrinkSession, withItems, type Try } from "./session.ts";
import { dropUnderOtherSeeds, restartUnderOtherSeeds } from "./seeds.ts";
import { shrinkValues } from "./values.ts";

export type { Try } from "./session.ts";

/** A picture of a shrinking under way. */
export interface ShrinkProgress {
  readonly items: number;
  readonly itemsBefore: number;
  readonly runs: number;
}

export interface ShrinkOptions {
  /** Executions at most, explanation and proof included; the proof takes its 3 even from less. */
  readonly maxRuns: number;
  /** Called after every execution. */
  readonly onProgress?: (now: ShrinkProgress) => void;
  /** False leaves `explanation` empty and its runs to the search. Default true. */
  readonly explain?: boolean;
  /** The k-th other value of an item, for explanations; default draws of its arbitrary. */
  readonly draw?: (item: PlanItem, k: number) => Json;
}

export interface ShrinkResult extends Shrunk {
  /** The run of the shrunk plan. */
  readonly record: RunRecord;
  /** Failures with other signatures that came by, each with the smallest plan that showed it: perhaps new findings. */
  readonly alsoSeen: ReadonlyMap<string, Plan>;
}

/** Runs that prove the result, beside the one that found it. */
const proofRuns = 2;

/**
 * Shrinks the plan of a failing run. Deterministic when `tryPlan` is. Throws `TypeError` for a run that passed, and
 * what `tryPlan` throws.
 */
export async function shrink(
  definition: SimDefinition,
  failing: RunRecord,
  tryPlan: Try,
  options: ShrinkOptions,
): Promise<ShrinkResult> {
  const itemsBefore = failing.plan.items.length;
  const session = new ShrinkSession(failing, tryPlan, 0, ({ plan, runs }) =>
    options.onProgress?.({ items: plan.items.length, itemsBefore, runs }),
  );
  // One run more than the proof is set aside: for the empty plan, where shrunk knobs made it another one.
  const runsMax = Math.max(0, options.maxRuns - proofRuns - 1);
  const isExplained = options.explain ?? true;
  session.limit(isExplained ? runsMax - Math.floor(runsMax / 4) : runsMax);
  await cut(session, failing);
  const start = session.plan;
  await dropItems(session);
  if (await restartUnderOtherSeeds(session, start, Math.floor(session.left / 2))) await dropItems(session);
  if (await dropUnderOtherSeeds(session, start.seed)) await dropItems(session);
  let minimal = await reduce(definition, session);
  while (await dropUnderOtherSeeds(session, start.seed)) minimal = await reduce(definition, session);
  session.limit(session.runs + 1);
  const passesWithoutItems = (await session.passes(withItems(session.plan, []))) ?? false;
  let explanation: readonly ItemExplanation[] = [];
  if (isExplained) {
    session.limit(Math.max(runsMax, session.runs));
    explanation = await explainItems(definition, session, options.draw);
  }
  const verified = await prove(session);
  return {
    plan: session.plan,
    record: session.record,
    itemsBefore,
    runs: session.runs,
    verified,
    minimal,
    passesWithoutItems,
    explanation,
    alsoSeen: session.alsoSeen,
  };
}

/** Big cuts that cost one run each. */
async function cut(session: ShrinkSession, failing: RunRecord): Promise<void> {
  const keep = async (isKept: (item: PlanItem) => boolean): Promise<void> => {
    const items = session.plan.items.filter(isKept);
    if (items.length < session.plan.items.length) await session.adopt(withItems(session.plan, items));
  };
  await keep(() => false);
  // What had not happened yet cannot have caused it; where the run fails otherwise without it, ddmin has the last word.
  const failedAt = failing.failure?.at ?? failing.endedAt;
  await keep((item) => item.at <= failedAt);
  await keep((item) => item.kind === "op");
  await keep((item) => item.kind === "fault");
}

/** Items and values in turn. Returns whether the result is 1-minimal. */
async function reduce(definition: SimDefinition, session: ShrinkSession): Promise<boolean> {
  for (;;) {
    const minimal = await dropItems(session);
    if (!(await shrinkValues(definition, session))) return minimal;
    // Values changed: that no item can go holds again only after the next round.
    if (session.left === 0) return false;
  }
}

/** Leaves out what the failure does not need under the present seed. Returns whether the result is 1-minimal. */
async function dropItems(session: ShrinkSession): Promise<boolean> {
  const adopt = (items: readonly PlanItem[]): Promise<boolean> => session.adopt(withItems(session.plan, items));
  return (await ddmin(session.plan.items, adopt, session)).minimal;
}

async function prove(session: ShrinkSession): Promise<boolean> {
  let isSame = true;
  for (let run = 0; run < proofRuns; run++) {
    const record = await session.execute(session.plan);
    isSame &&= record.failure?.signature === session.signature && record.hash === session.record.hash;
  }
  return isSame;
}
