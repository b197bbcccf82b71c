/** Compares a folder of entries with its registry, both ways. Works on paths and texts, so that tests can plant. */
import { posix } from "node:path";
import type { ProjectFile } from "./project-files.ts";
import { importsOf } from "./source-imports.ts";
import { maskSource } from "./source-mask.ts";

export interface RegistryRule {
  /** Folder whose files (at any depth) may export entries, and the file that lists them. */
  readonly folder: string;
  /** A folder in it with a registry of its own. */
  readonly except?: string;
  readonly registry: string;
  /** Matches the export of an entry in code without comments and strings; group 1 is its name. */
  readonly entry: RegExp;
  /** A file that hands every entry on to users. */
  readonly publicFile?: string;
}

/** One sentence for every entry that is not listed and everything listed that is no entry. */
export function registryViolations(rule: RegistryRule, files: readonly ProjectFile[]): string[] {
  const entries = entriesOf(rule, files);
  const registry = files.find((file) => file.path === rule.registry);
  if (registry === undefined) {
    return entries.length === 0 ? [] : [`${rule.registry} does not exist, and ${rule.folder} has entries`];
  }
  const listing = maskSource(registry.text).code;
  const body = listing.replace(/^import\b[^;]*;/gm, "");
  const unlisted = entries.filter(({ name }) => !new RegExp(`(?<![.\\w$])${name}(?![\\w$])`).test(body));
  const problems = unlisted.map(({ path, name }) => `${path}: "${name}" is missing from ${rule.registry}`);
  for (const found of importsOf(registry.text)) {
    if (found.isTypeOnly || found.specifier?.startsWith(".") !== true) continue;
    const target = posix.join(posix.dirname(rule.registry), found.specifier);
    const isOthers = rule.except !== undefined && target.startsWith(`${rule.except}/`);
    if (!isOthers && target.startsWith(`${rule.folder}/`) && !entries.some(({ path }) => path === target)) {
      problems.push(`${rule.registry}:${found.line} lists ${target}, which exports no entry`);
    }
  }
  return [...problems, ...handedOn(rule, files, entries)];
}

/** Names and files of the entries, for a test that wants to see that there are some. */
export function entriesOf(rule: RegistryRule, files: readonly ProjectFile[]): { path: string; name: string }[] {
  const found: { path: string; name: string }[] = [];
  for (const file of files) {
    if (!file.path.startsWith(`${rule.folder}/`) || file.path === rule.registry) continue;
    if (rule.except !== undefined && file.path.startsWith(`${rule.except}/`)) continue;
    for (const match of maskSource(file.text).code.matchAll(rule.entry))
      found.push({ path: file.path, name: match[1]! });
  }
  return found;
}

function handedOn(
  rule: RegistryRule,
  files: readonly ProjectFile[],
  entries: readonly { path: string; name: string }[],
): string[] {
  const file = files.find(({ path }) => path === rule.publicFile);
  if (file === undefined) return [];
  const { code } = maskSource(file.text);
  const missing = entries.filter(({ name }) => !new RegExp(`(?<![.\\w$])${name}(?![\\w$])`).test(code));
  return missing.map(({ path, name }) => `${path}: "${name}" is not exported by ${file.path}`);
}
