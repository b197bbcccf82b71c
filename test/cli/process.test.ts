/** The program as a process: help, colours, signals, pipes, start-up. */
import { once } from "node:events";
import { afterAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/registry.ts";
import { runDocumentSchema } from "../../src/report/documents.ts";
import { ended, TempProject } from "./temp-project.ts";

const project = new TempProject({ "register.ts": "buggy/register.ts" });

afterAll(() => project.remove());

describe("help", () => {
  it("lists every command of the registry and the exit codes", async () => {
    for (const args of [[], ["--help"], ["help"]]) {
      const { code, stdout, stderr } = await project.run(args);
      for (const command of commands) expect(stdout).toContain(`  ${command.name} `);
      expect(stdout).toMatch(/Exit codes:[^]* 130 {2}interrupted/);
      expect(stderr).toBe("");
      expect(code).toBe(0);
    }
  });

  it.each(commands)("of $name lists its flags and shows examples", async (command) => {
    const { code, stdout } = await project.run([command.name, "--help"]);
    for (const flag of Object.values(command.flags)) expect(stdout).toContain(flag.spelling);
    for (const example of command.examples) expect(stdout).toContain(`$ npx wavetank ${example}`);
    expect(code).toBe(0);
  });

  it("prints the version of the package", async () => {
    expect((await project.run(["--version"])).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});

describe("colours", () => {
  const args = ["list", "bugs"];
  it("are left out where there is no terminal", async () => {
    expect((await project.run(args)).stdout).not.toContain("\u001b");
  });

  it("are forced by FORCE_COLOR, and NO_COLOR wins over it", async () => {
    expect((await project.run(args, { FORCE_COLOR: "1" })).stdout).toContain("\u001b[");
    expect((await project.run(args, { FORCE_COLOR: "0" })).stdout).not.toContain("\u001b");
    expect((await project.run(args, { FORCE_COLOR: "1", NO_COLOR: "1" })).stdout).not.toContain("\u001b");
  });
});

describe("an interruption", () => {
  it("ends the suite with what was found so far, and 130", async () => {
    const child = project.start(["run", "--seeds", "1000000", "--plant", "REG-LAZY"]);
    const end = ended(child);
    await once(child.stdout!, "data");
    child.kill("SIGINT");
    const { code, stdout } = await end;
    expect(stdout).toMatch(/interrupted.* · exit 130/);
    expect(code).toBe(130);
  });

  it("still prints one document with --json", async () => {
    const child = project.start(["run", "--seeds", "1000000", "--json"]);
    const end = ended(child);
    setTimeout(() => child.kill("SIGTERM"), 1_500);
    const { code, stdout } = await end;
    expect(runDocumentSchema.parse(JSON.parse(stdout))).toMatchObject({ interrupted: true, exitCode: 130 });
    expect(code).toBe(130);
  });
});

describe("the process", () => {
  it("prints what was found even when the report cannot be written, and ends with 5 if all else was well", async () => {
    project.write("blocked/index.html/file", "");
    const { code, stdout, stderr } = await project.run(["run", "--seeds", "1", "--report", "blocked"]);
    expect(stdout).toContain("✔ 1 seed · ");
    expect(stderr).toMatch(/^error the report is not whole: EISDIR.*\n$/);
    expect(code).toBe(5);
  });

  it("ends quietly when its reader has seen enough", async () => {
    const child = project.start(["list", "--json"]);
    child.stdout!.destroy();
    const { code, stderr } = await ended(child);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });

  it("starts quickly: the fastest of five helps takes less than half a second", async () => {
    const times: number[] = [];
    for (let run = 0; run < 5; run++) {
      const started = performance.now();
      await project.run(["--help"]);
      times.push(performance.now() - started);
    }
    expect(Math.min(...times)).toBeLessThan(500);
  });
});
