/**
 * Local dates read and written as UTC, whatever the machine's zone. Parsing leaves the work to the engine: a text that
 * names no zone gets one appended, so it can only differ from a machine in UTC where the engine reads a text as local
 * that this file takes for zoned.
 */
import { dateParse, RealDate } from "../../real.ts";

const isoDate = /^[+-]?\d{4,6}(?:-\d\d){0,2}$/;
const isoLocal = /^[+-]?\d{4,6}(?:-\d\d){0,2}T\d\d:\d\d(?::\d\d(?:[.,]\d+)?)?$/i;
const zoneWord = /(?:^|[^a-z])(?:z|utc?|gmt|[ecmp][sd]t)(?:[^a-z]|$)/i;
const zoneSign = /\d:\d\d.*[+-]\s*\d/;

/** Whether the engine would read a date text in the machine's own zone. */
export function isLocalText(text: string): boolean {
  if (isoDate.test(text)) return false;
  if (isoLocal.test(text)) return true;
  const bare = text.replace(/\([^()]*\)/g, " ");
  return !zoneWord.test(bare) && !zoneSign.test(bare);
}

/** Milliseconds since 1970 of a date text, local ones read as UTC; NaN when it is no date. */
export function parseAsUtc(text: string): number {
  const asWritten = dateParse(text);
  if (Number.isNaN(asWritten) || !isLocalText(text)) return asWritten;
  return dateParse(isoLocal.test(text) ? `${text}Z` : `${text} UTC`);
}

/** `Thu Jan 01 1970`, as the engine writes it in UTC. Throws `TypeError` unless `date` is a Date. */
export function utcDateText(date: Date): string {
  const parts = utcParts(date);
  return parts === null ? "Invalid Date" : `${parts[0]!.slice(0, 3)} ${parts[2]} ${parts[1]} ${parts[3]}`;
}

/** `00:00:00 GMT+0000 (Coordinated Universal Time)`. */
export function utcTimeText(date: Date): string {
  const parts = utcParts(date);
  return parts === null ? "Invalid Date" : `${parts[4]} GMT+0000 (Coordinated Universal Time)`;
}

/** What `toString` of a Date says on a machine in UTC. */
export function utcText(date: Date): string {
  return utcParts(date) === null ? "Invalid Date" : `${utcDateText(date)} ${utcTimeText(date)}`;
}

/** The words of `Thu, 01 Jan 1970 00:00:00 GMT`. */
function utcParts(date: Date): string[] | null {
  const text = RealDate.prototype.toUTCString.call(date);
  return text === "Invalid Date" ? null : text.split(" ");
}
