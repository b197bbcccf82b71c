/**
 * One row a scenario: verdict, seeds done, causes found, virtual time covered, virtual time per CPU second, fault
 * families that left a witness, `sometimes` properties reached and one that is missing. The same row is redrawn while
 * the suite runs and printed when it has ended; narrow terminals lose the bar, then the words.
 */
import type { ScenarioResult } from "../../runner/finding/finding.ts";
import type { Paint, TextStyle } from "./paint.ts";
import { alignRows, left, right, type Cell } from "./columns.ts";
import { clip, columnsOf, printable } from "./printable.ts";
import { grouped, ratio, span } from "./quantity.ts";

/** How rows are drawn. */
export interface RowOptions {
  /** While the suite runs: a scenario whose seeds are not done yet has no verdict. */
  readonly isUnderWay: boolean;
  readonly hasBars: boolean;
  /** Whether inert faults and unreached properties count against a scenario. */
  readonly judgesCoverage: boolean;
}

/** The lines of a suite's scenarios, none wider than the style's width. */
export function scenarioRows(scenarios: readonly ScenarioResult[], options: RowOptions, style: TextStyle): string[] {
  const layouts: readonly Layout[] = [
    { hasBar: options.hasBars, isTerse: false, hasMissing: true },
    { hasBar: false, isTerse: false, hasMissing: true },
    { hasBar: false, isTerse: false, hasMissing: false },
    { hasBar: false, isTerse: true, hasMissing: false },
  ];
  let lines: string[] = [];
  for (const layout of layouts) {
    lines = alignRows(scenarios.map((scenario) => cellsOf(scenario, layout, options, style.paint))).map(
      (row) => ` ${row}`,
    );
    if (lines.every((line) => columnsOf(line) <= style.width)) break;
  }
  return lines.map((line) => clip(line, style.width));
}

interface Layout {
  readonly hasBar: boolean;
  readonly isTerse: boolean;
  readonly hasMissing: boolean;
}

const barWidth = 10;
const nameWidth = 32;

function cellsOf(scenario: ScenarioResult, layout: Layout, options: RowOptions, paint: Paint): Cell[] {
  const { seeds, seedsPlanned, found, virtualMicros, cpuMicros, faults, reached, unreached } = scenario;
  const bit = faults.filter((fault) => fault.bit > 0).length;
  const properties = reached.length + unreached.length;
  const missing = unreached[0];
  const warnIf = (isWarned: boolean): Paint["warn"] | undefined => (isWarned ? paint.warn : undefined);
  const word = (text: string, name: string): string => (layout.isTerse ? text : `${text} ${name}`);
  return [
    glyphCell(scenario, options, paint),
    left(clip(printable(scenario.name), nameWidth), paint.strong),
    ...(layout.hasBar ? [left(bar(seeds, seedsPlanned))] : []),
    right(grouped(seeds)),
    right(word(grouped(found), "found"), found > 0 ? paint.bad : undefined),
    right(span(virtualMicros)),
    right(ratio(virtualMicros, cpuMicros)),
    right(word(`${bit}/${faults.length}`, "bit"), warnIf(bit < faults.length)),
    right(word(`${reached.length}/${properties}`, "reached"), warnIf(missing !== undefined)),
    ...(layout.hasMissing && missing !== undefined ? [left(`· ${printable(missing)}`, paint.warn)] : []),
  ];
}

function glyphCell(scenario: ScenarioResult, options: RowOptions, paint: Paint): Cell {
  if (scenario.found > 0) return left("✖", paint.bad);
  if (scenario.seeds < scenario.seedsPlanned) return left(options.isUnderWay ? "◐" : "–", paint.warn);
  const isVacuous = scenario.inertFaults.length > 0 || scenario.unreached.length > 0;
  if (options.judgesCoverage && isVacuous) return left("✖", paint.warn);
  return left("✔", paint.good);
}

function bar(done: number, planned: number): string {
  const filled = planned === 0 ? barWidth : Math.min(barWidth, Math.floor((done * barWidth) / planned));
  return "█".repeat(filled) + "░".repeat(barWidth - filled);
}
