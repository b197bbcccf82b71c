/** The one run that `replay` and `shrink` are about: a scenario's seed, or what a repro file or token holds. */
import { readFile, stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { SimDefinition } from "../runner/definition.ts";
import type { Plan } from "../runner/plan/plan.ts";
import type { Repro } from "../runner/finding/repro.ts";
import type { Project } from "./project.ts";
import type { Terminal } from "./terminal.ts";
import { UsageError } from "../base/errors.ts";
import { unknownName } from "../base/nearest.ts";
import { didYouMean } from "./flag-values.ts";
import { loadProject, scenarioNamed } from "./project.ts";

export interface Subject {
  readonly project: Project;
  readonly definition: SimDefinition;
  readonly plan: Plan;
  readonly bug: string | null;
  /** What was read, or null for a seed. */
  readonly repro: Repro | null;
  /** What `wavetank replay` takes to run it again. */
  readonly again: string;
}

const fileBytesMax = 32 * 1024 * 1024;

/** The run that is meant. Throws `UsageError`. */
export async function subjectOf(
  terminal: Terminal,
  what: string,
  flags: { readonly seed?: string; readonly plant?: string },
): Promise<Subject> {
  if (flags.seed !== undefined) return seedSubject(terminal, what, flags.seed, flags.plant ?? null);
  const { readRepro } = await import("../runner/finding/repro.ts");
  const isToken = /^\s*wt\d+\./.test(what);
  const repro = isToken ? readRepro(what, "token") : readRepro(await textOf(terminal, what), what);
  const project = await loadProject(terminal);
  const definition = scenarioNamed(repro.scenario, project.scenarios);
  const bug = flags.plant ?? repro.bug;
  checkBug(definition, bug);
  return { project, definition, plan: repro.plan, bug, repro, again: isToken ? what.trim() : shellWord(what) };
}

async function seedSubject(terminal: Terminal, name: string, text: string, bug: string | null): Promise<Subject> {
  const { parseSeed } = await import("../runner/plan/seed.ts");
  const seed = parseSeed(text);
  const project = await loadProject(terminal);
  const definition = scenarioNamed(name, project.scenarios);
  checkBug(definition, bug);
  const { generatePlan } = await import("../runner/plan/generate.ts");
  const planted = bug === null ? "" : ` --plant ${shellWord(bug)}`;
  const again = `${shellWord(name)} --seed ${seed}${planted}`;
  return { project, definition, plan: generatePlan(definition, seed), bug, repro: null, again };
}

/** The text of a repro file; says what else the argument might have been where there is no such file. */
async function textOf(terminal: Terminal, what: string): Promise<string> {
  const path = resolve(terminal.cwd, what);
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => error);
  if (found instanceof Error) {
    if (found.code !== "ENOENT" && found.code !== "ENOTDIR" && found.code !== "ENAMETOOLONG") {
      throw new UsageError(`"${what}" cannot be read (${found.code ?? found.name})`);
    }
    const { scenarios } = await loadProject(terminal);
    const names = scenarios.map((scenario) => scenario.name);
    if (names.includes(what)) throw new UsageError(`"${what}" is a scenario: say which run of it, with --seed SEED`);
    const shown = what.slice(0, 80);
    throw new UsageError(
      `"${shown}" is no file, no token (wt1.…) and no scenario${didYouMean(shown, names)} (scenarios: ${names.join(", ")})`,
    );
  }
  if (!found.isFile())
    throw new UsageError(`"${what}" is no file: name a repro file, a token, or a scenario with --seed`);
  if (found.size > fileBytesMax) {
    throw new UsageError(`"${what}" has ${found.size} bytes: a repro file has up to ${fileBytesMax}`);
  }
  return readFile(path, "utf8");
}

function checkBug(definition: SimDefinition, bug: string | null): void {
  const ids = definition.bugs.map((each) => each.id);
  if (bug !== null && !ids.includes(bug)) {
    throw new UsageError(`scenario ${definition.name}: ${unknownName("bug", bug, ids)}`);
  }
}

/** A text as one word of a shell's command line. */
export function shellWord(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
