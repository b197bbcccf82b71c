/**
 * Node binaries of other major versions, as npm packages for the platform at hand, kept in a cache below node_modules.
 * Nothing is taken from the machine's own installations: what runs is what the registry has.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../support/project-files.ts";

/** Majors that are supported besides the oldest one, on which the tests themselves run. */
export const majors: readonly string[] = ["22", "24", "26"];

const cache = join(projectRoot, "node_modules", ".cache", "wavetank-nodes");
const isWindows = process.platform === "win32";

/**
 * The binary of a major version, fetched if it is not there. Throws, saying what was tried and how to do without, when
 * it cannot be had.
 */
export function nodeBinary(major: string): string {
  const binary = join(cache, "node_modules", `n${major}`, "bin", isWindows ? "node.exe" : "node");
  if (existsSync(binary)) return binary;
  const fetched = fetchAll();
  if (existsSync(binary)) return binary;
  throw new Error(
    `Node ${major} could not be had for ${process.platform}-${process.arch} from npm (${fetched}); ` +
      "without a network set WAVETANK_NO_NODES=1, and these versions are not tested",
  );
}

/** Installs all majors at once: npm takes away what one command does not name. Returns what npm said. */
function fetchAll(): string {
  mkdirSync(cache, { recursive: true });
  const platform = `node-${isWindows ? "win" : process.platform}-${process.arch}`;
  const packages = majors.map((major) => `n${major}@npm:${platform}@${major}`);
  const flags = ["--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--loglevel", "error", "--prefix", cache];
  const { status, stderr, error } = spawnSync("npm", ["install", ...flags, ...packages], {
    cwd: cache,
    encoding: "utf8",
    shell: isWindows,
    timeout: 300_000,
  });
  const said = (error?.message ?? stderr).trim().split("\n").slice(0, 2).join("; ");
  return `npm install ${packages.join(" ")}: exit ${status ?? "none"}${said === "" ? "" : `, ${said}`}`;
}
