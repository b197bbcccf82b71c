/** Planted bugs as a table: which invariant killed each, after how many seeds, and how small its proof became. */
import type { BugResult, BugsResult } from "../../runner/suite/bugs.ts";
import type { TextStyle } from "./paint.ts";
import { alignRows, left, right } from "./columns.ts";
import { clip, printable, wrap } from "./printable.ts";
import { grouped, span } from "./quantity.ts";

/** The table and its totals. */
export function bugsLines(result: BugsResult, style: TextStyle): string[] {
  const rows = result.bugs;
  if (rows.length === 0) return [result.interrupted ? "interrupted · exit 130" : "no scenario has a bug to plant"];
  const { paint, width } = style;
  const faint = paint.faint;
  const header = [
    left(""),
    left("bug", faint),
    left("killed by", faint),
    right("seeds", faint),
    right("cpu", faint),
    right("repro", faint),
    left("sound", faint),
  ];
  const lines = alignRows([
    header,
    ...rows.map((row) => [
      isKilled(row) ? left("✔", paint.good) : left("✖", paint.bad),
      left(clip(printable(`${row.id} ${row.title}`), Math.max(24, width - 50))),
      left(row.caught ? row.invariant : "–"),
      right(row.seedsToCatch === null ? `>${grouped(row.seeds)}` : grouped(row.seedsToCatch)),
      right(span(row.cpuMicros)),
      right(row.shrunkItems === null ? "–" : grouped(row.shrunkItems)),
      row.soundIsClean ? left("✔", paint.good) : left("✖", paint.bad),
    ]),
  ]);
  const [heading = "", ...table] = lines.map((line) => clip(` ${line}`, width));
  const withReasons = rows.flatMap((row, index) => [
    table[index]!,
    ...(row.caught ? [] : [`    ${paint.warn(`← ${missedBy(row)}`)}`]),
  ]);
  return [heading, ...withReasons, "", ...summaryLines(result, style)];
}

/** A bug counts as killed when its own invariant caught it and the sound code is clean on the same seeds. */
export function isKilled(row: BugResult): boolean {
  return row.caught && row.soundIsClean;
}

function missedBy(row: BugResult): string {
  return row.caughtBy === null ? `${row.invariant} saw nothing` : `${row.caughtBy} broke instead of ${row.invariant}`;
}

function summaryLines({ bugs: rows, exitCode, interrupted, harnessErrors }: BugsResult, style: TextStyle): string[] {
  const killed = rows.filter(isKilled).length;
  const seeds = rows.flatMap((row) => (row.seedsToCatch === null ? [] : [row.seedsToCatch])).toSorted((a, b) => a - b);
  const at = (part: number): string => grouped(seeds[Math.min(seeds.length - 1, Math.floor(seeds.length * part))] ?? 0);
  const spread = seeds.length === 0 ? "" : ` · median ${at(0.5)} seeds, p95 ${at(0.95)}`;
  const end = `${interrupted ? " · interrupted" : ""}${exitCode === 0 ? "" : ` · exit ${exitCode}`}`;
  const unclean = rows.filter((row) => !row.soundIsClean).map((row) => row.id);
  const paint = killed === rows.length ? style.paint.good : style.paint.bad;
  return [
    paint(`${killed} of ${rows.length} killed${spread}${end}`),
    ...harnessErrors.map((error) => `${style.paint.bad("✖ harness")} ${printable(error)}`),
    ...(unclean.length === 0
      ? []
      : wrap(
          `The sound code fails on the seeds of ${unclean.join(", ")}: run the scenario without a bug.`,
          style.width,
        )),
  ];
}
