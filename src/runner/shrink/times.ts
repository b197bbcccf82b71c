/**
 * Earlier and rounder times for one item, shorter fault windows, and shorter gaps between items, by bisection. Times are searched only roughly
 * (`explain` finds the exact window for the few items that remain): a run an item is worth more than a microsecond.
 * Left out: later times. An item that must be late stays where it was.
 */
import { micros } from "../../base/time.ts";
import type { SimDefinition } from "../definition.ts";
import type { FaultItem, PlanItem } from "../plan/plan.ts";

/** Makes the item what it is given, if the plan still fails so. */
export type Replace = (item: PlanItem) => Promise<boolean>;

/** The units that count as round, coarsest first. */
const units: readonly number[] = [60_000_000, 10_000_000, 1_000_000, 100_000, 10_000, 1_000];

/** Moves the item and shortens its window as far as `replace` agrees. Returns the item as it then is. */
export async function shrinkTimes(definition: SimDefinition, item: PlanItem, replace: Replace): Promise<PlanItem> {
  let current = item;
  const take = async (next: PlanItem): Promise<boolean> => {
    const isTaken = await replace(next);
    if (isTaken) current = next;
    return isTaken;
  };
  if (item.kind === "fault") {
    const fault = item;
    const shortest = shortestLength(definition, fault);
    await lower(fault.until - fault.at, shortest, (length) => take({ ...fault, until: micros(fault.at + length) }));
  }
  const settled = current;
  await lower(settled.at, 0, (at) => take(movedTo(settled, at)));
  return current;
}

/**
 * Brings each item, and all that come after it with it, nearer to the one before, as far as `replaceAll` agrees: what
 * must stay together in time can only move together. `items` are those of a plan, in its order.
 */
export async function closeGaps(
  items: readonly PlanItem[],
  replaceAll: (items: readonly PlanItem[]) => Promise<boolean>,
): Promise<void> {
  let current = items;
  for (let index = 0; index < items.length; index++) {
    const start = current;
    const gap = start[index]!.at - (start[index - 1]?.at ?? 0);
    await lower(gap, 0, async (shorter) => {
      const moved = start.map((item, at) => (at < index ? item : movedTo(item, item.at - gap + shorter)));
      const isTaken = await replaceAll(moved);
      if (isTaken) current = moved;
      return isTaken;
    });
  }
}

/** The item at another time; a fault keeps its length, but ends by `endMax` if one is given. */
export function movedTo(item: PlanItem, at: number, endMax = Number.MAX_SAFE_INTEGER): PlanItem {
  if (item.kind === "op") return { ...item, at: micros(at) };
  return { ...item, at: micros(at), until: micros(Math.min(at + item.until - item.at, endMax)) };
}

/** A round number strictly between two others that are more than 1 apart, somewhere near their middle. */
export function roundBetween(low: number, high: number): number {
  const quarter = Math.floor((high - low) / 4);
  for (const unit of units) {
    const rounded = Math.floor((high - quarter) / unit) * unit;
    if (rounded >= low + quarter && rounded > low && rounded < high) return rounded;
  }
  return low + Math.floor((high - low) / 2);
}

function shortestLength(definition: SimDefinition, item: FaultItem): number {
  return definition.faults.find((use) => use.fault.id === item.fault)?.fault.lasts.min ?? 0;
}

/** Asks for `least`, then bisects down to about a sixteenth, then for the roundest number just below. */
async function lower(from: number, least: number, accepts: (value: number) => Promise<boolean>): Promise<void> {
  if (from <= least || (await accepts(least))) return;
  let refused = least;
  let accepted = from;
  while (accepted - refused > Math.max(1_000, Math.floor(accepted / 16))) {
    const middle = roundBetween(refused, accepted);
    if (await accepts(middle)) accepted = middle;
    else refused = middle;
  }
  for (const unit of units) {
    const rounded = Math.floor(accepted / unit) * unit;
    if (rounded === accepted) return;
    if (rounded > refused && (await accepts(rounded))) return;
  }
}
