/**
 * Text of the code under test, made fit for one line of a terminal. Control characters are written as escapes, so that
 * what a simulated process prints can neither break a table nor steer the reader's terminal.
 */

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

// C0, DEL and C1 controls, line separators, and marks that turn the direction of writing.
// oxlint-disable-next-line no-control-regex -- control characters are what it looks for
const unprintable = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** The text on one line, control characters escaped. */
export function printable(text: string): string {
  return text.replace(unprintable, (char) => {
    const code = char.charCodeAt(0).toString(16);
    return named[char] ?? (code.length > 2 ? `\\u${code.padStart(4, "0")}` : `\\x${code.padStart(2, "0")}`);
  });
}

/** Code points of a text, colours not counted: its columns, as long as nothing wide or combining is in it. */
export function columnsOf(text: string): number {
  let count = 0;
  for (const _ of text.replace(ansiSequence, "")) count++;
  return count;
}

/** Cuts a text to so many columns, "…" at its end where something is missing; keeps colours whole. */
export function clip(text: string, width: number): string {
  if (columnsOf(text) <= width) return text;
  let out = "";
  let columns = 0;
  let isColoured = false;
  for (const part of text.split(ansiPart)) {
    if (part.startsWith("\u001b")) {
      out += part;
      isColoured = true;
      continue;
    }
    for (const char of part) {
      if (columns >= width - 1) return `${out}…${isColoured ? "\u001b[0m" : ""}`;
      out += char;
      columns++;
    }
  }
  return out;
}

/** Breaks a text at spaces into lines of at most `width` columns; words that are longer are left whole. */
export function wrap(text: string, width: number): string[] {
  return joinParts(text.split(" "), " ", width);
}

/** Joins parts into lines of at most `width` columns, with `between` only within a line. */
export function joinParts(parts: readonly string[], between: string, width: number): string[] {
  const lines: string[] = [];
  let line: string | null = null;
  for (const part of parts) {
    const longer: string = line === null ? part : line + between + part;
    if (line !== null && columnsOf(longer) > width) {
      lines.push(line);
      line = part;
    } else {
      line = longer;
    }
  }
  return line === null ? lines : [...lines, line];
}

// oxlint-disable-next-line no-control-regex -- the escape character opens every colour
const ansiSequence = /\u001b\[[0-9;]*m/g;
// oxlint-disable-next-line no-control-regex -- the same, kept by split
const ansiPart = /(\u001b\[[0-9;]*m)/;
