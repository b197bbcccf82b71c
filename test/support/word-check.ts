/** Names and words that the project does without. Works on paths and texts, so that tests can plant. */
import { posix } from "node:path";
import type { ProjectFile } from "./project-files.ts";
import { lineAt, maskSource } from "./source-mask.ts";

const bannedStems: readonly string[] = [
  "common",
  "handler",
  "helper",
  "helpers",
  "index",
  "manager",
  "misc",
  "service-impl",
  "types",
  "util",
  "utils",
];

/** Anywhere in a text file. */
const bannedText: readonly { readonly pattern: RegExp; readonly says: string }[] = [
  { pattern: /\b(?:TODO|FIXME|XXX)\b/g, says: "an open point is an issue, not a comment" },
  {
    pattern: /(?<![\w.~-])\/(?:home|root|srv|Users)\/(?!\.\.\.)/g,
    says: "an absolute path that exists on one machine only",
  },
];

/** In code, comments and literals blanked; `under` limits a ban to a folder. */
const bannedCode: readonly { readonly pattern: RegExp; readonly says: string; readonly under?: string }[] = [
  { pattern: /\bcatch\s*(?:\([^)]*\)\s*)?\{\s*\}/g, says: "an empty catch hides errors" },
  { pattern: /\.catch\(\s*\(?\w*\)?\s*=>\s*\{\s*\}\s*\)/g, says: "an empty catch hides errors" },
  {
    pattern: /\b(?:describe|it|test|suite|simTest)\.(?:skip|only|todo)\b/g,
    says: "every test runs, always",
    under: "test/",
  },
  { pattern: /\b(?:xit|xdescribe|fit|fdescribe)\s*\(/g, says: "every test runs, always", under: "test/" },
];

/** One sentence for every banned file name, word, path and construct. */
export function wordViolations(files: readonly ProjectFile[]): string[] {
  return files.flatMap((file) => [...nameViolations(file.path), ...textViolations(file), ...codeViolations(file)]);
}

function nameViolations(path: string): string[] {
  if (!path.endsWith(".ts") || path === "src/index.ts") return [];
  const parts = path.split("/");
  const stems = [...parts.slice(0, -1), posix.basename(path).split(".")[0]!];
  // `test/types` holds tests of types: there the word is the noun.
  const banned = stems.filter(
    (stem, at) => bannedStems.includes(stem) && parts.slice(0, at + 1).join("/") !== "test/types",
  );
  const problems = banned.map((stem) => `${path}: a file or folder is named after its noun, not "${stem}"`);
  const loud = stems.find((stem) => !/^[a-z0-9][a-z0-9-]*$/.test(stem));
  return loud === undefined ? problems : [...problems, `${path}: "${loud}" is not kebab-case`];
}

function textViolations({ path, text }: ProjectFile): string[] {
  return bannedText.flatMap(({ pattern, says }) =>
    [...text.matchAll(pattern)].map((match) => `${path}:${lineAt(text, match.index)} "${match[0]}": ${says}`),
  );
}

function codeViolations({ path, text }: ProjectFile): string[] {
  if (!path.endsWith(".ts")) return [];
  const { code } = maskSource(text);
  const bans = bannedCode.filter(({ under = "" }) => path.startsWith(under));
  return bans.flatMap(({ pattern, says }) =>
    [...code.matchAll(pattern)].map((match) => {
      const shown = text.slice(match.index, match.index + match[0].length).replace(/\s+/g, " ");
      return `${path}:${lineAt(text, match.index)} "${shown}": ${says}`;
    }),
  );
}
