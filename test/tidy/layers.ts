/**
 * The layers: what each folder of `src` may import besides itself. A folder that is not listed is a mistake, so that a
 * new one is decided on here. `scenarios/` and the public entries beside the folders have rows of their own.
 */

export interface Layer {
  /** Folders of `src` it may import in full. */
  readonly folders: readonly string[];
  /** Folders, or files in folders, of which it may import types only. */
  readonly types?: readonly string[];
  /** npm packages, with all of their entries. */
  readonly packages?: readonly string[];
  /** Packages of which it may import types only. */
  readonly typePackages?: readonly string[];
  /** Node's builtin modules: names, or `*`. */
  readonly builtins?: readonly string[];
  /** Whether it may import a module whose name is not written in the source. */
  readonly isDynamic?: boolean;
}

const all: readonly string[] = [
  "ambient",
  "base",
  "bugs",
  "cli",
  "engine",
  "explore",
  "faults",
  "invariants",
  "kernel",
  "machine",
  "models",
  "ports",
  "report",
  "runner",
  "scenario",
  "sim",
  "world",
];
const belowCli = all.filter((folder) => folder !== "cli");

export const layers: Readonly<Record<string, Layer>> = {
  // PostgreSQL's grammar is shared by the simulated server, the engine and an oracle that share nothing else.
  base: { folders: [], packages: ["libpg-query"] },
  ports: { folders: [], types: ["base"] },
  kernel: {
    folders: ["base", "ports"],
    packages: ["seedrandom"],
    builtins: ["node:async_hooks", "node:url", "node:v8", "node:vm"],
  },
  ambient: { folders: ["base", "kernel", "ports"], builtins: ["*"] },
  machine: { folders: ["base", "kernel", "ports"] },
  sim: { folders: ["base", "kernel", "machine", "ports"] },
  engine: { folders: ["base", "ports"], packages: ["libpg-query"] },
  explore: { folders: ["base"] },
  models: { folders: ["base", "engine", "explore"] },
  world: { folders: ["base", "engine", "kernel", "machine", "ports", "sim"] },
  bugs: { folders: ["base", "engine", "ports"], types: ["runner/definition.ts"] },
  faults: { folders: ["base", "ports"], types: ["runner/definition.ts"], packages: ["fast-check"] },
  invariants: { folders: ["base", "ports"], types: ["runner/definition.ts"], packages: ["fast-check"] },
  scenario: {
    folders: ["base", "faults", "invariants", "ports", "runner"],
    packages: ["fast-check", "tsx", "zod"],
    builtins: ["node:fs", "node:fs/promises", "node:module", "node:path", "node:url"],
    isDynamic: true,
  },
  runner: {
    folders: ["ambient", "base", "kernel", "machine", "ports"],
    packages: ["fast-check", "seedrandom", "zod"],
    builtins: [
      "node:buffer",
      "node:os",
      "node:path",
      "node:perf_hooks",
      "node:process",
      "node:url",
      "node:vm",
      "node:worker_threads",
      "node:zlib",
    ],
  },
  report: { folders: ["base"], types: ["runner"], packages: ["picocolors", "zod"] },
  cli: {
    folders: all,
    packages: ["commander", "fast-check", "log-update", "picocolors", "zod"],
    builtins: ["*"],
    isDynamic: true,
  },
  "index.ts": { folders: belowCli, packages: ["fast-check"] },
  "streaming.ts": { folders: ["base", "engine", "world"] },
  "vitest.ts": { folders: belowCli, packages: ["fast-check", "vitest"] },
};

/** What `scenarios/` may import besides its own files: what users have. */
export const publicEntries: readonly string[] = [
  "wavetank",
  "wavetank/bugs",
  "wavetank/engine",
  "wavetank/faults",
  "wavetank/invariants",
  "wavetank/vitest",
];

/** Files of `src` that nothing but these may import: each is the whole of a seam. */
export const seams: Readonly<Record<string, readonly string[]>> = {
  // Ends the process and reads its arguments: nothing may depend on it.
  "cli/main.ts": [],
};
