/**
 * TypeScript source with its comments, or its comments and literals, blanked out, so that a plain scan of what is left
 * sees code only. Offsets and line breaks stay where they were. TypeScript 7 has no compiler API for this. Left out: a
 * regular expression right behind `)` or `}` is taken for a division (the formatter and the types rule most of those out).
 */

export interface MaskedSource {
  /** The source as it is. */
  readonly text: string;
  /** Comments blanked. */
  readonly uncommented: string;
  /** Comments blanked, and everything between the delimiters of strings, templates and regular expressions. */
  readonly code: string;
}

const wordBeforeRegex =
  /(?:^|[^\w$.])(?:return|typeof|case|in|of|do|else|void|delete|throw|new|await|yield|instanceof)$/;

/** Masks one file. */
export function maskSource(text: string): MaskedSource {
  const scan = new Scan(text);
  scan.run();
  return { text, uncommented: scan.blanked(false), code: scan.blanked(true) };
}

/** Lines that hold code: neither blank nor comment only. Lines inside a template literal count. */
export function codeLines(source: MaskedSource): number {
  return source.uncommented.split("\n").filter((line) => line.trim() !== "").length;
}

/** Line number, from 1, of an offset. */
export function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let index = 0; index < offset; index++) if (text[index] === "\n") line++;
  return line;
}

type Span = { readonly from: number; readonly to: number; readonly isComment: boolean };

class Scan {
  readonly text: string;
  readonly spans: Span[] = [];
  /** Brace depths at which an open `${` ends. */
  readonly substitutions: number[] = [];
  position = 0;
  depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  run(): void {
    if (this.text.startsWith("#!")) this.comment(this.endOfLine());
    while (this.position < this.text.length) this.step();
  }

  blanked(withLiterals: boolean): string {
    let result = "";
    let at = 0;
    for (const span of this.spans) {
      if (!span.isComment && !withLiterals) continue;
      result += this.text.slice(at, span.from) + this.text.slice(span.from, span.to).replace(/[^\n]/g, " ");
      at = span.to;
    }
    return result + this.text.slice(at);
  }

  private step(): void {
    const char = this.text[this.position]!;
    const next = this.text[this.position + 1];
    if (char === "/" && next === "/") return this.comment(this.endOfLine());
    if (char === "/" && next === "*") {
      const end = this.text.indexOf("*/", this.position + 2);
      return this.comment(end < 0 ? this.text.length : end + 2);
    }
    if (char === '"' || char === "'") return this.quoted(char);
    if (char === "`") return this.template();
    if (char === "/" && this.startsRegex()) return this.regex();
    if (char === "{") this.depth++;
    if (char === "}") {
      this.depth--;
      if (this.substitutions.at(-1) === this.depth) {
        this.substitutions.pop();
        return this.template();
      }
    }
    this.position++;
  }

  private endOfLine(): number {
    const end = this.text.indexOf("\n", this.position);
    return end < 0 ? this.text.length : end;
  }

  private comment(end: number): void {
    this.spans.push({ from: this.position, to: end, isComment: true });
    this.position = end;
  }

  private literal(from: number, to: number): void {
    this.spans.push({ from, to, isComment: false });
    this.position = to + 1;
  }

  private quoted(quote: string): void {
    let end = this.position + 1;
    while (end < this.text.length && this.text[end] !== quote && this.text[end] !== "\n") {
      end += this.text[end] === "\\" ? 2 : 1;
    }
    this.literal(this.position + 1, end);
  }

  /** From a backtick, or from the `}` that ends a substitution, to the next `${` or the closing backtick. */
  private template(): void {
    let end = this.position + 1;
    while (end < this.text.length && this.text[end] !== "`") {
      if (this.text[end] === "$" && this.text[end + 1] === "{") {
        this.literal(this.position + 1, end);
        this.substitutions.push(this.depth);
        this.depth++;
        this.position = end + 2;
        return;
      }
      end += this.text[end] === "\\" ? 2 : 1;
    }
    this.literal(this.position + 1, end);
  }

  private startsRegex(): boolean {
    const before = this.text.slice(Math.max(0, this.position - 200), this.position).trimEnd();
    const last = before.at(-1);
    if (last === undefined) return true;
    if (/[\w$]/.test(last)) return wordBeforeRegex.test(before);
    return !/[)\]}"'`]/.test(last);
  }

  private regex(): void {
    let end = this.position + 1;
    let isInClass = false;
    while (end < this.text.length && this.text[end] !== "\n") {
      const char = this.text[end];
      if (char === "[") isInClass = true;
      if (char === "]") isInClass = false;
      if (char === "/" && !isInClass) break;
      end += char === "\\" ? 2 : 1;
    }
    this.literal(this.position + 1, end);
  }
}
