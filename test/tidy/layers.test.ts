/** Imports go down the layers only; the table is `layers.ts`. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { layerViolations } from "../support/layer-check.ts";
import { projectFiles, projectRoot } from "../support/project-files.ts";
import { layers } from "./layers.ts";

const planted: readonly { readonly path: string; readonly text: string; readonly says: string }[] = [
  {
    path: "src/base/heap.ts",
    text: 'import { current } from "../kernel/current.ts";',
    says: "src/base/heap.ts:1 imports ../kernel/current.ts: base may import libpg-query besides itself",
  },
  {
    path: "src/machine/network/link.ts",
    text: '/** A link. */\nimport type { Plan } from "../../runner/plan/plan.ts";',
    says: "src/machine/network/link.ts:2 imports types of ../../runner/plan/plan.ts: machine may import base, kernel, ports",
  },
  {
    path: "src/ports/clock.ts",
    text: 'export { micros } from "../base/time.ts";',
    says: "src/ports/clock.ts:1 imports ../base/time.ts: ports may import base (types)",
  },
  {
    path: "src/kernel/loop.ts",
    text: 'import {\n  readFileSync,\n} from "node:fs";',
    says: "src/kernel/loop.ts:1 imports node:fs: kernel may import base, ports, seedrandom",
  },
  {
    path: "src/report/html.ts",
    text: 'import { execute } from "../runner/run/execute.ts";',
    says: "src/report/html.ts:1 imports ../runner/run/execute.ts: report may import base, runner (types)",
  },
  {
    path: "src/faults/crash.ts",
    text: 'import type { RunRecord } from "../runner/run/record.ts";',
    says: "src/faults/crash.ts:1 imports types of ../runner/run/record.ts: faults may import base, ports, runner/definition.ts",
  },
  {
    path: "src/runner/suite/suite.ts",
    text: 'const { table } = await import("../../report/table.ts");',
    says: "src/runner/suite/suite.ts:1 imports ../../report/table.ts",
  },
  {
    path: "src/runner/suite/suite.ts",
    text: "export const load = (file: string) => import(file);",
    says: "src/runner/suite/suite.ts:1 imports a module named at run time",
  },
  { path: "src/invariants/x.ts", text: 'import "lodash/fp";', says: "src/invariants/x.ts:1 imports lodash/fp" },
  { path: "src/scenario/x.ts", text: 'const x = require("node:net");', says: "src/scenario/x.ts:1 imports node:net" },
  {
    path: "src/cli/run.ts",
    text: 'import { start } from "./main.ts";',
    says: "only nothing may import src/cli/main.ts",
  },
  { path: "src/base/x.ts", text: 'import x from "../../test/x.ts";', says: "it is outside src" },
  { path: "src/gizmo/x.ts", text: 'import x from "../base/time.ts";', says: '"gizmo" has no row' },
  {
    path: "src/engine/mesh/x.ts",
    text: 'import { Kernel } from "../../kernel/kernel.ts";',
    says: "src/engine/mesh/x.ts:1 imports ../../kernel/kernel.ts: engine may import base, ports",
  },
  {
    path: "src/invariants/catalog/x.ts",
    text: 'import { tokenEntry } from "../../engine/catalog/entry.ts";',
    says: "src/invariants/catalog/x.ts:1 imports ../../engine/catalog/entry.ts",
  },
  {
    path: "scenarios/a/b.ts",
    text: 'import { run } from "../../src/index.ts";',
    says: "scenarios may import wavetank, wavetank/bugs",
  },
  { path: "scenarios/b.ts", text: 'import fc from "fast-check";', says: "scenarios/b.ts:1 imports fast-check" },
];

describe("layers", () => {
  it("every import in src and scenarios is allowed by its row", () => {
    expect(projectFiles("src", ".ts").length).toBeGreaterThan(40);
    expect(layerViolations([...projectFiles("src", ".ts"), ...projectFiles("scenarios", ".ts")])).toEqual([]);
  });

  it("every folder of src has a row, and every row's folders exist in the table", () => {
    const found = readdirSync(join(projectRoot, "src")).filter((name) => layers[name] === undefined);
    expect(found).toEqual([]);
    for (const layer of Object.values(layers)) {
      expect(layer.folders.filter((folder) => layers[folder] === undefined)).toEqual([]);
    }
  });

  it("no two folders may import each other", () => {
    const reaches = (from: string, to: string): boolean =>
      layers[from]!.folders.some((folder) => folder === to || (folder !== from && reaches(folder, to)));
    const folders = Object.keys(layers).filter((name) => !name.endsWith(".ts") && name !== "cli");
    expect(folders.filter((folder) => reaches(folder, folder))).toEqual([]);
  });

  it.each(planted)("a planted import is reported: $path $text", ({ path, text, says }) => {
    const found = layerViolations([{ path, text }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(says);
  });

  it("what a row allows is not reported", () => {
    const fine = [
      { path: "src/kernel/x.ts", text: 'import v8 from "node:v8";\nimport { micros } from "../base/time.ts";' },
      { path: "src/ports/x.ts", text: 'import type { Micros } from "../base/time.ts";' },
      { path: "src/cli/x.ts", text: "await import(file);" },
      { path: "src/base/x.ts", text: 'const text = `import x from "../kernel/x.ts"`; // import y from "fs"' },
      { path: "scenarios/a/b.ts", text: 'import { crash } from "wavetank/faults";\nimport { a } from "../other.ts";' },
    ];
    expect(layerViolations(fine)).toEqual([]);
  });
});
