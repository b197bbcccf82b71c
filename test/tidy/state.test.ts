/** Nothing at module level can change in what takes part in a run: one run leaves nothing behind for the next. */
import { describe, expect, it } from "vitest";
import { projectFiles } from "../support/project-files.ts";
import { stateViolations } from "../support/state-check.ts";

const folders = [
  "base",
  "bugs",
  "engine",
  "explore",
  "faults",
  "invariants",
  "kernel",
  "machine",
  "models",
  "ports",
  "runner",
  "scenario",
  "sim",
  "world",
];

/** Files with state of their thread on purpose, each with its reason. */
const exceptions: Readonly<Record<string, string>> = {
  "src/kernel/current.ts": "the current process of the thread: the one value that everything shares",
  "src/kernel/drain.ts": "the thread's own listeners for stray rejections are put aside while a run is entered",
  "src/scenario/load-typescript.ts": "whether this thread's module loader has its hooks already",
};

const planted: readonly (readonly [string, string])[] = [
  ["let count = 0;", 'src/base/a.ts:1 module-level "let count"'],
  ["// note\nexport let last: string | undefined;", 'src/base/a.ts:2 module-level "let last"'],
  ["var old = 1;", 'module-level "var old"'],
  ["const seen = new Map<string, number>();", 'mutable collection "seen"'],
  ["export const seen: Set<string> = new Set();", 'mutable collection "seen"'],
  ["const cache = new WeakMap<object, string>();", 'mutable collection "cache"'],
  ["const queue: number[] = [];", 'mutable collection "queue"'],
  ["const hooks: ((a: number) => void)[] = [];", 'mutable collection "hooks"'],
  ["const table: Record<string, number> = {};", 'mutable collection "table"'],
  ["const scratch = new Uint8Array(8);", 'mutable collection "scratch"'],
  ["class A {\n  static made = 0;\n}", 'src/base/a.ts:2 static member "made"'],
];

describe("module-level state", () => {
  it("there is none in what takes part in a run", () => {
    const files = folders.flatMap((folder) => projectFiles(`src/${folder}`, ".ts"));
    expect(stateViolations(files.filter(({ path }) => exceptions[path] === undefined))).toEqual([]);
  });

  it("every exception names a file that exists", () => {
    const paths = projectFiles("src", ".ts").map(({ path }) => path);
    expect(Object.keys(exceptions).filter((path) => !paths.includes(path))).toEqual([]);
  });

  it.each(planted)("planted state is reported: %s", (text, says) => {
    const found = stateViolations([{ path: "src/base/a.ts", text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it("constants, functions' own variables and instances' members are no state", () => {
    const text = [
      "const units: Readonly<Record<string, number>> = { s: 1 };",
      'const names: ReadonlySet<string> = new Set(["a"]);',
      'const kinds = ["a", "b"] as const;',
      "const limit = 3;",
      "export function count(): number {\n  let total = 0;\n  const seen = new Map();\n  return total + seen.size;\n}",
      "export const sum = (a: number[]): number => {\n  let total = 0;\n  return total;\n};",
      "class A {\n  readonly list: number[] = [];\n  static readonly zero = 0;\n  static of(): A {\n    return new A();\n  }\n}",
      'const text = "let a = 1";',
    ].join("\n");
    expect(stateViolations([{ path: "src/base/a.ts", text }])).toEqual([]);
  });
});
