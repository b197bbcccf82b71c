/** Every rule of the linter that the project counts on is on where it should be, and off where it should be. */
import { describe, expect, it } from "vitest";
import { lintPlanted } from "../support/lint-fixture.ts";
import type { ProjectFile } from "../support/project-files.ts";

interface Plant extends ProjectFile {
  /** The rule that must report the file, or undefined when nothing may. */
  readonly rule: string | undefined;
}

const steps = (count: number): string => "  step();\n".repeat(count);
const step = "declare function step(): void;\n";
const timer = "setTimeout(() => step(), 1);\nexport const now = Date.now();\n";

const plants: readonly Plant[] = [
  {
    path: "src/kernel/floating.ts",
    text: "export async function go(): Promise<void> {}\nexport function start(): void {\n  go();\n}\n",
    rule: "typescript(no-floating-promises)",
  },
  {
    path: "src/runner/suite/misused.ts",
    text: "export function go(list: number[]): void {\n  list.forEach(async () => {\n    await null;\n  });\n}\n",
    rule: "typescript(no-misused-promises)",
  },
  {
    path: "src/base/switch.ts",
    text: 'export function f(a: "x" | "y"): number {\n  switch (a) {\n    case "x":\n      return 1;\n  }\n  return 2;\n}\n',
    rule: "typescript(switch-exhaustiveness-check)",
  },
  { path: "src/base/any.ts", text: "export const a = (b: any): unknown => b;\n", rule: "typescript(no-explicit-any)" },
  {
    path: "src/base/throw.ts",
    text: 'export function f(): never {\n  throw "x";\n}\n',
    rule: "typescript(only-throw-error)",
  },
  {
    path: "src/base/types.ts",
    text: 'import { A } from "./long.ts";\nexport const a: A = 1;\n',
    rule: "typescript(consistent-type-imports)",
  },
  { path: "src/base/loose.ts", text: "export const f = (a: unknown): boolean => a == 1;\n", rule: "eslint(eqeqeq)" },
  {
    path: "src/base/empty.ts",
    text: "export function f(a: boolean): void {\n  if (a) {\n  }\n}\n",
    rule: "eslint(no-empty)",
  },
  { path: "src/base/default.ts", text: "export default 1;\n", rule: "import(no-default-export)" },
  { path: "src/base/cycle.ts", text: 'export * from "./cycle-back.ts";\n', rule: "import(no-cycle)" },
  {
    path: "src/base/long.ts",
    text: `${step}export type A = number;\n${"step();\n".repeat(300)}`,
    rule: "eslint(max-lines)",
  },
  {
    path: "src/base/long-function.ts",
    text: `${step}export function f(): void {\n${steps(60)}}\n`,
    rule: "eslint(max-lines-per-function)",
  },
  { path: "src/report/console.ts", text: 'console.log("x");\n', rule: "eslint(no-console)" },
  { path: "src/cli/exit.ts", text: "process.exit(1);\n", rule: "eslint(no-restricted-properties)" },
  { path: "src/runner/run/exit.ts", text: "process.exit(1);\n", rule: "eslint(no-restricted-properties)" },
  { path: "src/runner/pool/worker-exit.ts", text: "process.exit(1);\n", rule: "eslint(no-restricted-properties)" },
  {
    path: "test/a.test.ts",
    text: 'import { it } from "vitest";\nit.only("x", () => {});\n',
    rule: "vitest(no-focused-tests)",
  },
  {
    path: "test/b.test.ts",
    text: 'import { it } from "vitest";\nit("cannot fail", () => {});\n',
    rule: "vitest(expect-expect)",
  },
  {
    path: "test/c.test.ts",
    text: 'import { it } from "vitest";\nimport fc from "fast-check";\nit("holds", () => fc.assert(fc.property(fc.nat(), (a) => a >= 0)));\n',
    rule: undefined,
  },
  {
    path: "src/base/unused-disable.ts",
    text: "// oxlint-disable-next-line no-console\nexport const a = 1;\n",
    rule: "",
  },
  // What is right is not reported, and neither is what a folder may do.
  { path: "src/base/fine.ts", text: "export const add = (a: number, b: number): number => a + b;\n", rule: undefined },
  { path: "src/cli/console.ts", text: 'console.log("x");\n', rule: undefined },
  { path: "src/cli/main.ts", text: "process.exit(1);\n", rule: undefined },
  { path: "src/ambient/real.ts", text: step + timer, rule: undefined },
  { path: "src/runner/pool/pool.ts", text: step + timer, rule: undefined },
  { path: "src/runner/pool/worker-slot.ts", text: step + timer, rule: undefined },
  { path: "src/kernel/drain.ts", text: "export const immediate = setImmediate;\n", rule: undefined },
  { path: "scenarios/fine.ts", text: "export default 1;\n", rule: undefined },
];

const simulated = [
  "base",
  "ports",
  "kernel",
  "machine",
  "machine/network",
  "faults",
  "bugs",
  "engine",
  "engine/mesh",
  "invariants",
  "sim/kafka",
  "world",
  "runner",
  "runner/run",
];

const leaks: readonly (readonly [string, string])[] = [
  ["date", "export const a = Date.now();"],
  ["date-call", "export const a = new Date();"],
  ["performance", "export const a = performance.now();"],
  ["crypto", "export const a = crypto.randomUUID();"],
  ["timeout", "setTimeout(() => undefined, 1);"],
  ["interval", "setInterval(() => undefined, 1);"],
  ["immediate", "setImmediate(() => undefined);"],
  ["microtask", "queueMicrotask(() => undefined);"],
  ["intl", "export const a = new Intl.NumberFormat();"],
  ["weak-ref", "export const a = new WeakRef({});"],
  ["fetch", 'export const a = (): unknown => fetch("x");'],
  ["random", "export const a = Math.random();"],
  ["pow", "export const a = Math.pow(2, 3);"],
  ["hrtime", "export const a = process.hrtime.bigint();"],
  ["next-tick", "process.nextTick(() => undefined);"],
  ["environment", 'export const a = process.env["HOME"];'],
  ["locale-compare", 'export const a = "a".localeCompare("b");'],
  ["locale-string", "export const a = (1).toLocaleString();"],
];

const leakPlants = leaks.flatMap(([name, text], index) => {
  const folder = simulated[index % simulated.length]!;
  return [{ path: `src/${folder}/leak-${name}.ts`, text: `${text}\n` }];
});
const everywhere = simulated.map((folder) => ({
  path: `src/${folder}/clock.ts`,
  text: "export const a = Date.now();\n",
}));

describe("lint", () => {
  const cycle = { path: "src/base/cycle-back.ts", text: 'export * from "./cycle.ts";\n' };
  const planted = [...plants, cycle, ...leakPlants, ...everywhere];
  const linted = lintPlanted(planted);
  const rulesOf = (path: string): string[] =>
    linted.problems.filter((found) => found.path === path).map(({ rule }) => rule);

  it("every planted file was looked at", () => {
    expect(linted.files).toBe(planted.length);
  });

  it.each(plants.filter(({ rule }) => rule !== undefined))("$rule reports $path", ({ path, rule }) => {
    expect(rulesOf(path)).toContain(rule);
  });

  it.each(plants.filter(({ rule }) => rule === undefined))("nothing reports $path", ({ path }) => {
    expect(rulesOf(path)).toEqual([]);
  });

  it.each(leakPlants)("what a run must not reach is reported: $path $text", ({ path }) => {
    expect(rulesOf(path).filter((rule) => rule.startsWith("eslint(no-restricted-"))).not.toEqual([]);
  });

  it.each(everywhere)("real time is reported in every folder: $path", ({ path }) => {
    expect(rulesOf(path)).toEqual(["eslint(no-restricted-globals)"]);
  });
});
