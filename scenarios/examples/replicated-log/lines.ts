/**
 * The log on disk: an entry a line, `checksum|term|value|request`. A power loss may cut the last lines anywhere; the
 * checksum tells a whole line from what is left of one.
 */
import type { Entry } from "./messages.ts";

export interface LogText {
  readonly entries: readonly Entry[];
  /** For each entry, the characters up to the end of its line. */
  readonly ends: readonly number[];
}

/** The line of an entry, newline included. */
export function formatLine({ term, value, request }: Entry): string {
  const text = `${term}|${value}|${request}\n`;
  return `${checksum(text)}|${text}`;
}

/** The entries of a text up to the first line that `isWhole` does not believe. */
export function readLines(text: string, isWhole: (line: string) => boolean): LogText {
  const entries: Entry[] = [];
  const ends: number[] = [];
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (!isWhole(line)) break;
    const [, term, value, request = ""] = line.trimEnd().split("|");
    entries.push({ term: Number(term), request, value: Number(value) });
    ends.push((ends.at(-1) ?? 0) + line.length);
  }
  return { entries, ends };
}

/** Whether a line is as it was written. */
export function hasChecksum(line: string): boolean {
  const bar = line.indexOf("|");
  return bar > 0 && line.endsWith("\n") && line.slice(0, bar) === checksum(line.slice(bar + 1));
}

/** FNV-1a, 32 bits, in hexadecimal. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16);
}
