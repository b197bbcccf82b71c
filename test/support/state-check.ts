/**
 * Module-level state that can change: what would let one run leave something behind for the next. Found by a scan of
 * what stands outside all braces and parentheses. Left out: a constant object with a member that is assigned to.
 */
import type { ProjectFile } from "./project-files.ts";
import { lineAt, maskSource } from "./source-mask.ts";

/** One sentence for every module-level binding or collection that can change. */
export function stateViolations(files: readonly ProjectFile[]): string[] {
  return files.flatMap(({ path, text }) => {
    const { code } = maskSource(text);
    return [...bindings(code), ...statics(code)].map(({ offset, says }) => `${path}:${lineAt(text, offset)} ${says}`);
  });
}

type Found = { readonly offset: number; readonly says: string };

const declared = /(?<![\w$.])(?:export\s+)?(let|var|const)\s+([\w$]+)\s*(:[^=]*(?:=>[^=]*)*)?=?\s*/g;
const collection = /^new\s+(Map|Set|WeakMap|WeakSet|Array|\w*Array)\b/;

function bindings(code: string): Found[] {
  const top = topLevel(code);
  const found: Found[] = [];
  for (const match of top.matchAll(declared)) {
    const [whole, keyword, name, type = ""] = match;
    const value = code.slice(match.index + whole.length);
    if (keyword !== "const") found.push({ offset: match.index, says: `module-level "${keyword} ${name}"` });
    else if (isMutable(type, value))
      found.push({ offset: match.index, says: `module-level mutable collection "${name}"` });
  }
  return found;
}

function isMutable(type: string, value: string): boolean {
  if (/:\s*(?:Readonly|readonly\b)/.test(type)) return false;
  return collection.test(value) || /^\[\s*\]/.test(value) || /^\{\s*\}/.test(value);
}

/** Static members of classes, which live as long as the module. */
function statics(code: string): Found[] {
  const pattern = /(?<![\w$.])static\s+(?!readonly\b|async\b|get\b|set\b|override\b)(#?[\w$]+)\s*(?::[^;={(]*)?[=;]/g;
  return [...code.matchAll(pattern)].map((match) => ({
    offset: match.index,
    says: `static member "${match[1]}" that is not readonly`,
  }));
}

/** The code with everything inside braces, parentheses and brackets blanked. */
function topLevel(code: string): string {
  let result = "";
  let depth = 0;
  for (const char of code) {
    if ("}])".includes(char)) depth--;
    result += depth > 0 && char !== "\n" ? " " : char;
    if ("{[(".includes(char)) depth++;
  }
  return result;
}
