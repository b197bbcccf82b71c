/** Wrong usage of the built command line: exit code 2, one message, never a stack. */
import { afterAll, describe, expect, it } from "vitest";
import { TempProject } from "./temp-project.ts";

const project = new TempProject({ "register.ts": "buggy/register.ts" });
const throwing = new TempProject({}, { "scenarios/bad.ts": 'throw new Error("no such disk");\n' });
const misconfigured = new TempProject(
  { "register.ts": "buggy/register.ts" },
  { "wavetank.config.ts": "export default { seed: 5 };\n" },
);
const empty = new TempProject({});

afterAll(() => {
  for (const each of [project, throwing, misconfigured, empty]) each.remove();
});

const hostile: Readonly<Record<string, string>> = {
  "truncated.json": '{"schemaVersion": 1, "kind": "wavetank-rep',
  "proto.json": '{"__proto__": {"polluted": true}, "schemaVersion": 1, "kind": "wavetank-repro"}',
  "deep.json": `${"[".repeat(100_000)}${"]".repeat(100_000)}`,
  "newer.json": '{"schemaVersion": 99, "kind": "wavetank-repro"}',
  "empty.json": "",
  "binary.json": "\u0000\u001b[2J\u0001",
};
for (const [name, text] of Object.entries(hostile)) project.write(name, text);

/** Command line, and what its one message must name: value, what is allowed, nearest match. */
const wrong: readonly (readonly [line: string, ...parts: string[]])[] = [
  ["rnu", 'unknown command "rnu"', 'did you mean "run"?', "known: run, replay"],
  ["rnu --help", 'unknown command "rnu"', 'did you mean "run"?'],
  ["help lst", 'unknown command "lst"', 'did you mean "list"?'],
  ["--sedes", 'unknown option "--sedes"'],
  ["run --sedes 5", 'unknown option "--sedes"', 'did you mean "--seeds"?', "--from"],
  ["run --seeds", 'option "--seeds <n>" needs a value'],
  ["run --seeds 0", '--seeds "0"', "from 1 to 1000000"],
  ["run --seeds -1", '--seeds "-1"', "from 1 to 1000000"],
  ["run --seeds 1e9", '--seeds "1e9"', "from 1 to 1000000"],
  ["run --seeds 1000000000", '--seeds "1000000000"', "from 1 to 1000000"],
  ["run --jobs many", '--jobs "many"', "from 1 to 1024"],
  ["run --shard 0/3", '--shard "0/3"', "i is from 1 to n"],
  ["run --shard 4/3", '--shard "4/3"', "i is from 1 to n"],
  ["run --budget 60", '--budget "60"', 'did you mean "60s"?'],
  ["run --budget soon", '--budget "soon"', "us, ms, s, m or h"],
  ["run --seed il", '"il" is no seed', "without i, l, o and u"],
  ["run --from 99999999999999", '"99999999999999" is no seed', "13 digits"],
  ["run --seed 5 --seeds 7", "--seed runs exactly one seed", "--seeds"],
  ["run --reporter junitt", 'unknown value of --reporter "junitt"', 'did you mean "junit"?'],
  ["run --set x", '--set "x"', "name=value"],
  ["run --set depth=3 --seeds 1", 'unknown knob "depth"', "known: none"],
  ["run --only disk --seeds 1", 'unknown fault "disk"', "process.crash"],
  ["run --plant REG-LAZI --seeds 1", 'unknown bug "REG-LAZI"', 'did you mean "REG-LAZY"?'],
  ["run regster --seeds 1", 'unknown scenario "regster"', 'did you mean "register"?'],
  ["replay", 'replay needs "what"'],
  ["replay register", '"register" is a scenario', "--seed SEED"],
  ["replay regster", "no file, no token (wt1.…) and no scenario", 'did you mean "register"?'],
  ["replay regster --seed 5", 'unknown scenario "regster"', 'did you mean "register"?'],
  ["replay register --seed 5!", '"5!" is no seed', 'contains "!"'],
  ["replay register --seed 5 --plant REG", "scenario register", 'unknown bug "REG"'],
  ["replay register --seed 5 --until later", '--until "later"', "0:06.012"],
  ["replay register more --seed 5", '"more" is one argument too many', "replay takes one <what>"],
  ["bench fast", '"fast" is one argument too many', "bench takes no arguments"],
  ["replay wt1.abc", "checksum does not fit"],
  ["replay wt2.abc", "version wt2.", "this Wavetank reads wt1."],
  ["replay .", '"." is no file'],
  ["replay truncated.json", "truncated.json"],
  ["replay proto.json", "proto.json"],
  ["replay deep.json", "deep.json"],
  ["replay newer.json", "newer.json", "schemaVersion is 99", "allowed: 1"],
  ["replay empty.json", "empty.json", "neither a repro file"],
  ["replay binary.json", "binary.json", "neither a repro file"],
  ["shrink register --seed 5 --max-runs 0", '--max-runs "0"', "from 1"],
  ["shrink register --seed 5", "nothing to shrink", "passes"],
  ["list fault-s", 'unknown kind of list "fault-s"', 'did you mean "faults"?'],
  ["bugs REG-LAZI --seeds 1", 'unknown bug "REG-LAZI"', 'did you mean "REG-LAZY"?'],
  ["show nowhere", 'no report "nowhere"', "wavetank run --report nowhere"],
  ["run --report package.json --seeds 1", "package.json", "--report DIR"],
];

describe("wrong usage", () => {
  it.concurrent.each(wrong)("of `%s` is one message with what is wrong and what is allowed", async (line, ...parts) => {
    const { code, stdout, stderr } = await project.run(line.split(" "));
    expectOneMessage(stderr, parts);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });

  it("of a scenario that throws while loading names file and message", async () => {
    for (const line of ["run", "list", "replay bad --seed 5"]) {
      const { code, stderr } = await throwing.run(line.split(" "));
      expectOneMessage(stderr, ["scenarios/bad.ts", "no such disk", "bad.ts:1"]);
      expect(code).toBe(2);
    }
  });

  it("of a configuration names the key and the nearest one", async () => {
    const { code, stderr } = await misconfigured.run(["run"]);
    expectOneMessage(stderr, ["wavetank.config.ts", '"seed"', 'did you mean "seeds"?']);
    expect(code).toBe(2);
  });

  it("of a folder without scenarios says where it looked and what to write", async () => {
    const { code, stderr } = await empty.run(["run"]);
    expectOneMessage(stderr, ["no scenario found", "scenarios/**/*.ts", "defineScenario"]);
    expect(code).toBe(2);
  });

  it("with --json leaves standard output empty", async () => {
    const { code, stdout, stderr } = await project.run(["run", "nothing", "--json", "--seeds", "1"]);
    expectOneMessage(stderr, ['unknown scenario "nothing"']);
    expect(stdout).toBe("");
    expect(code).toBe(2);
  });
});

function expectOneMessage(stderr: string, parts: readonly string[]): void {
  const lines = stderr.trimEnd().split("\n");
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^error /);
  for (const part of parts) expect(lines[0]).toContain(part);
  // oxlint-disable-next-line no-control-regex -- what a hostile file holds must not reach the terminal
  expect(stderr).not.toMatch(/^ {4}at |\u001b|\u0000/m);
}
