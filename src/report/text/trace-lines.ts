/**
 * The end of a trace as a story: the last lines up to the failure, bookkeeping of the tank left out (timers, disk
 * operations, and faults' own events, which are shown as faults), repetitions folded into one line. It is no causal
 * analysis: lines of processes that had no part in the failure may be among them.
 */
import type { Failure, TraceRecord } from "../../runner/record.ts";
import type { TextStyle } from "./paint.ts";
import { formatMoment } from "../../base/time.ts";
import { alignRows, left, right } from "./columns.ts";
import { clip, printable } from "./printable.ts";

/** Lines that are shown of a trace. */
const shownMax = 12;

/** Kinds that say nothing to a reader by themselves. */
const background =
  /^(timer|wake|deadline|port\.done|disk\.(apply|done)|process\.(start|stop|restart|killed)|console\..*)$/;
/** Observations that repeat what another line says. */
const repeated = /^fault\.(injected|healed)$/;

interface FoldedLine {
  readonly record: TraceRecord;
  readonly times: number;
}

/** The last lines before a failure, indented by four, "✖" behind the last one. Empty without a trace. */
export function traceLines(trace: readonly TraceRecord[], failure: Failure, style: TextStyle): string[] {
  const { paint, width } = style;
  const told = trace.filter(
    (record) => record.event <= failure.event && !background.test(record.kind) && !repeated.test(record.kind),
  );
  const lines = fold(told).slice(-shownMax);
  const rows = alignRows(
    lines.map(({ record, times }) => [
      right(formatMoment(record.at)),
      left(record.process === "" ? "–" : printable(record.process), paint.faint),
      left(printable(record.kind), record.kind.startsWith("fault ") ? paint.warn : undefined),
      left(`${printable(record.text)}${times > 1 ? ` ×${times}` : ""}`),
    ]),
  );
  return rows.map((row, index) => {
    const line = `    ${row}`;
    return index === rows.length - 1 ? `${clip(line, width - 3)}  ${paint.bad("✖")}` : clip(line, width);
  });
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
