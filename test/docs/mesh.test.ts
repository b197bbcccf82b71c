/** What the page on the mesh names is there: files, bugs, constants, and a test for each story and condition. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { bugs } from "../../src/bugs/registry.ts";
import { formingBound, meshTiming, silenceBound } from "../../src/engine/mesh/timing.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const page = readFileSync(join(root, "docs/mesh.md"), "utf8");
const rows = page.split("\n").filter((line) => line.startsWith("| "));

describe("docs/mesh.md", () => {
  it("names only paths that exist", () => {
    const paths = [...page.matchAll(/`((?:src|test|scenarios|docs)\/[\w./-]*)`|\]\(([\w./-]+)\)/g)];
    expect(paths.length).toBeGreaterThan(6);
    for (const [, quoted, linked] of paths) {
      const path = quoted ?? join("docs", linked!);
      expect({ path, exists: existsSync(join(root, path)) }).toEqual({ path, exists: true });
    }
  });

  it("names only bugs that are planted, and all of the mesh", () => {
    const named = new Set([...page.matchAll(/\bB\d+\b/g)].map(([id]) => id));
    expect([...named].filter((id) => !Object.hasOwn(bugs, id))).toEqual([]);
    expect([...named].toSorted((a, b) => (a < b ? -1 : 1))).toEqual(["B36", "B37", "B38", "B39", "B40", "B41"]);
  });

  it("gives the constants that there are", () => {
    expect(page).toContain(`**n · (${meshTiming.retryDelay.replace("s", " s")} + d) + B**`);
    expect(page).toContain(`d = ${silenceBound() / 1_000_000} s`);
    for (const line of rows.filter((row) => /^\| \d+ \|/.test(row))) {
      const [, processes, , , , bound] = line.split("|");
      expect(Number(bound!.replace("s", ""))).toBe(formingBound(Number(processes), "10s") / 1_000_000);
    }
  });

  it("tells no story without a test", () => {
    const tests = readFileSync(join(root, "test/engine/mesh/stories.test.ts"), "utf8");
    const stories = rows.map((row) => /^\| (W\d+) /.exec(row)?.[1]).filter((story) => story !== undefined);
    expect(stories.length).toBeGreaterThanOrEqual(9);
    for (const story of stories) expect(tests).toContain(`"${story}, `);
  });
});
