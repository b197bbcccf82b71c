/** Holds the imports of source files against the table of layers. Works on paths and texts, so that tests can plant. */
import { posix } from "node:path";
import { importsOf, type SourceImport } from "./source-imports.ts";
import type { ProjectFile } from "./project-files.ts";
import { layers, publicEntries, seams, type Layer } from "../tidy/layers.ts";

/** One sentence for every import that the table does not allow: file, line, what it imports, what it may. */
export function layerViolations(files: readonly ProjectFile[]): string[] {
  return files.flatMap((file) => importsOf(file.text).flatMap((found) => judge(file.path, found)));
}

function judge(path: string, found: SourceImport): string[] {
  const complaint = path.startsWith("scenarios/") ? scenarioComplaint(path, found) : sourceComplaint(path, found);
  if (complaint === undefined) return [];
  const how = found.isTypeOnly ? "imports types of" : "imports";
  return [`${path}:${found.line} ${how} ${found.specifier ?? "a module named at run time"}: ${complaint}`];
}

function scenarioComplaint(path: string, { specifier }: SourceImport): string | undefined {
  const allowed = `scenarios may import ${publicEntries.join(", ")} and their own files`;
  if (specifier === undefined) return allowed;
  if (publicEntries.includes(specifier)) return undefined;
  const isOwn = specifier.startsWith(".") && posix.join(posix.dirname(path), specifier).startsWith("scenarios/");
  return isOwn ? undefined : allowed;
}

function sourceComplaint(path: string, found: SourceImport): string | undefined {
  const row = path.split("/")[1]!;
  const layer = layers[row];
  if (layer === undefined) return `"${row}" has no row in test/tidy/layers.ts`;
  const allowed = describe(row, layer);
  const { specifier, isTypeOnly } = found;
  if (specifier === undefined) return layer.isDynamic === true ? undefined : allowed;
  if (specifier.startsWith(".")) return relativeComplaint(path, row, layer, specifier, isTypeOnly);
  if (specifier.startsWith("node:")) return isBuiltinAllowed(layer, specifier) ? undefined : allowed;
  const name = specifier
    .split("/")
    .slice(0, specifier.startsWith("@") ? 2 : 1)
    .join("/");
  if (layer.packages?.includes(name) === true) return undefined;
  return isTypeOnly && layer.typePackages?.includes(name) === true ? undefined : allowed;
}

function relativeComplaint(
  path: string,
  row: string,
  layer: Layer,
  specifier: string,
  isTypeOnly: boolean,
): string | undefined {
  const target = posix.join(posix.dirname(path), specifier);
  if (!target.startsWith("src/")) return "it is outside src";
  const inner = target.slice("src/".length);
  const seam = seams[inner];
  if (seam !== undefined && !seam.includes(path)) return `only ${seam.join(", ") || "nothing"} may import ${target}`;
  const folder = inner.split("/")[0]!;
  if (folder === row || layer.folders.includes(folder)) return undefined;
  const asTypes = layer.types?.some((entry) => entry === folder || entry === inner) === true;
  return asTypes && isTypeOnly ? undefined : describe(row, layer);
}

function isBuiltinAllowed(layer: Layer, specifier: string): boolean {
  return layer.builtins?.includes("*") === true || layer.builtins?.includes(specifier) === true;
}

function describe(row: string, layer: Layer): string {
  const parts = [
    ...layer.folders,
    ...(layer.types ?? []).map((name) => `${name} (types)`),
    ...(layer.packages ?? []),
    ...(layer.typePackages ?? []).map((name) => `${name} (types)`),
    ...(layer.builtins ?? []).map((name) => (name === "*" ? "node:*" : name)),
  ];
  return `${row} may import ${parts.length === 0 ? "nothing" : parts.join(", ")} besides itself`;
}
