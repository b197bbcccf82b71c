/** Starts `golden-hashes-run.mjs` in a Node of one's choice; its answers checked. */
import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { z } from "zod";
import type { Pins } from "./golden-hashes-pins.ts";

const script = fileURLToPath(new URL("./golden-hashes-run.mjs", import.meta.url));

/** Imported before all else, in every thread: takes the synchronous drain away. */
const withoutTickDrain = "data:text/javascript,process._tickCallback%20=%20undefined";

const where = { node: z.string(), hasTickDrain: z.boolean(), isMainThread: z.boolean() };
const hashes = z.object({
  ...where,
  value: z.record(z.string(), z.record(z.string(), z.object({ plan: z.string(), run: z.string() }))),
});
const suite = z.object({
  ...where,
  value: z.object({
    hash: z.string(),
    verdict: z.string(),
    seeds: z.number(),
    harnessErrors: z.array(z.string()),
    findings: z.array(z.string()),
  }),
});

export interface NodeProcess {
  /** The binary; the running one unless given. */
  readonly node?: string;
  readonly env?: { readonly [name: string]: string };
  /** Takes the synchronous drain away from every thread of the process. */
  readonly isWithoutTickDrain?: boolean;
}

interface HashTask {
  readonly names: readonly string[];
  readonly seeds: readonly string[];
  readonly drain?: "tick" | "immediate";
  readonly thread?: boolean;
}

interface SuiteTask {
  readonly names: readonly string[];
  readonly seeds: number;
  readonly from: string;
  readonly jobs: number;
}

/** Hashes by scenario and seed, worked out by the built package. */
export async function hashesIn(
  where: NodeProcess,
  task: HashTask,
): Promise<Omit<z.infer<typeof hashes>, "value"> & { readonly value: Pins }> {
  return hashes.parse(await ask(where, { kind: "hashes", ...task }));
}

/** What a suite over worker threads comes to, run by the built package. */
export async function suiteIn(where: NodeProcess, task: SuiteTask): Promise<z.infer<typeof suite>> {
  return suite.parse(await ask(where, { kind: "suite", ...task }));
}

async function ask({ node, env, isWithoutTickDrain }: NodeProcess, task: object): Promise<unknown> {
  const flags = isWithoutTickDrain === true ? ["--import", withoutTickDrain] : [];
  const { stdout } = await promisify(execFile)(node ?? process.execPath, [...flags, script, JSON.stringify(task)], {
    env: { ...process.env, NODE_OPTIONS: "", ...env },
    maxBuffer: 16 * 1_024 * 1_024,
    timeout: 300_000,
  });
  return JSON.parse(stdout) as unknown;
}
