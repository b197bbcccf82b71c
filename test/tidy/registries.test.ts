/** Every entry is listed once in its registry, and everything listed is an entry. */
import { describe, expect, it } from "vitest";
import { projectFiles } from "../support/project-files.ts";
import { entriesOf, registryViolations, type RegistryRule } from "../support/registry-check.ts";

const registries: readonly RegistryRule[] = [
  {
    folder: "src/faults",
    registry: "src/faults/registry.ts",
    except: "src/faults/services",
    entry: /^export const (\w+) = defineFault\b/gm,
    publicFile: "src/faults/public.ts",
  },
  {
    folder: "src/faults/services",
    registry: "src/faults/services/registry.ts",
    entry: /^export const (\w+) = defineFault\b/gm,
    publicFile: "src/faults/public.ts",
  },
  {
    folder: "src/invariants",
    registry: "src/invariants/registry.ts",
    entry: /^export const (\w+) = defineInvariant\b/gm,
    publicFile: "src/invariants/public.ts",
  },
  {
    folder: "src/bugs",
    registry: "src/bugs/registry.ts",
    entry: /^export const (\w+) = defineEngineBug\b/gm,
  },
  {
    folder: "src/ambient",
    registry: "src/ambient/registry.ts",
    entry: /^export const (\w+) = defineAmbient\b/gm,
  },
  {
    folder: "src/cli/commands",
    registry: "src/cli/registry.ts",
    entry: /^export const (\w+) = defineCommand\b/gm,
  },
];

const faults = registries[0]!;
const entry = { path: "src/faults/clog.ts", text: 'export const clog = defineFault<Pair>({ id: "net.clog" });' };
const listing = 'import { clog } from "./clog.ts";\n';

describe("registries", () => {
  it.each(registries)("$folder and $registry agree", (rule) => {
    expect(registryViolations(rule, projectFiles("src", ".ts"))).toEqual([]);
  });

  it("the faults are found, so that the comparison compares something", () => {
    expect(entriesOf(faults, projectFiles("src", ".ts")).length).toBeGreaterThan(10);
  });

  it("an entry that is only imported, not listed, is reported", () => {
    const registry = { path: faults.registry, text: `${listing}export const faults = { /* clog */ };` };
    expect(registryViolations(faults, [entry, registry])).toEqual([
      'src/faults/clog.ts: "clog" is missing from src/faults/registry.ts',
    ]);
  });

  it("a listed file that exports no entry is reported", () => {
    const registry = { path: faults.registry, text: `${listing}export const faults = { clog };` };
    const hollow = { path: entry.path, text: "export const clog = 1;" };
    expect(registryViolations(faults, [hollow, registry])).toEqual([
      "src/faults/registry.ts:1 lists src/faults/clog.ts, which exports no entry",
    ]);
  });

  it("entries without a registry are reported, an empty folder is not", () => {
    expect(registryViolations(faults, [entry])).toEqual([
      "src/faults/registry.ts does not exist, and src/faults has entries",
    ]);
    expect(registryViolations(faults, [])).toEqual([]);
  });

  it("an entry that users cannot import is reported", () => {
    const registry = { path: faults.registry, text: `${listing}export const faults = { clog };` };
    const handed = { path: faults.publicFile!, text: 'export { crash } from "./crash.ts";' };
    expect(registryViolations(faults, [entry, registry, handed])).toEqual([
      'src/faults/clog.ts: "clog" is not exported by src/faults/public.ts',
    ]);
  });
});
