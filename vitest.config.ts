/**
 * The test runner's settings. Forks, not threads: the tank installs its guard over globals and builtin modules and drains
 * Node's own microtask queue, and tests of the worker pool start threads and exhaust them; a child process a file keeps
 * all of that away from the runner and from the other files.
 */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vitest/config";

const source = (path: string): string => fileURLToPath(new URL(`./src/${path}`, import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^wavetank$/, replacement: source("index.ts") },
      { find: /^wavetank\/vitest$/, replacement: source("vitest.ts") },
      { find: /^wavetank\/bugs$/, replacement: source("bugs/registry.ts") },
      { find: /^wavetank\/engine$/, replacement: source("streaming.ts") },
      { find: /^wavetank\/faults$/, replacement: source("faults/public.ts") },
      { find: /^wavetank\/invariants$/, replacement: source("invariants/public.ts") },
    ],
  },
  test: {
    include: ["test/**/*.test.ts"],
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Must-not-compile cases. Errors elsewhere are for `npm run types` to report.
    typecheck: { enabled: true, include: ["test/types/**/*.test-d.ts"], ignoreSourceErrors: true },
  },
});
