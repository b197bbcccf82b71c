/**
 * What a TypeScript file imports: static imports, re-exports, dynamic imports and `require`. Types written as
 * `import("…")` count as imports of their module at run time, which is the stricter reading.
 */
import { lineAt, maskSource } from "./source-mask.ts";

export interface SourceImport {
  /** The module as written, or undefined where a dynamic import names none. */
  readonly specifier: string | undefined;
  /** `import type` and `export type`: nothing is left of it at run time. */
  readonly isTypeOnly: boolean;
  /** An `import` statement, as opposed to a re-export and a call. */
  readonly isStatement: boolean;
  readonly line: number;
}

const fromClause = /(?<![.\w$])(?:import|export)\b[^;"'`]*?\bfrom\s*["']/g;
const sideEffect = /(?<![.\w$])import\s*["']/g;
const call = /(?<![.\w$])(?:import|require|require\.resolve)\s*\(\s*(["'`]?)/g;

/** The imports of a source text, in the order of their lines. */
export function importsOf(text: string): SourceImport[] {
  const { code } = maskSource(text);
  const found: SourceImport[] = [];
  for (const match of code.matchAll(fromClause)) {
    // Without semicolons a match may begin at an earlier export: its own keyword is the last one.
    const start = Math.max(match[0].lastIndexOf("import"), match[0].lastIndexOf("export"));
    const clause = match[0].slice(start);
    found.push({
      specifier: literalAt(text, code, match.index + match[0].length),
      isTypeOnly: /^(?:import|export)\s+type\b(?!\s*,|\s+from\b)/.test(clause),
      isStatement: clause.startsWith("import"),
      line: lineAt(text, match.index + start),
    });
  }
  for (const match of code.matchAll(sideEffect)) {
    const specifier = literalAt(text, code, match.index + match[0].length);
    found.push({ specifier, isTypeOnly: false, isStatement: true, line: lineAt(text, match.index) });
  }
  for (const match of code.matchAll(call)) {
    const specifier = match[1] === "" ? undefined : literalAt(text, code, match.index + match[0].length);
    found.push({ specifier, isTypeOnly: false, isStatement: false, line: lineAt(text, match.index) });
  }
  return found.toSorted((a, b) => a.line - b.line);
}

/** The text of a literal whose first character is at `offset`; undefined for a template with substitutions. */
function literalAt(text: string, code: string, offset: number): string | undefined {
  const quote = code[offset - 1]!;
  const end = code.indexOf(quote, offset);
  const literal = text.slice(offset, end);
  return quote === "`" && literal.includes("${") ? undefined : literal;
}
