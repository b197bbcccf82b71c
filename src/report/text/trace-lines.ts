/**
 * A trace as a story of a few lines: the last ones up to the failure, and of what came before them those that most likely
 * led there: faults, crashes and starts, what the code under test said of the failure's subject, ops of the plan.
 * Bookkeeping of the tank is left out (timers, disk operations), repetitions are folded into one line. It is no causal
 * analysis: lines that had no part in the failure may be among them.
 */
import type { Failure, TraceRecord } from "../../runner/run/record.ts";
import type { TextStyle } from "./paint.ts";
import { formatMoment } from "../../base/time.ts";
import { alignRows, left } from "./columns.ts";
import { clip, printable } from "./printable.ts";
import { counted } from "./quantity.ts";

/** Lines that are shown of a trace. */
const linesMax = 16;
/** Of these, last ones that are shown whatever they say. */
const lastMax = 4;

/** What changes the world: faults, and processes that come and go. */
const landmark = /^(fault .*|process\.(crashed|exited|started|stopped))$/;
/** What the tank itself says; all other kinds are the words of the code under test. */
const ofTheTank = /^(fault|process|net|disk|clock|cpu|op|world)\b/;

/** Kinds that say nothing to a reader by themselves. */
const background =
  /^(timer|wake|deadline|port\.done|disk\.(apply|done)|process\.(start|stop|restart|killed)|console\..*)$/;
/** Observations that repeat what another line says. */
const repeated = /^fault\.(injected|healed)$/;

interface FoldedLine {
  readonly record: TraceRecord;
  readonly times: number;
}

/** The last lines before a failure, indented by four, "✖" behind the last one; what is left out is counted. Empty without a trace. */
export function traceLines(trace: readonly TraceRecord[], failure: Failure, style: TextStyle): string[] {
  const { paint, width } = style;
  const told = trace.filter(
    (record) => record.event <= failure.event && !background.test(record.kind) && !repeated.test(record.kind),
  );
  const lines = fold(told);
  const shownLines = chosen(lines, failure);
  const rows = alignRows(
    shownLines.map(({ record, times }) => [
      left(formatMoment(record.at)),
      left(record.process === "" ? "–" : printable(record.process), paint.faint),
      left(printable(record.kind), record.kind.startsWith("fault ") ? paint.warn : undefined),
      left(`${printable(record.text)}${times > 1 ? ` ×${times}` : ""}`),
    ]),
  );
  const shown = rows.map((row, index) => {
    const line = `    ${row}`;
    return index === rows.length - 1 ? `${clip(line, width - 3)}  ${paint.bad("✖")}` : clip(line, width);
  });
  const hidden = lines.length - rows.length;
  if (hidden > 0) shown.push(`    ${paint.faint(`${counted(hidden, "line")} left out: --trace shows all`)}`);
  return shown;
}

/** The lines worth showing, in their order: the heaviest, of equal weight the latest. */
function chosen(lines: readonly FoldedLine[], failure: Failure): FoldedLine[] {
  const weighed = lines.map((line, index) => ({ line, index, weight: weightOf(line, index, lines, failure) }));
  const heaviest = weighed.toSorted((a, b) => b.weight - a.weight || b.index - a.index).slice(0, linesMax);
  return heaviest.toSorted((a, b) => a.index - b.index).map(({ line }) => line);
}

function weightOf({ record }: FoldedLine, index: number, lines: readonly FoldedLine[], failure: Failure): number {
  if (index === lines.length - 1) return 9;
  const isAbout = failure.subject !== "" && record.text.includes(JSON.stringify(failure.subject));
  // Of many things of one kind said at one moment only those about the failure's subject matter.
  if (!isAbout && [index - 1, index + 1].some((near) => isSaidWith(lines[near]?.record, record))) return 0;
  if (index >= lines.length - lastMax) return 8;
  if (landmark.test(record.kind)) return 7;
  if (!ofTheTank.test(record.kind)) return isAbout ? 6 : 4;
  return record.kind.startsWith("op.") ? 5 : 1;
}

function isSaidWith(other: TraceRecord | undefined, record: TraceRecord): boolean {
  return other !== undefined && other.event === record.event && other.kind === record.kind;
}

/** Neighbours that differ in nothing but their time become one line, at the time of the last. */
function fold(records: readonly TraceRecord[]): FoldedLine[] {
  const folded: FoldedLine[] = [];
  for (const record of records) {
    const last = folded.at(-1);
    const isSame =
      last !== undefined &&
      last.record.process === record.process &&
      last.record.kind === record.kind &&
      last.record.text === record.text;
    if (isSame) folded[folded.length - 1] = { record, times: last.times + 1 };
    else folded.push({ record, times: 1 });
  }
  return folded;
}
