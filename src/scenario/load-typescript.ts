/**
 * Loads modules of users, TypeScript included, on every supported Node: tsx turns it into JavaScript, the same way on
 * versions of Node that could strip types by themselves and on those that could not. Every `.ts` file outside of
 * node_modules is an ES module, whatever the package.json above it says; otherwise a project without `"type": "module"`
 * would get a second, CommonJS copy of Wavetank.
 * tsx is registered for the whole thread, at the first file that needs it: it takes 30 to 200 ms.
 */
import * as nodeModule from "node:module";
import { relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { UsageError } from "../base/errors.ts";
import { resolveSync } from "./load-hooks.ts";

type Exports = Readonly<Record<string, unknown>>;

/** Hooks of Node's loader in the same thread: from Node 22.15. */
const { registerHooks } = nodeModule as unknown as {
  readonly registerHooks?: (hooks: { readonly resolve: typeof resolveSync }) => void;
};

/** Whether this thread loads TypeScript already. */
let isRegistered = false;

/** The exports of a user's module. Throws `UsageError` with file, message and place when it cannot be loaded. */
export async function importFile(file: string): Promise<Exports> {
  try {
    if (/\.[cm]?tsx?$/.test(file)) await registerTypeScript();
    return (await import(pathToFileURL(file).href)) as Exports;
  } catch (error) {
    throw new UsageError(`${shortPath(file)} ${problemOf(file, error)}`, { cause: error });
  }
}

/** A path as people read it: relative to the working directory where it is inside. */
export function shortPath(file: string): string {
  const path = relative(process.cwd(), file);
  return path === "" || path.startsWith("..") ? file : path;
}

async function registerTypeScript(): Promise<void> {
  if (isRegistered) return;
  isRegistered = true;
  const { register } = await import("tsx/esm/api");
  register();
  if (registerHooks !== undefined) registerHooks({ resolve: resolveSync });
  else nodeModule.register(`./load-hooks.${import.meta.url.endsWith(".ts") ? "ts" : "js"}`, import.meta.url);
}

function problemOf(file: string, error: unknown): string {
  if (!(error instanceof Error)) return `threw ${JSON.stringify(error) ?? String(error)} while it was loaded`;
  // The user's copy of Wavetank may be another one than this.
  if (error.name === "UsageError") return `cannot be used: ${error.message}`;
  const syntax = /^(.+?):(\d+):(\d+): ERROR: (.+)$/m.exec(error.message);
  if (syntax !== null)
    return `is no valid TypeScript: ${syntax[4]} (${shortPath(syntax[1]!)}:${syntax[2]}:${syntax[3]})`;
  const message = error.message.split("\n")[0]!;
  if (/^ERR_|^MODULE_NOT_FOUND$/.test(String((error as { code?: unknown }).code)))
    return `cannot be loaded: ${message}`;
  const place = placeIn(file, error.stack ?? "");
  return `threw ${error.name} while it was loaded: ${message}${place === undefined ? "" : ` (${place})`}`;
}

/** The first place of a stack that is the user's own: in the file, else in any file outside of node_modules. */
function placeIn(file: string, stack: string): string | undefined {
  const places = [...stack.matchAll(/(?:file:\/\/)?((?:[A-Za-z]:)?[\\/][^():\n]+?)(:\d+(?::\d+)?)(?=\)|\n|$)/g)]
    .map(([, path, at]) => ({ path: readable(path!), at: at! }))
    .filter(({ path }) => !/[\\/]node_modules[\\/]/.test(path));
  const found = places.find(({ path }) => path === file) ?? places[0];
  return found === undefined ? undefined : `${shortPath(found.path)}${found.at}`;
}

function readable(path: string): string {
  return path.includes("%") ? fileURLToPath(pathToFileURL("/").href.replace(/\/$/, "") + path) : path;
}
