import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { version } from "../../src/base/version.ts";

it("the version in the code is the package's", () => {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  expect((JSON.parse(text) as { version: string }).version).toBe(version);
});
