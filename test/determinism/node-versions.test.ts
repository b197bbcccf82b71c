/**
 * The same seed is the same run on every supported version of Node: the golden hashes come out of the built package on
 * each, TypeScript scenarios and worker threads included. Build first; the other versions come from npm, and with
 * WAVETANK_NO_NODES=1 they are left out.
 */
import { beforeAll, describe, expect, it } from "vitest";
import { pinned, seeds } from "./golden-hashes-pins.ts";
import { hashesIn, suiteIn, type NodeProcess } from "./golden-hashes-process.ts";
import { majors, nodeBinary } from "./node-versions-binaries.ts";

const isWithoutNodes = process.env["WAVETANK_NO_NODES"] === "1";
const names = Object.keys(pinned());
const running = process.versions.node.split(".")[0]!;
const versions = [running, ...majors.filter((major) => major !== running)];
const fetchMillis = 400_000;

/** The binary of a version; undefined for the running one. */
function binaryOf(major: string): { readonly node?: string } {
  return major === running ? {} : { node: nodeBinary(major) };
}

beforeAll(() => {
  if (isWithoutNodes) {
    process.stderr.write(
      `WAVETANK_NO_NODES=1: only Node ${process.versions.node} is tested, not ${majors.join(", ")}\n`,
    );
  }
});

describe.each(versions)("Node %s", (major) => {
  const unavailable = isWithoutNodes && major !== running ? "WAVETANK_NO_NODES=1 is set" : undefined;

  it(
    "runs every pinned plan to its pinned hash, with both drains",
    async (context) => {
      if (unavailable !== undefined) return context.skip(unavailable);
      const binary = binaryOf(major);
      for (const drain of ["tick", "immediate"] as const) {
        const found = await hashesIn(binary, { names, seeds, drain });
        expect(found.node.split(".")[0]).toBe(major);
        expect(found.hasTickDrain).toBe(true);
        expect(found.value).toEqual(pinned());
      }
    },
    fetchMillis,
  );

  const ways: { readonly [how: string]: NodeProcess & { readonly jobs: number } } = {
    "one worker": { jobs: 1 },
    "two workers": { jobs: 2 },
    "two workers without the synchronous drain": { jobs: 2, isWithoutTickDrain: true },
  };
  for (const [how, { jobs, ...where }] of Object.entries(ways)) {
    it(
      `comes to the same suite with ${how} as the running Node with one`,
      async (context) => {
        if (unavailable !== undefined) return context.skip(unavailable);
        const task = { names, seeds: 16, from: "3" };
        const found = await suiteIn({ ...binaryOf(major), ...where }, { ...task, jobs });
        expect(found.hasTickDrain).toBe(where.isWithoutTickDrain !== true);
        expect(found.value.harnessErrors).toEqual([]);
        expect(found.value.findings).toEqual([]);
        expect(found.value.seeds).toBe(16 * names.length);
        expect(found.value.hash).toBe(await expectedHash(task));
      },
      fetchMillis,
    );
  }
});

/** Hash of the suite on the running Node with one worker; worked out once. */
const expectedHashes = new Map<string, Promise<string>>();
function expectedHash(task: { names: readonly string[]; seeds: number; from: string }): Promise<string> {
  const key = JSON.stringify(task);
  const known = expectedHashes.get(key) ?? suiteIn({}, { ...task, jobs: 1 }).then(({ value }) => value.hash);
  expectedHashes.set(key, known);
  return known;
}
