/**
 * Finds and loads scenarios: files whose exports were made by `defineScenario`. Loading takes a TypeScript loader and the
 * scenarios' own imports, so `wavetank run` leaves it to the workers and only looks for files in the main thread.
 */
import { basename } from "node:path";
import type { SimDefinition } from "../runner/definition.ts";
import type { ScenarioSource } from "../runner/pool/scenario-source.ts";
import { UsageError } from "../base/errors.ts";
import { scenarioBrand } from "./define-scenario.ts";
import { findFiles } from "./load-glob.ts";
import { importFile, shortPath } from "./load-typescript.ts";

export type { ScenarioSource } from "../runner/pool/scenario-source.ts";

/** Where scenarios are looked for unless the configuration says otherwise. */
export const defaultPatterns: readonly string[] = ["scenarios/**/*.ts"];

/** Entry of the worker threads, for `runSuite` and `runBugs`. */
export const workerEntry: URL = new URL("./load-worker.js", import.meta.url);

/**
 * The scenario files of a project. Files whose names begin with `_`, declaration files and folders named `corpus` are
 * passed over. Throws `UsageError`, saying where it looked, when there is none.
 */
export async function findScenarioFiles(directory: string, patterns?: readonly string[]): Promise<ScenarioSource> {
  const source = { directory, patterns: patterns ?? defaultPatterns, isDefault: patterns === undefined };
  const found = await findFiles(directory, source.patterns);
  const files = found.filter((file) => {
    const inner = file.slice(directory.length).split(/[\\/]/);
    return !inner.at(-1)!.startsWith("_") && !/\.d\.[cm]?ts$/.test(file) && !inner.slice(0, -1).includes("corpus");
  });
  if (files.length === 0) throw new UsageError(nothingFound(source));
  return { ...source, files };
}

/** The scenarios that one file exports, by the names of its exports, `default` first. May be none. */
export async function loadScenarioFile(file: string): Promise<readonly SimDefinition[]> {
  const exported = await importFile(file);
  const names = Object.keys(exported).toSorted((a, b) => Number(b === "default") - Number(a === "default"));
  const definitions = new Set(names.map((name) => definitionIn(exported[name])).filter((found) => found !== undefined));
  const name = basename(file).replace(/\.[^.]+$/, "");
  return [...definitions].map((definition) => ({
    ...definition,
    name: definition.name === "" ? name : definition.name,
    file,
  }));
}

/**
 * All scenarios of a project, file by file; `onFile` is told which comes next. Throws `UsageError` for a file that cannot
 * be loaded or defines none (unless it was only found by default), for a name that is given twice, and for no scenario.
 */
export async function loadScenarios(
  source: ScenarioSource,
  onFile: (index: number) => void = () => {},
): Promise<readonly SimDefinition[]> {
  const loaded = new Map<string, SimDefinition>();
  for (const [index, file] of source.files.entries()) {
    onFile(index);
    const definitions = await loadScenarioFile(file);
    if (definitions.length === 0 && !source.isDefault) {
      throw new UsageError(`${shortPath(file)} exports no scenario: export what defineScenario({…}) returns`);
    }
    for (const definition of definitions) {
      const other = loaded.get(definition.name);
      if (other !== undefined) throw new UsageError(namedTwice(definition, other));
      loaded.set(definition.name, definition);
    }
  }
  if (loaded.size === 0) throw new UsageError(nothingFound(source));
  return [...loaded.values()];
}

function definitionIn(value: unknown): SimDefinition | undefined {
  if (typeof value !== "object" || value === null || !(scenarioBrand in value)) return undefined;
  return (value as unknown as { readonly definition: SimDefinition }).definition;
}

function namedTwice(definition: SimDefinition, other: SimDefinition): string {
  const files =
    definition.file === other.file
      ? `twice in ${shortPath(other.file!)}`
      : `in ${shortPath(other.file!)} and in ${shortPath(definition.file!)}`;
  return `scenario "${definition.name}" is defined ${files}: give one of them another name`;
}

function nothingFound(source: Omit<ScenarioSource, "files"> & Partial<ScenarioSource>): string {
  const where = `${source.patterns.join(", ")} in ${source.directory}`;
  const seen = source.files?.length ?? 0;
  const what = seen === 0 ? "no file fits" : `none of ${seen} files that fit exports one:`;
  return `no scenario found: ${what} ${where}; write scenarios/first.ts with \`export default defineScenario({…})\`, or set "scenarios" in wavetank.config.ts`;
}
