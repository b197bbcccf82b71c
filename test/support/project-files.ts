/** The project's own text files, as the tidy tests see them: everything but dependencies, output and the lock file. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";

export interface ProjectFile {
  /** From the root of the project, with forward slashes. */
  readonly path: string;
  readonly text: string;
}

/** The root of the checkout. */
export const projectRoot = fileURLToPath(new URL("../..", import.meta.url));

const leftOut: readonly string[] = [".git", "dist", "node_modules", "reports", "coverage", "package-lock.json"];

/** The files below a folder of the project (its root for ""), sorted by path in code-unit order; none if it is missing. */
export function projectFiles(folder: string, ending = ""): ProjectFile[] {
  const paths: string[] = [];
  const open = [join(projectRoot, folder)].filter((path) => existsSync(path));
  for (let at = open.pop(); at !== undefined; at = open.pop()) {
    for (const entry of readdirSync(at, { withFileTypes: true })) {
      const path = join(at, entry.name);
      if (leftOut.includes(entry.name)) continue;
      if (entry.isDirectory()) open.push(path);
      else if (entry.isFile() && entry.name.endsWith(ending)) paths.push(path);
    }
  }
  return paths
    .toSorted()
    .map((path) => ({ path: relative(projectRoot, path).split(sep).join("/"), text: readFileSync(path, "utf8") }));
}
