/** A user's project whose tests and programs call `simulate`, run as users run them: by vitest and by Node. */
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ended } from "../cli/temp-project.ts";
import { projectRoot } from "../support/project-files.ts";

const env = { PATH: process.env["PATH"] ?? "", NO_COLOR: "1" };

interface VitestReport {
  readonly testResults: readonly {
    readonly assertionResults: readonly { readonly fullName: string; readonly failureMessages: readonly string[] }[];
  }[];
}

/** What files of the project import: a note in a file of its own, by which tests see what ran how often and where. */
const note = `import { appendFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";
export const isFresh = !isMainThread;
export const note = (file, text) => appendFileSync(new URL(file, import.meta.url), \`\${isFresh ? "fresh" : "main"} \${text}\\n\`);
`;

export class FreshProject {
  readonly directory = mkdtempSync(join(tmpdir(), "wavetank-fresh-"));

  constructor(files: Readonly<Record<string, string>>) {
    mkdirSync(join(this.directory, "node_modules"));
    symlinkSync(projectRoot, join(this.directory, "node_modules/wavetank"), "junction");
    symlinkSync(join(projectRoot, "node_modules/vitest"), join(this.directory, "node_modules/vitest"), "junction");
    const all = { "package.json": '{ "type": "module" }\n', "note.js": note, ...files };
    for (const [name, text] of Object.entries(all)) writeFileSync(join(this.directory, name), text);
  }

  /** What a program printed. Rejects unless it ends with exit code 0. */
  async program(name: string): Promise<string> {
    const child = spawn(process.execPath, [name], {
      cwd: this.directory,
      env,
      timeout: 200_000,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const { code, stdout, stderr } = await ended(child);
    if (code !== 0) throw new Error(`${name} ended with ${code}: ${stderr}`);
    return stdout.replaceAll(/\s+/g, " ").trim();
  }

  /** The failures of all tests by their full names, on one line each; "" for a test that passed. */
  async tests(): Promise<ReadonlyMap<string, string>> {
    const main = join(projectRoot, "node_modules/vitest/vitest.mjs");
    const args = [main, "run", "--root", this.directory, "--reporter", "json"];
    const { stdout } = await ended(
      spawn(process.execPath, args, { cwd: this.directory, env, stdio: ["ignore", "pipe", "pipe"] }),
    );
    const { testResults } = JSON.parse(stdout.slice(stdout.indexOf("{"))) as VitestReport;
    const results = testResults.flatMap(({ assertionResults }) => assertionResults);
    return new Map(
      results.map(({ fullName, failureMessages }) => [fullName, failureMessages.join(" ").replaceAll(/\s+/g, " ")]),
    );
  }

  /** The lines that were noted in a file. */
  notes(name: string): readonly string[] {
    const path = join(this.directory, name);
    return existsSync(path) ? readFileSync(path, "utf8").trim().split("\n") : [];
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}
