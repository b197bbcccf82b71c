/**
 * Where a call of `simulate` stands in a program, so that another thread can load the file anew and find the call again:
 * the file, the test around it if there is one, and its place among the calls of the same name made there.
 * Left out: lines and columns, which every loader changes in its own way.
 */
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import type { SimDefinition } from "../runner/definition.ts";
import { UsageError } from "../base/errors.ts";
import { hashText } from "../base/hash.ts";
import { canonicalJson } from "../base/json.ts";
import { generatePlan } from "../runner/plan/generate.ts";

export interface CallPlace {
  /** Absolute path of the file to load. */
  readonly file: string;
  /** Title of the test that makes the call, its suites' before it as in `a > b`; null outside of tests. */
  readonly test: string | null;
  /** Number of calls with the same name that were made before it in the same test, or outside of tests. */
  readonly order: number;
}

/** What another thread is asked for: one call, and by what it knows that it has the right one. */
export interface CallRequest extends CallPlace {
  readonly name: string;
  readonly seed: string;
  /** Hash of the plan that the definition draws for the seed. */
  readonly plan: number;
  /** Whether the test runner's functions are there without being imported. */
  readonly hasGlobals: boolean;
}

type Callee = (...args: never[]) => unknown;

/** What vitest keeps about the test under way, at a symbol that all its copies share. */
interface RunnerState {
  readonly testPath?: string | undefined;
  readonly currentTestName?: string | undefined;
}

const runnerKey = Symbol.for("expect-global");
const countsKey = Symbol.for("wavetank.simulate-calls");

/**
 * The place of the call under way of `callee`; to be asked before that awaits anything. Null where the stack does not
 * name a file. Throws `UsageError` for a `file` that is neither absolute nor a file's URL.
 */
export function placeOfCall(callee: Callee, name: string, file: string | undefined): CallPlace | null {
  const state = runnerState();
  const test = state?.currentTestName ?? null;
  const found = file === undefined ? ((test === null ? null : state?.testPath) ?? callerFile(callee)) : filePath(file);
  return found === null ? null : { file: found, test, order: nextOrder(JSON.stringify([found, test, name])) };
}

/** A path as given in an option: absolute, or a file's URL. */
export function filePath(file: string): string {
  if (file.startsWith("file:")) return fileURLToPath(file);
  if (isAbsolute(file)) return file.replace(/\?.*$/, "");
  throw new UsageError(`file is "${file}"; allowed: import.meta.url, or an absolute path`);
}

/** What to ask another thread for. */
export function requestOf(place: CallPlace, definition: SimDefinition, seed: string): CallRequest {
  const hasGlobals = "describe" in globalThis;
  return { ...place, name: definition.name, seed, plan: planHash(definition, seed), hasGlobals };
}

/** Tells definitions apart by what they draw. What their bodies do it cannot tell. */
export function planHash(definition: SimDefinition, seed: string): number {
  return hashText(canonicalJson(generatePlan(definition, seed)));
}

function runnerState(): RunnerState | undefined {
  const runner = (globalThis as unknown as Record<symbol, { getState?: () => RunnerState } | undefined>)[runnerKey];
  return runner?.getState?.();
}

/** The file that called, by V8's own frames: the text of a stack looks otherwise under every loader. */
function callerFile(callee: Callee): string | null {
  const v8 = Error as { stackTraceLimit: number; prepareStackTrace?: unknown };
  const { prepareStackTrace, stackTraceLimit } = v8;
  try {
    v8.stackTraceLimit = 1;
    v8.prepareStackTrace = (_error: unknown, frames: readonly NodeJS.CallSite[]) => frames[0]?.getFileName() ?? null;
    const holder: { readonly stack?: unknown } = {};
    Error.captureStackTrace(holder, callee);
    const { stack } = holder;
    return typeof stack === "string" && (stack.startsWith("file:") || isAbsolute(stack)) ? filePath(stack) : null;
  } finally {
    v8.prepareStackTrace = prepareStackTrace;
    v8.stackTraceLimit = stackTraceLimit;
  }
}

/** Counts the thread's calls at a place. Enters no run: it only serves to tell calls apart. */
function nextOrder(place: string): number {
  const globals = globalThis as unknown as Record<symbol, Map<string, number> | undefined>;
  const counts = (globals[countsKey] ??= new Map());
  const order = counts.get(place) ?? 0;
  counts.set(place, order + 1);
  return order;
}
