/** The trace of a run as a table of fixed columns: event, time, process#incarnation, kind, text. One line a transition. */
import type { TraceRecord } from "../../runner/run/record.ts";
import type { TextStyle } from "./paint.ts";
import { columnsOf, printable } from "./printable.ts";
import { fullMoment } from "./quantity.ts";

/** Which records are shown. A filter matches a whole name, or its first part: `server` takes `server#2`, `net` takes `net.reset`. */
export interface TraceFilter {
  readonly process?: string | undefined;
  readonly kind?: string | undefined;
}

/** The records that a filter lets through, in their order. */
export function filterTrace(trace: readonly TraceRecord[], filter: TraceFilter): TraceRecord[] {
  return trace.filter(
    (record) => matches(record.process, filter.process, "#") && matches(record.kind, filter.kind, ". "),
  );
}

/** The table, header first. Columns keep their places; what is longer pushes the rest of its own line only. */
export function traceTable(trace: readonly TraceRecord[], style: TextStyle): string[] {
  const { paint } = style;
  const processWidth = 18;
  const kindWidth = 24;
  const line = (event: string, at: string, process: string, kind: string, text: string): string =>
    `${event.padStart(7)}  ${at.padStart(14)}  ${padded(process, processWidth)}  ${padded(kind, kindWidth)}  ${text}`.trimEnd();
  return [
    paint.faint(line("event", "time", "process", "kind", "text")),
    ...trace.map((record) =>
      line(
        String(record.event),
        fullMoment(record.at),
        record.process === "" ? "–" : printable(record.process),
        printable(record.kind),
        printable(record.text),
      ),
    ),
  ];
}

function matches(name: string, wanted: string | undefined, ends: string): boolean {
  if (wanted === undefined || name === wanted) return true;
  return name.startsWith(wanted) && ends.includes(name.charAt(wanted.length));
}

function padded(text: string, width: number): string {
  return text + " ".repeat(Math.max(0, width - columnsOf(text)));
}
