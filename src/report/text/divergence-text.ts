/** Where two runs part, in words, and how a replay compares to the run that a repro file was made from. */
import type { Divergence } from "../../runner/run/bisect.ts";
import type { TraceRecord } from "../../runner/run/record.ts";
import type { TextStyle } from "./paint.ts";
import { formatMoment } from "../../base/time.ts";
import { clip, printable } from "./printable.ts";
import { grouped } from "./quantity.ts";

/** The first event that differs, on either side, and the events before it on which both agree. */
export function divergenceLines(divergence: Divergence, style: TextStyle): string[] {
  const { event, eventLast, left, right, before } = divergence;
  if (left === null && right === null) {
    const range =
      event === eventLast ? `at event ${grouped(event)}` : `between events ${grouped(event)} and ${grouped(eventLast)}`;
    return [`  the runs part ${range}`];
  }
  return [
    `  the runs part at event ${grouped(event)}:`,
    ...before.map((record) => clip(`      both ${recordText(record)}`, style.width)),
    clip(`     first ${sideText(left)}`, style.width),
    clip(`    second ${sideText(right)}`, style.width),
  ];
}

function sideText(record: TraceRecord | null): string {
  return record === null ? "has ended" : recordText(record);
}

function recordText(record: TraceRecord): string {
  return printable(
    `${formatMoment(record.at)} ${record.process === "" ? "–" : record.process}  ${record.kind}  ${record.text}`,
  ).trimEnd();
}
