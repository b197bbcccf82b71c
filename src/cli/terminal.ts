/** What commands know of the terminal and the process around them; made once, in `main.ts`. */
import type { ReadStream, WriteStream } from "node:tty";
import { isAbsolute, relative } from "node:path";
import type { TextStyle } from "../report/text/paint.ts";
import { paintOf } from "../report/text/paint.ts";

/** One of the two streams that text goes to. */
export interface Output {
  readonly stream: NodeJS.WriteStream;
  readonly isTty: boolean;
  /** Colours, and the width at the time of asking. */
  readonly style: TextStyle;
  /** Writes lines, each with a newline behind it. */
  lines(lines: readonly string[]): void;
  text(text: string): void;
}

export interface Terminal {
  readonly out: Output;
  readonly err: Output;
  readonly stdin: NodeJS.ReadStream;
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Ends the process at once, with nothing more reported: for a second Ctrl-C. */
  readonly exitNow: (code: number) => void;
}

/** Columns where there is no terminal to ask: logs wrap lines by themselves, tables should stay readable. */
const plainWidth = 120;
const narrowest = 60;

/** The terminal of a process. */
export function terminalOf(
  streams: {
    readonly stdout: NodeJS.WriteStream;
    readonly stderr: NodeJS.WriteStream;
    readonly stdin: NodeJS.ReadStream;
  },
  env: NodeJS.ProcessEnv,
  cwd: string,
  exitNow: (code: number) => void,
): Terminal {
  const { stdout, stderr, stdin } = streams;
  return { out: outputOf(stdout, env), err: outputOf(stderr, env), stdin, env, cwd, exitNow };
}

/** Whether a stream gets colours: NO_COLOR wins, then FORCE_COLOR, then what the stream is. */
export function isColoured(isTty: boolean, env: NodeJS.ProcessEnv): boolean {
  const { NO_COLOR: no = "", FORCE_COLOR: force } = env;
  if (no !== "") return false;
  if (force !== undefined) return force !== "0" && force !== "false";
  return isTty && env["TERM"] !== "dumb";
}

function outputOf(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): Output {
  const isTty = (stream as Partial<WriteStream>).isTTY === true;
  const paint = paintOf(isColoured(isTty, env));
  return {
    stream,
    isTty,
    get style() {
      const columns = isTty ? stream.columns : Number(env["COLUMNS"] ?? plainWidth);
      return { paint, width: Number.isSafeInteger(columns) ? Math.max(narrowest, columns) : plainWidth };
    },
    lines: (lines) => void (lines.length > 0 && stream.write(`${lines.join("\n")}\n`)),
    text: (text) => void stream.write(text),
  };
}

/** A path as people type it: from the working directory where it is inside, else absolute. */
export function shownPath(terminal: Terminal, path: string): string {
  const inside = relative(terminal.cwd, path);
  return inside === "" || inside.startsWith("..") || isAbsolute(inside) ? path : inside;
}

/** Whether keys can be read one by one. */
export function hasKeys(stdin: NodeJS.ReadStream): stdin is ReadStream {
  return stdin.isTTY === true && typeof stdin.setRawMode === "function";
}
