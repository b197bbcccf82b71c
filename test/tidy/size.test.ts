/** Files and functions stay small enough to be read. */
import { describe, expect, it } from "vitest";
import { projectFiles } from "../support/project-files.ts";
import { sizeViolations, totalLines, type SizeExceptions, type SizeLimits } from "../support/size-check.ts";

const limits: SizeLimits = { fileLines: 300, functionLines: 60, imports: 12 };
const kernelLines = 900;

const exceptions: SizeExceptions = {
  "src/runner/run/execute.ts": {
    imports: 16,
    reason: "where kernel, machines, faults and checkers of one run are put together",
  },
};

/** A registry is a list: its length is that of the catalogue. */
const isList = (path: string): boolean => path.endsWith("/registry.ts");

const lines = (count: number): string => "  step();\n".repeat(count);

describe("size", () => {
  it("files, functions and imports of src keep to their limits", () => {
    const files = projectFiles("src", ".ts");
    expect(
      sizeViolations(
        files.filter(({ path }) => !isList(path)),
        limits,
        exceptions,
      ),
    ).toEqual([]);
    expect(
      sizeViolations(
        files.filter(({ path }) => isList(path)),
        { ...limits, imports: 200 },
        {},
      ),
    ).toEqual([]);
  });

  it("files of test and scenarios keep to the limit of files", () => {
    const loose = { fileLines: 300, functionLines: 300, imports: 20 };
    expect(sizeViolations([...projectFiles("test", ".ts"), ...projectFiles("scenarios", ".ts")], loose, {})).toEqual(
      [],
    );
  });

  it("the kernel can be read in one sitting", () => {
    const kernel = totalLines(projectFiles("src/kernel", ".ts"));
    expect(kernel).toBeGreaterThan(100);
    expect(kernel).toBeLessThanOrEqual(kernelLines);
    expect(totalLines([{ path: "x.ts", text: `// a\n\n/* b\n c */\n${lines(901)}` }])).toBe(901);
  });

  it("a planted long file is reported, and blank lines and comments do not count", () => {
    const padded = `${"// comment\n\n".repeat(200)}${lines(300)}`;
    expect(sizeViolations([{ path: "src/a.ts", text: padded }], limits, {})).toEqual([]);
    expect(sizeViolations([{ path: "src/a.ts", text: `${padded}last();` }], limits, {})).toEqual([
      "src/a.ts has 301 lines of code, 300 are allowed",
    ]);
  });

  it.each([
    ["walk", `export function walk<T>(a: T, b: { c: number }): { d: number } {\n${lines(59)}}`],
    ["walk", `const walk = async (a: number): Promise<Map<string, number>> => {\n${lines(59)}};`],
    ["walk", `class A {\n  private static async walk(a = {}): Promise<void> {\n${lines(59)}  }\n}`],
    ["constructor", `class A {\n  constructor() {\n${lines(59)}  }\n}`],
    ["#walk", `class A {\n  get #walk(): string {\n${lines(59)}  }\n}`],
    ["walk", `const a = {\n  walk: (b) => {\n${lines(59)}  },\n};`],
    ["(arrow)", `go(1, (b) => {\n${lines(59)}});`],
    ["(anonymous)", `go(function () {\n${lines(59)}});`],
  ])("a planted long function is reported: %s in %s", (name, text) => {
    const found = sizeViolations([{ path: "src/a.ts", text }], limits, {});
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${name} has 61 lines, 60 are allowed`);
  });

  it("long blocks that are no functions are not reported", () => {
    const blocks = [
      "if (a) {",
      "for (const a of b) {",
      "class A {",
      "const a = {",
      "export interface A {",
      "switch (a) {",
    ];
    for (const block of blocks) {
      expect(sizeViolations([{ path: "src/a.ts", text: `${block}\n${lines(70)}}` }], limits, {})).toEqual([]);
    }
  });

  it("a planted thirteenth import is reported, and types do not count", () => {
    const of = (count: number, kind: string): string =>
      Array.from({ length: count }, (_, index) => `${kind} { a${index} } from "./a${index}.ts";`).join("\n");
    const text = `${of(12, "import")}\n${of(30, "import type")}\n${of(30, "export")}`;
    expect(sizeViolations([{ path: "src/a.ts", text }], limits, {})).toEqual([]);
    expect(sizeViolations([{ path: "src/a.ts", text: of(13, "import") }], limits, {})).toEqual([
      "src/a.ts imports 13 modules at run time, 12 are allowed",
    ]);
  });

  it("an exception that is not needed, or whose file is gone, is reported", () => {
    const needless = { "src/a.ts": { fileLines: 400, reason: "long" }, "src/b.ts": { fileLines: 400, reason: "long" } };
    expect(sizeViolations([{ path: "src/a.ts", text: lines(300) }], limits, needless)).toEqual([
      "src/a.ts needs no exception any more",
      "src/b.ts has an exception and does not exist",
    ]);
    expect(
      sizeViolations([{ path: "src/a.ts", text: lines(400) }], limits, { "src/a.ts": needless["src/a.ts"] }),
    ).toEqual([]);
  });
});
