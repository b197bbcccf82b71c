/**
 * The configuration of a project: `wavetank.config.ts`, `.js` or `.mjs` in the working directory. Flags of the command line win
 * over it, and everything in it may be left out.
 */
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { UsageError } from "../base/errors.ts";
import { importFile } from "./load-typescript.ts";

export interface WavetankConfig {
  /** Patterns of scenario files, relative to the configuration; default `scenarios/**\/*.ts`. */
  readonly scenarios?: readonly string[] | undefined;
  /** Seeds of each scenario. */
  readonly seeds?: number | undefined;
  /** Worker threads. */
  readonly jobs?: number | undefined;
  /** Folder that reports are written to. */
  readonly reports?: string | undefined;
  /** Distinct failures after which a scenario is stopped. */
  readonly maxFailures?: number | undefined;
}

const fileNames = ["wavetank.config.ts", "wavetank.config.js", "wavetank.config.mjs"];

/** Types a configuration and returns it as it is. */
export function defineConfig(config: WavetankConfig): WavetankConfig {
  return config;
}

/**
 * The configuration in `directory`; an empty one when there is none. Throws `UsageError` naming key, value and what is
 * allowed for a wrong one, and for two files of which one would go unread.
 */
export async function loadConfig(directory: string): Promise<WavetankConfig> {
  const present = new Set(await readdir(directory));
  const [name, other] = fileNames.filter((candidate) => present.has(candidate));
  if (name === undefined) return {};
  if (other !== undefined) throw new UsageError(`there are ${name} and ${other} in ${directory}: keep one of them`);
  const exported = await importFile(join(directory, name));
  if (!("default" in exported)) {
    throw new UsageError(`${name} has no default export: write \`export default defineConfig({…})\``);
  }
  // The checker is only loaded where there is something to check: it would be a fifth of the start-up.
  const { checkConfig } = await import("./config-schema.ts");
  return checkConfig(name, exported.default);
}
