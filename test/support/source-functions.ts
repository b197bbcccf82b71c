/**
 * The functions of a TypeScript file that have a body in braces, with their lengths. Found by what stands in front of
 * each opening brace. Arrow functions that are one expression are left out: the linter's parser measures those too.
 */
import { lineAt, maskSource } from "./source-mask.ts";

export interface SourceFunction {
  readonly name: string;
  readonly line: number;
  /** Lines from the first of its head to its closing brace that hold code. */
  readonly codeLines: number;
}

const modifiers = /^(?:(?:export|default|async|static|private|protected|public|override|declare|abstract|get|set)\s+)*/;
const control = /^(?:if|for|while|switch|catch|with|else|do|try|finally|return|case|default|new|throw|await|yield)\b/;
const declaration = /^(?:class|interface|enum|namespace|module|type)\b/;
const method = /^\*?\s*(#?[\w$]+|\[[^\]]*\]|"\s*")\s*[<(]/;

/** Every function with a body, in source order. */
export function functionsOf(text: string): SourceFunction[] {
  const source = maskSource(text);
  const braces = matchBraces(source.code);
  const openings = new Map([...braces].map(([open, close]) => [close, open]));
  const found: SourceFunction[] = [];
  for (const [open, close] of braces) {
    const start = headStart(source.code, open, openings);
    const head = source.code.slice(start, open);
    const name = functionName(head.trim());
    if (name === undefined) continue;
    const from = start + (head.length - head.trimStart().length);
    const lines = source.uncommented.slice(from, close + 1).split("\n");
    const codeLines = lines.filter((line) => line.trim() !== "").length;
    found.push({ name, line: lineAt(text, from), codeLines });
  }
  return found.toSorted((a, b) => a.line - b.line);
}

/** Closing brace of each opening one, by offset. */
export function matchBraces(code: string): Map<number, number> {
  const pairs = new Map<number, number>();
  const open: number[] = [];
  for (let index = 0; index < code.length; index++) {
    if (code[index] === "{") open.push(index);
    if (code[index] !== "}") continue;
    const start = open.pop();
    if (start !== undefined) pairs.set(start, index);
  }
  return pairs;
}

/** Where the statement, argument or member that leads up to a brace begins. */
function headStart(code: string, open: number, openings: ReadonlyMap<number, number>): number {
  let depth = 0;
  for (let index = open - 1; index >= 0; index--) {
    const char = code[index]!;
    if (char === ")" || char === "]") depth++;
    else if (char === "(" || char === "[") {
      if (depth-- === 0) return index + 1;
    } else if (char === "}") {
      const start = openings.get(index) ?? 0;
      const before = code.slice(0, start).trimEnd().at(-1) ?? "";
      // Inside parentheses, and in a type, a pair of braces belongs to the head; elsewhere it ends what came before.
      if (depth === 0 && !":|&<,(".includes(before)) return index + 1;
      index = start;
    } else if (depth === 0 && (char === ";" || char === "{" || char === ",")) {
      if (char !== "," || !isInsideAngles(code, index, open)) return index + 1;
    }
  }
  return 0;
}

/** Whether a comma separates type arguments rather than members or arguments. */
function isInsideAngles(code: string, comma: number, open: number): boolean {
  let closing = 0;
  for (let index = comma + 1; index < open; index++) {
    if (code[index] === "<") closing--;
    if (code[index] === ">" && code[index - 1] !== "=") closing++;
  }
  return closing > 0;
}

/** The name of the function that a head declares, `(anonymous)` for one without, undefined when it declares none. */
function functionName(head: string): string | undefined {
  if (head.endsWith("=>"))
    return /(?:const|let|var)\s+([\w$]+)/.exec(head)?.[1] ?? /^([\w$]+)\s*[:=]/.exec(head)?.[1] ?? "(arrow)";
  const bare = head.replace(modifiers, "");
  if (declaration.test(bare) && !method.test(bare)) return undefined;
  const hasSignature = /\)\s*(?::\s*[^\s][^]*)?$/.test(head) && !/[=?]$/.test(head);
  if (!hasSignature) return undefined;
  const named = /\bfunction\b\s*\*?\s*([\w$]*)/.exec(head);
  if (named !== null) return named[1] === "" ? "(anonymous)" : named[1];
  if (control.test(bare)) return undefined;
  return method.exec(bare)?.[1];
}
