/**
 * The README is run: its scenarios are type-checked and executed, what its commands print is what they print, its tables
 * are those of the registries, its paths exist. `UPDATE_DOCS=1 npm run docs:check` writes what has changed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/registry.ts";
import { faultDefinitions } from "../../src/faults/registry.ts";
import { fencedBlocks, section, withSection } from "./markdown-blocks.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const file = join(root, "README.md");
const isUpdating = process.env["UPDATE_DOCS"] === "1";
const main = join(root, "dist/cli/main.js");
const readme = (): string => readFileSync(file, "utf8");
const blocks = fencedBlocks(readme());

let project: string;

beforeAll(() => {
  project = mkdtempSync(join(tmpdir(), "wavetank-docs-"));
  mkdirSync(join(project, "node_modules"));
  symlinkSync(root, join(project, "node_modules/wavetank"), "dir");
  symlinkSync(join(root, "node_modules/vitest"), join(project, "node_modules/vitest"), "dir");
  writeFileSync(join(project, "package.json"), JSON.stringify({ name: "docs", type: "module" }));
  for (const { language, text } of blocks) {
    if (language !== "ts") continue;
    const path = join(project, /^\/\/ (\S+)\n/.exec(text)![1]!);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
});

afterAll(() => rmSync(project, { recursive: true, force: true }));

/** Times and speeds are the machine's. */
function steady(output: string): string {
  return output
    .replaceAll(/simulated in [\d.]+ (ms|s|m|h)( \d+ ?s)?/g, "simulated in TIME")
    .replaceAll(/[\d,.]+×/g, "SPEED×")
    .replaceAll(/ +/g, " ")
    .replaceAll(/\d+ workers?/g, "WORKERS")
    .replaceAll(/wt1\.[\w-]+/g, "TOKEN")
    .trimEnd();
}

describe("the commands of the README", () => {
  const consoles = blocks.filter((block) => block.language === "console");

  it("are there", () => expect(consoles.length).toBeGreaterThanOrEqual(2));

  for (const { text, note } of consoles) {
    const [first = "", ...printed] = text.split("\n");
    it(`${first.slice(2)} prints what the README says`, () => {
      const words = first.replace(/^\$ npx wavetank /, "").split(" ");
      const cwd = note.includes("in project") ? project : root;
      const reports = mkdtempSync(join(tmpdir(), "wavetank-reports-"));
      const args = [main, ...words, "--report", reports, "--jobs", "2"];
      const { stdout, stderr } = spawnSync(process.execPath, args, { cwd, encoding: "utf8", env: plainEnvironment() });
      rmSync(reports, { recursive: true, force: true });
      expect(stderr).not.toContain("    at ");
      const output = stdout.replaceAll(reports, "reports").trimEnd();
      if (isUpdating)
        writeFileSync(
          file,
          readme().replace(text, () => `${first}\n${output}\n`),
        );
      else expect(steady(output)).toBe(steady(printed.join("\n")));
    });
  }
});

describe("the code of the README", () => {
  it("compiles under the strictest settings", () => {
    const options = {
      strict: true,
      noEmit: true,
      module: "nodenext",
      target: "es2022",
      skipLibCheck: true,
      types: ["node"],
    };
    symlinkSync(join(root, "node_modules/@types"), join(project, "node_modules/@types"), "dir");
    writeFileSync(join(project, "tsconfig.json"), JSON.stringify({ compilerOptions: options, include: ["**/*.ts"] }));
    const { stdout, status } = spawnSync(join(root, "node_modules/.bin/tsc"), ["-p", project], { encoding: "utf8" });
    expect(stdout).toBe("");
    expect(status).toBe(0);
  });

  it("passes under vitest", () => {
    const vitest = join(root, "node_modules/vitest/vitest.mjs");
    const args = [vitest, "run", "--root", project, "--reporter", "json"];
    const output = execFileSync(process.execPath, args, { cwd: project, encoding: "utf8", env: plainEnvironment() });
    const report = JSON.parse(output.slice(output.indexOf("{"))) as { numPassedTests: number; success: boolean };
    expect(report).toMatchObject({ success: true, numPassedTests: 1 });
  });
});

describe("the tables of the README", () => {
  const table = (head: string, rows: readonly (readonly [string, string])[]): string =>
    [head, "| --- | --- |", ...rows.map(([name, doc]) => `| \`${name}\` | ${doc} |`)].join("\n");
  const tables: Readonly<Record<string, string>> = {
    commands: table(
      "| command | does |",
      commands.map(({ name, args, doc }) => [
        `wavetank ${name}${args === "" ? "" : ` ${args}`}`.replaceAll("|", "\\|"),
        doc,
      ]),
    ),
    faults: table(
      "| fault | what happens |",
      faultDefinitions.map(({ id, doc }) => [id, doc]),
    ),
  };
  for (const [name, text] of Object.entries(tables)) {
    it(`of ${name} are those of the registry`, () => {
      if (isUpdating) writeFileSync(file, withSection(readme(), name, text));
      expect(section(readme(), name)).toBe(text);
    });
  }
});

describe("the documents", () => {
  for (const name of ["README.md", "ARCHITECTURE.md"]) {
    it(`${name} names only paths that exist`, () => {
      const text = readFileSync(join(root, name), "utf8").replaceAll(/```[\s\S]*?```/g, "");
      const paths = [...text.matchAll(/`((?:src|test|scenarios|dist)\/[\w./-]*)`|\]\(([\w./-]+)\)/g)];
      expect(paths.length).toBeGreaterThan(0);
      for (const [, quoted, linked] of paths) {
        const path = (quoted ?? linked)!;
        if (/(^|\/)x\.ts$/.test(path)) continue; // stands for any name
        expect({ path, exists: existsSync(join(root, path)) }).toEqual({ path, exists: true });
      }
    });

    it(`${name} stays short enough to be read`, () => {
      expect(readFileSync(join(root, name), "utf8").split("\n").length).toBeLessThanOrEqual(250);
    });
  }

  it("the scripts that the README names exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    for (const [, script] of readme().matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });
});

function plainEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, VITEST: _vitest, ...rest } = process.env;
  return { ...rest, NO_COLOR: "1", COLUMNS: "100" };
}
