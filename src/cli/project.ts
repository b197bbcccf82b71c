/** The user's project around the command line: its configuration and its scenarios. */
import type { SimDefinition } from "../runner/definition.ts";
import type { WavetankConfig } from "../scenario/config.ts";
import type { ScenarioSource } from "../scenario/load.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "../base/errors.ts";
import { unknownName } from "../base/nearest.ts";
import { version } from "../base/version.ts";

export interface Project {
  readonly config: WavetankConfig;
  readonly source: ScenarioSource;
}

/** Folder that reports go to unless a flag or the configuration says otherwise. */
export const defaultReports = "reports";

/** Finds configuration and scenario files; loads no scenario. Throws `UsageError`. */
export async function findProject(terminal: Terminal): Promise<Project> {
  const [{ loadConfig }, { findScenarioFiles }] = await Promise.all([
    import("../scenario/config.ts"),
    import("../scenario/load.ts"),
  ]);
  const config = await loadConfig(terminal.cwd);
  return { config, source: await findScenarioFiles(terminal.cwd, config.scenarios) };
}

/** Loads every scenario into this thread, its ambient APIs in the tank's hands first. Throws `UsageError`. */
export async function loadProject(
  terminal: Terminal,
): Promise<Project & { readonly scenarios: readonly SimDefinition[] }> {
  const { installAmbient } = await import("../ambient/install.ts");
  installAmbient();
  const project = await findProject(terminal);
  const { loadScenarios } = await import("../scenario/load.ts");
  return { ...project, scenarios: await loadScenarios(project.source) };
}

/** The scenario of a name. Throws `UsageError` with the nearest. */
export function scenarioNamed(name: string, scenarios: readonly SimDefinition[]): SimDefinition {
  const found = scenarios.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const known = scenarios.map((scenario) => scenario.name);
  throw new UsageError(unknownName("scenario", name, known));
}

/** What a repro says it was written with. */
export function versions(): { readonly node: string; readonly wavetank: string } {
  return { node: process.version, wavetank: version };
}
