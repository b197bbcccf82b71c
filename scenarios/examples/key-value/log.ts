/**
 * The log on disk: a change a line, `at|session|number|op|key|value|checksum`. A power loss may cut the last lines
 * anywhere; the checksum tells a whole line from what is left of one. `at` is for people who read the file: the clock
 * that it comes from may be wrong.
 */
import type { Mutation } from "./protocol.ts";

export interface LogRecord {
  /** Wall clock when it was written, ms. */
  readonly at: number;
  readonly mutation: Mutation;
}

export interface LogContent {
  readonly records: readonly LogRecord[];
  /** Characters up to the end of the last whole line. */
  readonly length: number;
}

/** The line of a record, newline included. */
export function formatRecord({ at, mutation }: LogRecord): string {
  const { session, number, op, key, value } = mutation;
  const text = [at, session, number, op, key, value].join("|");
  return `${text}|${checksum(text)}\n`;
}

/** The records of a log up to the first line that `isWhole` does not believe. */
export function readLog(text: string, isWhole: (line: string) => boolean): LogContent {
  const records: LogRecord[] = [];
  let length = 0;
  for (const line of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
    if (!isWhole(line)) break;
    records.push(parseRecord(line));
    length += line.length;
  }
  return { records, length };
}

/** Whether a line ends as it was written to end. */
export function hasChecksum(line: string): boolean {
  const bar = line.lastIndexOf("|");
  return bar > 0 && line.slice(bar + 1) === `${checksum(line.slice(0, bar))}\n`;
}

function parseRecord(line: string): LogRecord {
  const [at, session = "", number, op, key = "", value = ""] = line.split("|");
  const name = { session, number: Number(number), key };
  const mutation: Mutation = op === "add" ? { ...name, op, value: Number(value) } : { ...name, op: "put", value };
  return { at: Number(at), mutation };
}

/** FNV-1a, 32 bits, in hexadecimal. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return (hash >>> 0).toString(16);
}
