import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFiles } from "../../src/scenario/load-glob.ts";

let directory: string;

const files = [
  "a.ts",
  "b.js",
  "b.ts",
  "deep/a.ts",
  "deep/er/a.ts",
  "deep/er/a1.ts",
  "deep/er/(x).ts",
  "node_modules/pack/a.ts",
  ".hidden/a.ts",
];

beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), "wavetank-glob-"));
  for (const file of files) {
    mkdirSync(dirname(join(directory, file)), { recursive: true });
    writeFileSync(join(directory, file), "");
  }
});

afterAll(() => rmSync(directory, { recursive: true, force: true }));

async function found(...patterns: readonly string[]): Promise<readonly string[]> {
  return (await findFiles(directory, patterns)).map((file) => relative(directory, file));
}

describe("patterns", () => {
  const cases: readonly (readonly [string, readonly string[]])[] = [
    ["*.ts", ["a.ts", "b.ts"]],
    ["./*.ts", ["a.ts", "b.ts"]],
    ["b.{ts,js}", ["b.js", "b.ts"]],
    ["**/*.ts", ["a.ts", "b.ts", "deep/a.ts", "deep/er/(x).ts", "deep/er/a.ts", "deep/er/a1.ts"]],
    ["**/a.ts", ["a.ts", "deep/a.ts", "deep/er/a.ts"]],
    ["deep/**", ["deep/a.ts", "deep/er/(x).ts", "deep/er/a.ts", "deep/er/a1.ts"]],
    ["deep/*/a?.ts", ["deep/er/a1.ts"]],
    ["{a,deep/a}.ts", ["a.ts", "deep/a.ts"]],
    ["deep/er/(x).ts", ["deep/er/(x).ts"]],
    ["deep/../a.ts", ["a.ts"]],
    [".hidden/*.ts", [".hidden/a.ts"]],
    ["missing/*.ts", []],
    ["a.ts/*.ts", []],
    ["", []],
  ];

  for (const [pattern, expected] of cases) {
    it(`"${pattern}" finds ${expected.join(", ") || "nothing"}`, async () => {
      expect(await found(pattern)).toEqual(expected);
    });
  }

  it("find a file once, in the order of paths, however many fit", async () => {
    expect(await found("deep/*.ts", "b.ts", "*.ts")).toEqual(["a.ts", "b.ts", "deep/a.ts"]);
  });
});
