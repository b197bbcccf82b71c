/** A suite under way: the frame that a terminal redraws, and the one line that a log gets every ten seconds. */
import type { SuiteProgress } from "../../runner/finding/finding.ts";
import type { TextStyle } from "./paint.ts";
import { clip, columnsOf, printable } from "./printable.ts";
import { counted, grouped, span } from "./quantity.ts";
import { scenarioRows } from "./scenario-rows.ts";

/** Rows of scenarios that a frame shows; more are counted. */
const rowsMax = 20;

/** The frame: a row a scenario and the summary, with `hint` (how to stop) at its right edge. */
export function progressFrame(progress: SuiteProgress, hint: string, style: TextStyle): string[] {
  // Those under way first go last: a scenario that is done does not change any more.
  const hidden = Math.max(0, progress.scenarios.length - rowsMax);
  const shown = progress.scenarios.slice(hidden);
  const rows = scenarioRows(shown, { isUnderWay: true, hasBars: true, judgesCoverage: false }, style);
  const summary = ` ${progressLine(progress)}`;
  const gap = style.width - columnsOf(summary) - columnsOf(hint);
  const last = gap >= 2 ? `${summary}${" ".repeat(gap)}${style.paint.faint(hint)}` : clip(summary, style.width);
  return [...(hidden === 0 ? [] : [style.paint.faint(` … ${counted(hidden, "scenario")} above`)]), ...rows, last];
}

/** The summary of a suite under way on one line. */
export function progressLine(progress: SuiteProgress): string {
  const { seeds, seedsPlanned, wallMicros, shrinking, scenarios } = progress;
  const virtual = scenarios.reduce((total, each) => total + each.virtualMicros, 0);
  const found = scenarios.reduce((total, each) => total + each.found, 0);
  const parts = [
    `${grouped(seeds)}/${counted(seedsPlanned, "seed")}`,
    `${span(virtual)} simulated in ${span(wallMicros)}`,
  ];
  const left = remaining(progress);
  if (left !== null) parts.push(`~${span(left)} left`);
  if (found > 0) parts.push(`${grouped(found)} found`);
  if (shrinking !== null) {
    parts.push(
      `shrinking ${printable(shrinking.signature)}: ${shrinking.itemsBefore} → ${counted(shrinking.items, "item")}`,
    );
  }
  return parts.join(" · ");
}

/** Microseconds until the seeds are done at the pace so far; null where the pace is not known yet. */
function remaining(progress: SuiteProgress): number | null {
  const { seeds, seedsPlanned, wallMicros } = progress;
  if (seeds === 0 || seeds >= seedsPlanned || wallMicros < 1_000_000) return null;
  return Math.round((wallMicros / seeds) * (seedsPlanned - seeds));
}
