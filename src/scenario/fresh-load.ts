/**
 * Loads the file of a call of `simulate` anew and takes the definition from it, without running any simulation. What
 * stands at the top level of the file runs again, up to the call: a program must bear that or say `freshThread: false`.
 */
import * as nodeModule from "node:module";
import type { SimDefinition } from "../runner/definition.ts";
import { UsageError } from "../base/errors.ts";
import { planHash, type CallRequest } from "./fresh-call.ts";
import { collectInThread, Collector } from "./fresh-collector.ts";
import { resolveSync } from "./fresh-hooks.ts";
import * as standIn from "./fresh-vitest.ts";
import { importFile, shortPath } from "./load-typescript.ts";

/** Set in the environment of fresh threads and of what they start: nothing there starts another one. */
export const freshMark = "WAVETANK_FRESH_THREAD";

/** Real milliseconds that a program has after its file was loaded: what it began there may come to the call later. */
const graceMillis = 2_000;

/** Hooks of Node's loader in the same thread: from Node 22.15. */
const { registerHooks } = nodeModule as unknown as {
  readonly registerHooks?: (hooks: { readonly resolve: typeof resolveSync }) => void;
};

/**
 * The definition of the call that a text of JSON asks for, alone in a list. Once a thread: it stands in for test runners
 * from then on. Throws `UsageError` that says why the call cannot be reached.
 */
export async function loadCall(text: string): Promise<readonly SimDefinition[]> {
  const request = JSON.parse(text) as CallRequest;
  const { file, name, seed, plan, hasGlobals } = request;
  process.env[freshMark] = "1";
  const collector = new Collector(request);
  collectInThread(collector);
  if (registerHooks !== undefined) registerHooks({ resolve: resolveSync });
  else nodeModule.register("./fresh-hooks.js", import.meta.url);
  if (hasGlobals) Object.assign(globalThis, standIn);
  const definition = await Promise.race([collector.found, load(collector)]);
  const found = { ...definition, file };
  if (planHash(found, seed) === plan) return [found];
  throw new UsageError(`"${name}" in ${shortPath(file)} draws another plan for seed ${seed} when it is loaded anew`);
}

/** Loads the file and what it takes to come to the call. Never resolves: the call is noticed by the collector. */
async function load(collector: Collector): Promise<never> {
  const { file, name } = collector.wanted;
  await importFile(file);
  try {
    await collector.runTest();
    if (collector.wanted.test === null) await new Promise((resolve) => setTimeout(resolve, graceMillis));
    throw new UsageError(`it did not come to its call of "${name}"`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new UsageError(`${shortPath(file)} was loaded anew, but ${error.message}`, { cause: error });
  }
}
