import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { checkConfig } from "../../src/scenario/config-schema.ts";
import { defineConfig, type WavetankConfig } from "../../src/scenario/config.ts";
import { RealLoader } from "../support/real-loader.ts";

let directory: string;
let loader: RealLoader;

beforeAll(() => {
  loader = new RealLoader();
});
afterAll(() => loader.close());
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "wavetank-config-"));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const load = (): Promise<WavetankConfig> => loader.call("config", "loadConfig", directory);

function write(name: string, text: string): void {
  writeFileSync(join(directory, name), text);
}

describe("the configuration", () => {
  it("is empty when there is no file", async () => {
    expect(await load()).toEqual({});
  });

  it("is TypeScript's default export", async () => {
    write("wavetank.config.ts", `const seeds: number = 7;\nexport default { seeds, scenarios: ["sim/*.ts"] };`);
    expect(await load()).toEqual({ seeds: 7, scenarios: ["sim/*.ts"] });
  });

  it("may be JavaScript", async () => {
    write("wavetank.config.mjs", `export default { jobs: 3, reports: "out", maxFailures: 2 };`);
    expect(await load()).toEqual({ jobs: 3, reports: "out", maxFailures: 2 });
  });

  it("must be one file", async () => {
    write("wavetank.config.ts", "export default {};");
    write("wavetank.config.js", "export default {};");
    await expect(load()).rejects.toThrow(/there are wavetank\.config\.ts and wavetank\.config\.js .* keep one/);
  });

  it("must have a default export", async () => {
    write("wavetank.config.mjs", "export const seeds = 3;");
    await expect(load()).rejects.toThrow("wavetank.config.mjs has no default export");
  });

  it("that throws is named with its place", async () => {
    write("wavetank.config.ts", `\nthrow new Error("not today");`);
    await expect(load()).rejects.toThrow(
      /wavetank\.config\.ts threw Error while it was loaded: not today \(.*:2:\d+\)$/,
    );
  });

  it("passes through defineConfig unchanged", () => {
    const config = { seeds: 3 };
    expect(defineConfig(config)).toBe(config);
  });
});

describe("a wrong configuration", () => {
  const cases: readonly (readonly [string, unknown, string])[] = [
    ["a key that is not known", { seed: 3 }, `unknown key "seed"; did you mean "seeds"?`],
    ["no object", 3, "its default export is 3, it must be an object of scenarios, seeds"],
    ["a function", () => ({}), "its default export is a function, it must be an object"],
    ["a text for a number", { seeds: "100" }, `seeds is "100", it must be a whole number from 1 to 1000000`],
    ["a fraction", { jobs: 1.5 }, "jobs is 1.5, it must be a whole number from 1 to 1024"],
    ["zero", { maxFailures: 0 }, "maxFailures is 0, it must be a whole number from 1 to 1000"],
    ["not a number", { seeds: Number.NaN }, "seeds is NaN, it must be a whole number"],
    [
      "one pattern that is no list",
      { scenarios: "a/*.ts" },
      `scenarios is "a/*.ts", it must be a list of at least one`,
    ],
    ["an empty list of patterns", { scenarios: [] }, "scenarios is [], it must be a list of at least one pattern"],
    ["a pattern that is no text", { scenarios: [1] }, "scenarios is [1], it must be a list of at least one pattern"],
  ];

  for (const [what, value, message] of cases) {
    it(`(${what}) is refused with key, value and what is allowed`, () => {
      expect(() => checkConfig("wavetank.config.ts", value)).toThrow(message);
    });
  }

  it("may leave out everything", () => {
    expect(checkConfig("wavetank.config.ts", {})).toEqual({});
  });
});
