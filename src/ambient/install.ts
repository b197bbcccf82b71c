/**
 * Takes the registry into use in this thread: patches globals and builtin modules once, then lets the ESM bindings of
 * builtins follow. Install before the code under test is loaded: a function that it captured earlier is the original.
 *
 * What nobody can catch here, and what to know: functions captured before; values of builtin modules imported by name
 * (`import { env, pid } from "node:process"`, `threadId`); objects opened outside a run (sockets, file handles, message
 * ports); `import()`, which settles in real time; `process.exitCode`, which Node made unconfigurable; native addons;
 * globals of realms made before; paths in `error.stack`, messages of V8 (see `engine-messages.ts`), results of ICU and
 * of floating-point functions, which vary by version; `node:sqlite` and `node:wasi`, which warn when loaded.
 * `process.platform`, `arch` and `version` stay readable: Node and its libraries branch on them at run time.
 */
import { syncBuiltinESMExports } from "node:module";
import { families } from "./registry.ts";
import { Patcher } from "./patcher.ts";

/** The patches of this thread; null while the ambient APIs are the platform's own. */
let installed: Patcher | null = null;

/** Patches the ambient APIs of this thread; without effect when it has been done. */
export function installAmbient(): void {
  if (installed !== null) return;
  const patcher = new Patcher();
  installed = patcher;
  for (const family of families) family.install(patcher);
  syncBuiltinESMExports();
}

/** Makes sure that the patches are in place right now, whoever undid some of them; called as a run starts. */
export function reassertAmbient(): void {
  installAmbient();
  installed?.reassert();
}

/** Puts every original back: for tests. */
export function uninstallAmbient(): void {
  installed?.undo();
  installed = null;
  syncBuiltinESMExports();
}
