/**
 * A failure as text, always in one order: verdict and invariant in words; where; expected and observed; what it takes;
 * the last lines of the trace; console output; the one command that reproduces it. Errors hold data, this makes the words.
 */
import type { Finding, Shrunk } from "../../runner/finding/finding.ts";
import type { ConsoleLine, Failure, RunRecord } from "../../runner/run/record.ts";
import type { TextStyle } from "./paint.ts";
import { formatMoment } from "../../base/time.ts";
import { headlineOf, titleOf } from "../verdict-words.ts";
import { alignRows, left } from "./columns.ts";
import { itemLines } from "./item-lines.ts";
import { clip, columnsOf, printable, wrap } from "./printable.ts";
import { counted, grouped, inline } from "./quantity.ts";
import { traceLines } from "./trace-lines.ts";

/** Console lines that are shown of a failing run. */
const consoleMax = 10;

/** Items of a plan that was not shrunk, at most, to be listed. */
const plannedMax = 20;

/** What is shown of a failing run, besides the run. */
export interface FailureContext {
  /** Seeds that failed in this way; the first is the one shown. */
  readonly seeds: readonly string[];
  /** Null for a run that was not shrunk here: then its plan's items are listed only if they are few. */
  readonly shrunk: Shrunk | null;
  /** Token or file that `wavetank replay` takes. */
  readonly repro: string;
}

/** The text of a finding, line by line. */
export function findingLines(finding: Finding, style: TextStyle): string[] {
  const { record, seeds, shrunk, repro } = finding;
  return failureLines(record, { seeds, shrunk, repro }, style);
}

/** The text of a failing run, line by line; none for a run that passed. */
export function failureLines(record: RunRecord, context: FailureContext, style: TextStyle): string[] {
  const { failure } = record;
  if (failure === null) return [];
  return [
    ...headLines(record, failure, context, style),
    ...whereLines(failure, style),
    ...(context.shrunk === null ? planLines(record, style) : takesLines(record, context.shrunk, style)),
    ...section("Then:", traceLines(record.trace, failure, style)),
    ...section("Console:", consoleLines(record.console, failure, style)),
    `  ${style.paint.faint("replay")}  ${style.paint.accent(`npx wavetank replay ${context.repro}`)}`,
  ];
}

function headLines(record: RunRecord, failure: Failure, context: FailureContext, style: TextStyle): string[] {
  const { paint, width } = style;
  const more = context.seeds.length > 1 ? ` (+${grouped(context.seeds.length - 1)})` : "";
  const planted = record.bug === null ? "" : ` · planted ${record.bug}`;
  const run = `${printable(record.plan.scenario)} · seed ${context.seeds[0] ?? record.plan.seed}${more}${planted}`;
  const title = printable(titleOf(failure));
  const head = `✖ ${printable(headlineOf(failure))}`;
  const gap = width - columnsOf(head) - columnsOf(run);
  const paintHead = (line: string): string => line.replace(`✖ ${title}`, paint.bad(paint.strong(`✖ ${title}`)));
  if (gap >= 2) return [`${paintHead(head)}${" ".repeat(gap)}${paint.faint(run)}`];
  const [first = "", ...rest] = wrap(head, width - 2);
  return [paintHead(first), ...rest.map((line) => `  ${line}`), `  ${paint.faint(run)}`];
}

function whereLines(failure: Failure, style: TextStyle): string[] {
  const { paint, width } = style;
  const where = [
    formatMoment(failure.at),
    `event ${grouped(failure.event)}`,
    ...(failure.process === null ? [] : [failure.process]),
    ...(failure.place === undefined ? [] : [failure.place]),
  ];
  const rows: [string, string][] = [["where", printable(where.join(", "))]];
  const hasValues = failure.expected !== undefined || failure.observed !== undefined;
  if (hasValues) rows.push(["expected", inline(failure.expected)], ["observed", inline(failure.observed)]);
  // Values may be long, and the reader compares them: they get a few lines. The repro holds them in full.
  return alignRows(rows.map(([name, text]) => [left(`  ${name}`, paint.faint), left(clip(text, 4 * width))]));
}

function takesLines(record: RunRecord, shrunk: Shrunk, style: TextStyle): string[] {
  const { items } = shrunk.plan;
  const proof = [
    counted(shrunk.runs, "run"),
    shrunk.verified ? "verified twice" : "not the same when run again",
    ...(shrunk.minimal ? [] : ["perhaps not minimal: the budget of runs was used up"]),
  ].join(", ");
  if (items.length === 0) {
    return [`  It takes none of the ${counted(shrunk.itemsBefore, "item")}: it fails without any (${proof}).`];
  }
  const without = shrunk.passesWithoutItems ? "passes without any of them" : "fails otherwise without them";
  const of = shrunk.itemsBefore === 1 ? "the 1 item" : `${items.length} of ${grouped(shrunk.itemsBefore)} items`;
  const [first = "", ...rest] = wrap(`It takes ${of} (${proof}; ${without}):`, style.width - 4);
  return [
    `  ${first}`,
    ...rest.map((line) => `    ${line}`),
    ...itemLines(items, shrunk.explanation, style),
    ...knobLines(record, style),
  ];
}

function planLines(record: RunRecord, style: TextStyle): string[] {
  const { items } = record.plan;
  if (items.length === 0) return ["  The plan has no items: it fails without any."];
  if (items.length > plannedMax) return [`  The plan has ${counted(items.length, "item")}.`];
  return [
    `  The plan has ${counted(items.length, "item")}:`,
    ...itemLines(items, [], style),
    ...knobLines(record, style),
  ];
}

function knobLines(record: RunRecord, style: TextStyle): string[] {
  const { knobs } = record.plan;
  if (Object.keys(knobs).length === 0) return [];
  return [clip(`    ${style.paint.faint("knobs")} ${inline(knobs)}`, style.width)];
}

function consoleLines(lines: readonly ConsoleLine[], failure: Failure, style: TextStyle): string[] {
  const { paint, width } = style;
  const until = lines.filter((line) => line.at <= failure.at);
  const shown = until.slice(-consoleMax);
  const rows = alignRows(
    shown.map((line) => [
      left(formatMoment(line.at)),
      left(printable(line.process), paint.faint),
      left(printable(line.text), line.level === "error" ? paint.bad : line.level === "warn" ? paint.warn : undefined),
    ]),
  ).map((row) => clip(`    ${row}`, width));
  const hidden = until.length - shown.length;
  return hidden === 0 ? rows : [`    ${paint.faint(`… ${counted(hidden, "line")} before`)}`, ...rows];
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${title}`, ...lines];
}
