/** The files of a project that calls `simulate` in every way there is: what fails there, where, and why. */

const imports = `import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { simulate } from "wavetank";
import { fc, simTest } from "wavetank/vitest";
import { isFresh, note } from "./note.js";
const counts = { runs: 0, first: 0, rest: 1 };
const options = { seeds: 30, duration: "1s", ops: { put: fc.nat(9) } } as const;
const seven = async ({ world, run }: any) => {
  await world.sleep("1ms");
  await run({ put: async (value: number) => { if (value === 7) throw new Error("seven"); } });
};
const count = (name: "runs" | "first" | "rest") => async ({ world }: any) => {
  await world.sleep("1ms");
  if (++counts[name] > 5) throw Object.assign(new Error("too many runs"), { code: "ETOOMANY" });
};
`;

const show = `const show = (result) => {
  const { verdict, shrunk, record } = result.findings[0];
  console.log(verdict, shrunk.verified, shrunk.plan.items.length, record.failure.message);
};
`;

const program = `import { fc, simulate } from "wavetank";
import { isFresh, note } from "./note.js";
const options = { seeds: 30, duration: "1s", ops: { put: fc.nat(9) } };
const seven = async ({ world, run }) => {
  await world.sleep("1ms");
  await run({ put: async (value) => { if (value === 7) throw new Error("seven"); } });
};
const two = async ({ world, run }) => {
  await world.sleep("1ms");
  await run({ put: async (value) => { if (value === 2) throw new Error("two"); } });
};
${show}`;

export const freshSources: Readonly<Record<string, string>> = {
  "leaks.test.ts": `${imports}
simTest("counts its runs", { seeds: 30, duration: "1s" }, count("runs"));
describe("in a test of its own", () => {
  it("counts its runs", async () => {
    const result = await simulate({ seeds: 3, duration: "1s" }, async ({ world }) => world.sleep("1ms"));
    expect(result).toMatchObject({ ok: true, seeds: 3 });
    const other = await simulate({ seeds: 30, duration: "1s" }, count("first"));
    throw new Error(other.findings[0]!.verdict + ": " + other.findings[0]!.record.failure!.message);
  });
});
simTest("suffers at once", { seeds: 30, duration: "1s" }, count("first"));
it("leaves something behind", () => void counts.rest++);
simTest("suffers from a test before", { seeds: 3, duration: "1s", from: "0" }, count("rest"));
`,
  "true.test.ts": `${imports}
note("true.txt", "loaded");
describe("a suite", { timeout: 60_000 }, () => {
  simTest("fails in truth", options, seven);
  it("runs nowhere else", () => note("true.txt", "other test"));
});
afterEach(() => undefined);
`,
  "prepared.test.ts": `${imports}
beforeEach(() => undefined);
simTest("is prepared by a hook", options, seven);
`,
  "mocked.test.ts": `${imports}
vi.mock("node:os");
simTest("has a module that is mocked", options, seven);
`,
  "other-plan.test.ts": `${imports}
simTest("is drawn otherwise", { ...options, ops: { put: isFresh ? fc.constant(1) : fc.nat(9) } }, seven);
`,
  "generated.test.ts": `${imports}
it.each([1])("is one of several", async () => {
  const result = await simulate(options, seven);
  throw new Error(result.findings[0]!.record.failure!.message);
});
simTest("keeps to its thread", { ...options, freshThread: false }, seven);
`,
  "sound.test.ts": `${imports}
note("sound.txt", "loaded");
simTest("is sound", { seeds: 30, duration: "1s" }, async ({ world }: any) => world.sleep("1ms"));
`,
  "twice.mjs": `${program}
note("twice.txt", "start");
const first = await simulate({ ...options, name: "kv" }, seven);
if (!isFresh) show(first);
note("twice.txt", "between");
show(await simulate({ ...options, name: "kv" }, two));
note("twice.txt", "end");
`,
  "counting.mjs": `${program}
let runs = 0;
if (isFresh) setInterval(() => undefined, 1_000);
async function main() {
  show(await simulate({ seeds: 30, duration: "1s" }, async ({ world }) => {
    await world.sleep("1ms");
    if (++runs > 5) throw new Error("many");
  }));
}
main();
`,
  "exits.mjs": `${program}
if (isFresh) process.exit(3);
show(await simulate(options, seven));
`,
  "hangs.mjs": `${program}
if (isFresh) await new Promise(() => undefined);
show(await simulate(options, seven));
`,
  "forks.mjs": `${program}
import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
note("forks.txt", process.argv[2] ?? "parent");
if (process.argv[2] !== "child") fork(fileURLToPath(import.meta.url), ["child"]);
else await simulate(options, seven);
`,
};
