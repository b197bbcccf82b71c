/**
 * Runs the real linter, with the project's real configuration, over planted files: a configuration that silently checks
 * nothing is noticed. The files lie in a folder of their own, so that the globs of the configuration apply to them.
 */
import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { z } from "zod";
import type { ProjectFile } from "./project-files.ts";
import { projectRoot } from "./project-files.ts";

export interface LintProblem {
  readonly path: string;
  readonly rule: string;
  readonly message: string;
}

const output = z.object({
  diagnostics: z.array(z.object({ filename: z.string(), code: z.string().optional(), message: z.string() })),
  number_of_files: z.number(),
});

/** Lints planted files; returns how many were looked at and what was found, `plugin(rule)` for each. */
export function lintPlanted(files: readonly ProjectFile[]): { files: number; problems: LintProblem[] } {
  const folder = mkdtempSync(join(tmpdir(), "wavetank-lint-"));
  try {
    for (const name of [".oxlintrc.json", "tsconfig.json", "package.json"]) {
      copyFileSync(join(projectRoot, name), join(folder, name));
    }
    symlinkSync(join(projectRoot, "node_modules"), join(folder, "node_modules"), "junction");
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const linter = join(projectRoot, "node_modules", "oxlint", "bin", "oxlint");
    const run = spawnSync(process.execPath, [linter, "--format", "json"], { cwd: folder, encoding: "utf8" });
    const report = output.parse(JSON.parse(run.stdout));
    const problems = report.diagnostics.map(({ filename, code, message }) => ({
      path: filename,
      rule: code ?? "",
      message,
    }));
    return { files: report.number_of_files, problems };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
