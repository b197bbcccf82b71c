/** Sizes of files and functions, in lines that hold code. Works on paths and texts, so that tests can plant. */
import type { ProjectFile } from "./project-files.ts";
import { functionsOf } from "./source-functions.ts";
import { importsOf } from "./source-imports.ts";
import { codeLines, maskSource } from "./source-mask.ts";

export interface SizeLimits {
  readonly fileLines: number;
  readonly functionLines: number;
  /** Modules that a file needs at run time; types are contracts and cost nothing. */
  readonly imports: number;
}

/** Limits of single files, each with its reason. */
export type SizeExceptions = Readonly<Record<string, Partial<SizeLimits> & { readonly reason: string }>>;

/** One sentence for every file or function above its limit, and for every exception that is no longer needed. */
export function sizeViolations(
  files: readonly ProjectFile[],
  limits: SizeLimits,
  exceptions: SizeExceptions,
): string[] {
  const problems: string[] = [];
  for (const file of files) {
    const own = exceptions[file.path];
    const found = over(file, { ...limits, ...own });
    problems.push(...found);
    if (own !== undefined && over(file, limits).length === 0) problems.push(`${file.path} needs no exception any more`);
  }
  const paths = new Set(files.map(({ path }) => path));
  const stale = Object.keys(exceptions).filter((path) => !paths.has(path));
  return [...problems, ...stale.map((path) => `${path} has an exception and does not exist`)];
}

/** Lines of code in all files together. */
export function totalLines(files: readonly ProjectFile[]): number {
  return files.reduce((sum, file) => sum + codeLines(maskSource(file.text)), 0);
}

function over({ path, text }: ProjectFile, limits: SizeLimits): string[] {
  const problems: string[] = [];
  const lines = codeLines(maskSource(text));
  if (lines > limits.fileLines) problems.push(`${path} has ${lines} lines of code, ${limits.fileLines} are allowed`);
  for (const found of functionsOf(text)) {
    if (found.codeLines <= limits.functionLines) continue;
    const size = `${found.codeLines} lines, ${limits.functionLines} are allowed`;
    problems.push(`${path}:${found.line} ${found.name} has ${size}`);
  }
  const modules = new Set(
    importsOf(text)
      .filter((found) => found.isStatement && !found.isTypeOnly)
      .map((found) => found.specifier),
  );
  if (modules.size > limits.imports) {
    problems.push(`${path} imports ${modules.size} modules at run time, ${limits.imports} are allowed`);
  }
  return problems;
}
