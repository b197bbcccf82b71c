/** The commands of the built program on small projects: what they print, what they write, how they end. */
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { z } from "zod";
import {
  bugsDocumentSchema,
  listDocumentSchema,
  replayDocumentSchema,
  runDocumentSchema,
  shrinkDocumentSchema,
} from "../../src/report/documents.ts";
import { markupProblem } from "../report/markup-check.ts";
import { TempProject, type Ended } from "./temp-project.ts";

const register = new TempProject({ "register.ts": "buggy/register.ts" });
const echo = new TempProject(
  { "echo.ts": "sound/echo.ts" },
  { "wavetank.config.ts": "export default { seeds: 7 };\n" },
);
const idle = new TempProject({ "idle.ts": "vacuous/idle.ts" });
const counting = new TempProject({ "counting.ts": "flaky/counting.ts" });

afterAll(() => {
  for (const each of [register, echo, idle, counting]) each.remove();
});

const lazy = ["run", "register", "--plant", "REG-LAZY", "--from", "0", "--seeds", "100", "--max-failures", "1"];

function documentOf<S extends z.ZodType>(schema: S, { stdout }: Ended): z.output<S> {
  const parsed: unknown = JSON.parse(stdout);
  const document = schema.parse(parsed);
  expect(document).toEqual(parsed);
  return document;
}

/** The seed of the finding that was printed. */
function seedOf({ stdout }: Ended): string {
  return /seed ([0-9a-z]{13}) /.exec(stdout)![1]!;
}

describe("wavetank run and shrink", () => {
  let found: Ended;
  beforeAll(async () => {
    found = await register.run(lazy);
  });

  it("shows what it found, writes the report and ends with 1", () => {
    expect(found.code).toBe(1);
    expect(found.stderr).toBe("");
    expect(found.stdout).toMatch(/^1 scenario × 100 seeds · \d+ workers? · from 0000000000000\n ✖ {2}register /);
    expect(found.stdout).toContain("✖ REG-1 violated for register: A read returns the last acknowledged write.");
    expect(found.stdout).toMatch(/It takes \d of \d+ items \(\d+ runs, verified twice; passes without any of them\):/);
    expect(found.stdout).toMatch(/\n✖ 1 finding from \d+ of \d+ seeds · exit 1 · reports\/index\.html\n$/);
  });

  it("prints a command that reproduces it, event for event", async () => {
    const token = /npx wavetank replay (wt1\.\S+)/.exec(found.stdout)?.[1];
    const replayed = await register.run(["replay", token!]);
    expect(replayed.code).toBe(1);
    expect(replayed.stdout).toContain("✖ REG-1 violated for register");
    expect(replayed.stdout).toContain("the same run as the repro's, event for event");
  });

  it("writes a page, documents for machines and a repro file that can be replayed", async () => {
    const folder = join(register.directory, "reports");
    expect(readdirSync(folder).toSorted()).toEqual([
      "index.html",
      "junit.xml",
      "repro-register-REG-1-register.json",
      "run.json",
    ]);
    const read = (name: string): string => readFileSync(join(folder, name), "utf8");
    expect(markupProblem(read("index.html"))).toBeNull();
    expect(markupProblem(read("junit.xml"))).toBeNull();
    expect(documentOf(runDocumentSchema, { ...found, stdout: read("run.json") })).toMatchObject({
      verdict: "violated",
    });
    const replayed = await register.run(["replay", "reports/repro-register-REG-1-register.json"]);
    expect(replayed.stdout).toContain("event for event");
    expect(replayed.stdout).toContain("npx wavetank replay reports/repro-register-REG-1-register.json");
  });

  it("prints the same findings as one document, whatever the number of workers", async () => {
    const text = readFileSync(join(register.directory, "reports/run.json"), "utf8");
    const first = documentOf(runDocumentSchema, { ...found, stdout: text });
    const again = await register.run([...lazy, "--json", "--jobs", String(first.jobs + 1)]);
    const second = documentOf(runDocumentSchema, again);
    expect(second.jobs).not.toBe(first.jobs);
    expect(second.findings).toEqual(first.findings);
    expect(second.hash).toBe(first.hash);
    expect(again.stderr).toBe("");
  });

  it("takes the number of seeds from the configuration, and says nothing of reports when all is well", async () => {
    const { code, stdout } = await echo.run(["run"]);
    expect(stdout).toContain("1 scenario × 7 seeds");
    expect(stdout).toMatch(/\n✔ 7 seeds · /);
    expect(stdout).not.toContain("report");
    expect(readdirSync(echo.directory)).not.toContain("reports");
    expect(code).toBe(0);
  });

  it("runs exactly the seed that it is told, and writes a report where it is told", async () => {
    const { code, stdout } = await echo.run(["run", "--seed", "7K3Q9ZT4MVX2C", "--report", "out/nightly"]);
    expect(stdout).toContain("1 scenario × 1 seed · ");
    expect(stdout).toContain("from 7k3q9zt4mvx2c");
    expect(stdout).toMatch(/\nreport {2}out\/nightly\/index\.html\n$/);
    expect(readdirSync(join(echo.directory, "out/nightly"))).toContain("index.html");
    expect(code).toBe(0);
  });

  it("ends by its budget, with every seed that it began counted as planned", async () => {
    const { code, stdout } = await echo.run(["run", "--budget", "300ms", "--json"]);
    const { seeds, seedsPlanned, interrupted } = documentOf(runDocumentSchema, { code, stdout, stderr: "" });
    expect(seeds).toBeGreaterThan(0);
    expect(seedsPlanned).toBe(seeds);
    expect(interrupted).toBe(false);
  });

  it("ends with 4 when faults never bit and properties were not reached", async () => {
    const { code, stdout } = await idle.run(["run", "--seeds", "100"]);
    expect(stdout).toContain("✖ vacuous idle: fault process.crash never bit");
    expect(stdout).toContain('✖ vacuous idle: "never" was reached by none of 100 seeds');
    expect(code).toBe(4);
  });

  it("ends with 3 when two executions differ", async () => {
    const { code, stdout } = await counting.run(["run", "--seeds", "3"]);
    expect(stdout).toContain("✖ diverged");
    expect(code).toBe(3);
  });

  it("prints annotations, JUnit or a page instead, if told to", async () => {
    const failing = ["run", "--seed", seedOf(found), "--plant", "REG-LAZY", "--reporter"];
    const github = await register.run([...failing, "github"]);
    const junit = await register.run([...failing, "junit"]);
    const html = await register.run([...failing, "html"]);
    expect(github.stdout).toMatch(/\n::error .*title=register%3A REG-1 violated/);
    expect(junit.stdout).toMatch(/^<\?xml[^]*<\/testsuites>\n$/);
    expect(html.stdout).toMatch(/^<!doctype html>[^]*<\/html>\n$/);
    expect([github, junit, html].map(({ code }) => code)).toEqual([1, 1, 1]);
  });

  it("shrinks one failing seed to a repro file, which shrinks no further", async () => {
    const args = ["shrink", "register", "--seed", seedOf(found), "--plant", "REG-LAZY", "--out", "small/lazy.json"];
    const { code, stdout } = await register.run(args);
    expect(stdout).toContain("npx wavetank replay small/lazy.json");
    expect(code).toBe(0);
    const document = documentOf(shrinkDocumentSchema, await register.run(["shrink", "small/lazy.json", "--json"]));
    expect(document.file).toBe("reports/repro-register-REG-1-register.json");
    expect(document.finding).toMatchObject({ signature: "REG-1:register", verified: true, minimal: true });
    expect(document.finding.items).toBe(document.finding.itemsBefore);
  });
});

describe("wavetank replay", () => {
  it("passes with 0 and says what was run", async () => {
    const { code, stdout } = await register.run(["replay", "register", "--seed", "5"]);
    expect(stdout).toMatch(/^✔ passed · register · seed 0000000000005 · \d+ events · 0:\d\d\.\d{3}/);
    expect(code).toBe(0);
  });

  it("stops where it is told", async () => {
    const { stdout } = await register.run(["replay", "register", "--seed", "5", "--until", "0:00.200"]);
    expect(stdout).toContain("✔ nothing failed until 0:00.200");
  });

  it("prints a trace of fixed columns, of one process and kind if told to", async () => {
    const args = ["replay", "register", "--seed", "5", "--trace"];
    const whole = (await register.run(args)).stdout.split("\n");
    expect(whole[0]).toMatch(/^ {2}event {12}time {2}process {13}kind {22}text$/);
    const rows = (await register.run([...args, "--process", "server", "--kind", "net"])).stdout.split("\n");
    const traced = rows.slice(1, rows.indexOf(""));
    expect(traced.length).toBeGreaterThan(0);
    expect(whole.length).toBeGreaterThan(traced.length);
    for (const row of traced) expect(row).toMatch(/^ *\d+ +\d+:\d\d\.\d{3}_\d{3} {2}server#\d+ +net\./);
  });

  it("prints one document with the trace that was asked for", async () => {
    const args = ["replay", "register", "--seed", "5", "--json"];
    const ended = await register.run([...args, "--trace", "--kind", "op.started"]);
    const document = documentOf(replayDocumentSchema, ended);
    expect(document).toMatchObject({ verdict: "passed", ok: true, seed: "0000000000005", isSame: null });
    expect(new Set(document.trace.map(({ kind }) => kind))).toEqual(new Set(["op.started"]));
    expect(documentOf(replayDocumentSchema, await register.run(args)).hash).toBe(document.hash);
  });

  it("says that the code has changed when a repro's run is not the same any more", async () => {
    const text = readFileSync(join(register.directory, "reports/repro-register-REG-1-register.json"), "utf8");
    register.write("old.json", text.replace(/"hash": "[0-9a-f]{16}"/, '"hash": "00000000000000ff"'));
    const { code, stdout } = await register.run(["replay", "old.json"]);
    expect(stdout).toContain("not the run of the repro: the code has changed since it was written");
    expect(stdout).toContain("hash 00000000000000ff");
    expect(code).toBe(1);
    const sound = text.replace('"bug": "REG-LAZY"', '"bug": null');
    register.write("sound.json", sound);
    const passed = await register.run(["replay", "sound.json"]);
    expect(passed.stdout).toMatch(/ now {3}no failure/);
    expect(passed.code).toBe(0);
  });

  it("ends with 3 when the scenario does not do the same twice, and shows where", async () => {
    const { stdout } = await counting.run(["run", "--seeds", "1", "--json"]);
    const token = runDocumentSchema.parse(JSON.parse(stdout)).findings[0]!.repro;
    const replayed = await counting.run(["replay", token]);
    expect(replayed.stdout).toContain("two executions of this plan, here and now, differ");
    expect(replayed.stdout).toMatch(/ first .* counted {2}\d+\n {4}second .* counted {2}\d+\n/);
    expect(replayed.code).toBe(3);
  });
});

describe("wavetank bugs", () => {
  it("tells caught bugs from those that are not, and ends with 4 when one is not", async () => {
    const { code, stdout } = await register.run(["bugs", "--seeds", "200"]);
    expect(stdout).toMatch(/ ✔ {2}REG-LAZY .* REG-1 +\d+ /);
    expect(stdout).toMatch(/ ✖ {2}REG-COLOUR .* – +>200 .*\n {4}← REG-1 saw nothing/);
    expect(stdout).toContain("← REG-1 broke instead of REG-2");
    expect(stdout).toMatch(/\n1 of 3 killed · .* · exit 4\n$/);
    expect(code).toBe(4);
  });

  it("prints one document, and ends with 0 when all are caught", async () => {
    const ended = await register.run(["bugs", "REG-LAZY", "--seeds", "200", "--json"]);
    const { bugs } = documentOf(bugsDocumentSchema, ended);
    expect(bugs).toMatchObject([{ id: "REG-LAZY", caught: true, invariant: "REG-1", soundIsClean: true }]);
    expect(ended.code).toBe(0);
  });
});

describe("wavetank list", () => {
  it("lists everything as one document", async () => {
    const document = documentOf(listDocumentSchema, await register.run(["list", "--json"]));
    expect(document.scenarios.map(({ id }) => id)).toEqual(["register"]);
    expect(document.faults.length).toBeGreaterThan(15);
    expect(document.workloads.map(({ id }) => id)).toEqual(["register.write", "register.read"]);
    expect(document.invariants).toMatchObject([
      { id: "REG-1", kind: "safe", provenBy: ["REG-LAZY", "REG-COLOUR"], scenarios: ["register"] },
      { id: "REG-2", provenBy: ["REG-TEN"] },
    ]);
  });

  it("lists one kind as a table, in the singular too", async () => {
    const { code, stdout } = await register.run(["list", "bug"]);
    expect(stdout.split("\n")[0]).toMatch(/^bug +breaks +scenario +title$/);
    expect(stdout).toContain("REG-COLOUR  REG-1   register  Changes what nobody can see.");
    expect(code).toBe(0);
  });
});
