/** A user's project in a folder of its own, and the built command line run in it as users run it: as a process. */
import { spawn, type ChildProcess } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { projectRoot } from "../support/project-files.ts";

const program = join(projectRoot, "dist/cli/main.js");

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export class TempProject {
  readonly directory = mkdtempSync(join(tmpdir(), "wavetank-cli-"));

  /** `scenarios` are files of `test/support/scenarios` by their new names; `files` are texts. */
  constructor(scenarios: Readonly<Record<string, string>>, files: Readonly<Record<string, string>> = {}) {
    this.write("package.json", '{ "type": "module" }\n');
    mkdirSync(join(this.directory, "node_modules"));
    symlinkSync(projectRoot, join(this.directory, "node_modules/wavetank"), "junction");
    for (const [name, from] of Object.entries(scenarios)) {
      mkdirSync(join(this.directory, "scenarios"), { recursive: true });
      cpSync(join(projectRoot, "test/support/scenarios", from), join(this.directory, "scenarios", name));
    }
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): string {
    const path = join(this.directory, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): ChildProcess {
    return spawn(process.execPath, [program, ...args], {
      cwd: this.directory,
      env: { PATH: process.env["PATH"] ?? "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return ended(this.start(args, env));
  }

  remove(): void {
    rmSync(this.directory, { recursive: true, force: true });
  }
}

/** What a process printed, when it has ended. */
export function ended(child: ChildProcess): Promise<Ended> {
  let stdout = "";
  let stderr = "";
  child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
  child.stderr?.setEncoding("utf8").on("data", (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}
