/**
 * Shrinking under other choices. A plan that is minimal under its own seed may still hold ballast: items that only make
 * one latency or one torn write come out as the failure needs it. Under another seed the same bug may show without
 * them. The seed of a plan is where the choices of its run come from; what is drawn from a seed, the items, is in the
 * plan already, and stays.
 */
import type { Plan } from "../plan/plan.ts";
import type { ShrinkSession } from "./session.ts";
import { ddmin } from "./ddmin.ts";
import { withItems } from "./session.ts";
import { nextSeed } from "../plan/seed.ts";

/** Seeds that are tried at most. */
const seedsTried = 16;
/** A plan this small is told quickly enough. */
const itemsWanted = 3;

/**
 * Reduces `start`, a larger plan that fails, afresh under other seeds while the session's plan is large, and adopts what
 * comes out smaller. Uses at most `runsMax` executions. Returns whether the plan changed.
 */
export async function restartUnderOtherSeeds(session: ShrinkSession, start: Plan, runsMax: number): Promise<boolean> {
  const end = session.runs + runsMax;
  const budget = {
    get left(): number {
      return Math.min(session.left, Math.max(0, end - session.runs));
    },
  };
  let isChanged = false;
  for (let k = 1; k <= seedsTried && session.plan.items.length > itemsWanted && budget.left > 0; k++) {
    const other = { ...start, seed: nextSeed(start.seed, k) };
    if ((await session.fails(other)) !== true) continue;
    const { items } = await ddmin(
      other.items,
      async (subset) => (await session.fails(withItems(other, subset))) ?? false,
      budget,
    );
    if (items.length < session.plan.items.length)
      isChanged = (await session.adopt(withItems(other, items))) || isChanged;
  }
  return isChanged;
}

/** Takes single items out of the session's plan under other seeds. Returns whether the plan changed. */
export async function dropUnderOtherSeeds(session: ShrinkSession, seed: string): Promise<boolean> {
  let isChanged = false;
  for (let k = 1; k <= seedsTried && session.plan.items.length > itemsWanted && session.left > 0; k++) {
    while (await dropOne(session, nextSeed(seed, k))) isChanged = true;
  }
  return isChanged;
}

async function dropOne(session: ShrinkSession, seed: string): Promise<boolean> {
  const { items } = session.plan;
  for (let index = items.length - 1; index >= 0; index--) {
    if (items.length <= itemsWanted) return false;
    if (await session.adopt({ ...withItems(session.plan, items.toSpliced(index, 1)), seed })) return true;
  }
  return false;
}
