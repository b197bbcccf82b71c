/**
 * Finds files by pattern: `*` and `?` within a name, `**` for any number of folders, `{a,b}` for alternatives, paths
 * relative to a folder and written with `/`. Left out: `[a-z]`, negation, and links to folders, which may be cycles.
 * Hidden folders and node_modules are only entered by name.
 */
import { readdir } from "node:fs/promises";
import { join, resolve } from "node:path";

/** Absolute paths of the files below `directory` that fit a pattern, in code-unit order of their relative paths. */
export async function findFiles(directory: string, patterns: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const pattern of patterns.flatMap(alternatives)) {
    await walk("", pattern.replace(/^(?:\.\/)+/, "").split("/"), directory, found);
  }
  return [...found].toSorted().map((path) => resolve(directory, path));
}

/** `a{b,c}d` as `abd` and `acd`. A brace that is not closed is a character like any other. */
function alternatives(pattern: string): readonly string[] {
  const brace = /^(.*?)\{([^{}]*)\}(.*)$/s.exec(pattern);
  if (brace === null) return [pattern];
  return brace[2]!.split(",").flatMap((choice) => alternatives(`${brace[1]}${choice}${brace[3]}`));
}

async function walk(path: string, parts: readonly string[], directory: string, found: Set<string>): Promise<void> {
  const [part = "", ...rest] = parts;
  if (part === "." || part === "..") {
    await walk(join(path, part), rest, directory, found);
    return;
  }
  const entries = await readdir(join(directory, path), { withFileTypes: true }).catch(nothingThere);
  if (part === "**") await walk(path, rest.length === 0 ? ["*"] : rest, directory, found);
  const name = nameRule(part);
  for (const entry of entries) {
    const inner = path === "" ? entry.name : `${path}/${entry.name}`;
    if (part === "**") {
      const isSkipped = entry.name.startsWith(".") || entry.name === "node_modules";
      if (entry.isDirectory() && !isSkipped) await walk(inner, parts, directory, found);
    } else if (!name.test(entry.name)) {
      continue;
    } else if (rest.length > 0) {
      if (entry.isDirectory()) await walk(inner, rest, directory, found);
    } else if (!entry.isDirectory()) {
      found.add(inner);
    }
  }
}

function nameRule(part: string): RegExp {
  const escaped = part.replace(/[.+^$()|[\]{}\\]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", "[^/]*").replaceAll("?", "[^/]")}$`);
}

/** A folder that does not exist holds no files; one that may not be read is the user's to know of. */
function nothingThere(error: NodeJS.ErrnoException): never[] {
  if (error.code === "ENOENT" || error.code === "ENOTDIR") return [];
  throw error;
}
