/**
 * The README is run: its scenarios are type-checked and executed, what its commands print is what they print, its tables
 * are those of the registries, its paths exist; ARCHITECTURE.md draws the layers that there are. Updating, with
 * `UPDATE_DOCS=1 npm run docs:check`, writes what has changed.
 */
import { execFileSync, spawnSync } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { commands } from "../../src/cli/registry.ts";
import { faultDefinitions } from "../../src/faults/registry.ts";
import { layers } from "../tidy/layers.ts";
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

/** Times and speeds are the machine's, and so is whether a line of progress came out before the end. */
function steady(output: string): string {
  return output
    .replaceAll(/^\d+\/\d+ seeds · .* left\b.*\n/gm, "")
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

  it("storms a database that withstands it", () => {
    const args = [main, "run", "totals", "--seeds", "5", "--from", "0", "--jobs", "2", "--json"];
    const options = { cwd: project, encoding: "utf8", env: plainEnvironment() } as const;
    const { stdout } = spawnSync(process.execPath, [...args, "--report", join(project, "reports")], options);
    const { findings, scenarios } = JSON.parse(stdout) as { findings: object[]; scenarios: { seeds: number }[] };
    expect({ findings, seeds: scenarios.map(({ seeds }) => seeds) }).toEqual({ findings: [], seeds: [5] });
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
    faults: table("| family | faults |", faultFamilies()),
    scenarios: table("| scenario | what must hold |", scenarioDocs()),
  };
  for (const [name, text] of Object.entries(tables)) {
    it(`of ${name} are those of the registry`, () => {
      if (isUpdating) writeFileSync(file, withSection(readme(), name, text));
      expect(section(readme(), name)).toBe(text);
    });
  }
});

describe("the layers of ARCHITECTURE.md", () => {
  const [drawn = { text: "" }] = fencedBlocks(readFileSync(join(root, "ARCHITECTURE.md"), "utf8"));
  const rows = new Map([...drawn.text.matchAll(/^(\w+) +([^:;\n]*)/gm)].map(([, name = "", may = ""]) => [name, may]));
  const folders = Object.entries(layers).filter(([name]) => !name.endsWith(".ts"));

  it("are those of the table", () => {
    expect([...rows.keys()].toSorted()).toEqual(folders.map(([name]) => name).toSorted());
  });

  it.each(folders)("%s may import what its row says", (name, { folders: inFull, types = [] }) => {
    const words = [...inFull, ...types.map((path) => `${path.replace(/\.ts$/, "")} (types)`)].join(", ");
    const isTop = folders.every(([other]) => other === name || inFull.includes(other));
    expect(rows.get(name)).toBe(isTop ? "everything below" : words === "" ? "nothing" : words);
  });
});

const linesMax: Readonly<Record<string, number>> = { "README.md": 230, "ARCHITECTURE.md": 270 };

describe("the documents", () => {
  for (const [name, max] of Object.entries(linesMax)) {
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
      expect(readFileSync(join(root, name), "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(max);
    });
  }

  it("the scripts that the README names exist", () => {
    const { scripts } = JSON.parse(readFileSync(join(root, "package.json"), "utf8")) as { scripts: object };
    for (const [, script] of readme().matchAll(/npm run ([\w:]+)/g)) expect(Object.keys(scripts)).toContain(script);
  });
});

/** Faults by the first part of their ids. */
function faultFamilies(): [family: string, faults: string][] {
  const families = new Map<string, string[]>();
  for (const { id } of faultDefinitions) {
    const [family = "", name = ""] = id.split(".");
    families.set(family, [...(families.get(family) ?? []), `\`${name}\``]);
  }
  return [...families].map(([family, names]) => [family, names.join(" · ")]);
}

/** Scenarios of the database and their docs, as their files say: loading them would take the engine's parser. */
function scenarioDocs(): [name: string, doc: string][] {
  const folder = join(root, "scenarios");
  return readdirSync(folder)
    .filter((name) => name.endsWith(".ts"))
    .toSorted()
    .map((name) => [
      name.slice(0, -3),
      /^ {2}doc: "(.*)",$/m.exec(readFileSync(join(folder, name), "utf8"))?.[1] ?? "",
    ]);
}

function plainEnvironment(): NodeJS.ProcessEnv {
  const { FORCE_COLOR: _force, VITEST: _vitest, ...rest } = process.env;
  return { ...rest, NO_COLOR: "1", COLUMNS: "100" };
}
