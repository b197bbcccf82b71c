/**
 * The end of a trace as a story: the last lines up to the failure, before them the last faults, crashes and starts.
 * Bookkeeping of the tank is left out (timers, disk operations), repetitions are folded into one line. It is no causal
 * analysis: lines of processes that had no part in the failure may be among them.
 */
import type { Failure, TraceRecord } from "../../runner/record.ts";
import type { TextStyle } from "./paint.ts";
import { formatMoment } from "../../base/time.ts";
import { alignRows, left } from "./columns.ts";
import { clip, printable } from "./printable.ts";
import { counted } from "./quantity.ts";

/** Last lines that are shown of a trace. */
const lastMax = 9;
/** Landmarks that are shown of what came before these. */
const landmarksMax = 4;

/** What changes the world: faults, and processes that come and go. */
const landmark = /^(fault .*|process\.(crashed|exited|started|stopped))$/;

/** Kinds that say nothing to a reader by themselves. */
const background =
  /^(timer|wake|deadline|port\.done|disk\.(apply|done)|process\.(start|stop|restart|killed)|console\..*)$/;
/** Observations that repeat what another line says. */
const repeated = /^fault\.(injected|healed)$/;
/** What the driver notes within the failing event when the failure is there already: the end of an op, the next one. */
const afterwards = /^op\.(started|ended)$/;

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
  while (told.at(-1)?.event === failure.event && afterwards.test(told.at(-1)!.kind)) told.pop();
  const lines = fold(told);
  const last = lines.slice(-lastMax);
  const before = lines.slice(0, -lastMax).filter(({ record }) => landmark.test(record.kind));
  const landmarks = before.slice(-landmarksMax);
  const rows = alignRows(
    [...landmarks, ...last].map(({ record, times }) => [
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
  const gap = hidden === 0 ? [] : [`    ${paint.faint(`… ${counted(hidden, "line")} not shown`)}`];
  return [...shown.slice(0, landmarks.length), ...gap, ...shown.slice(landmarks.length)];
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
