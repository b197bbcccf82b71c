/** Every leak of the corpus is caught, named and placed: under vitest, in plain Node and in a worker thread. */
import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../src/ambient/install.ts";
import { catchLeak, expectedPlace } from "./leaks/catch-leak.ts";
import type { LeakGroup } from "./leaks/leak.ts";

installAmbient();
const { corpus } = (await import("./leaks/corpus.ts")) as { corpus: readonly LeakGroup[] };
const entries = corpus.flatMap((group) => group.leaks.map((leak) => ({ id: leak.id, group, leak })));

beforeAll(installAmbient);
afterAll(uninstallAmbient);

describe("a leak", () => {
  it.each(entries)("$id is caught in code held to ports", async ({ group, leak }) => {
    const caught = await catchLeak(leak, "ports");
    expect(caught.apis[0]).toBe(leak.api);
    expect(caught.places[0]).toBe(expectedPlace(group, leak));
    expect(caught.isThrown).toBe(true);
  });

  it.each(entries.filter(({ group }) => group.refusedIn === "both"))(
    "$id is caught in a virtual process as well",
    async ({ group, leak }) => {
      const caught = await catchLeak(leak, "virtual");
      expect(caught.apis[0]).toBe(leak.api);
      expect(caught.places[0]).toBe(expectedPlace(group, leak));
      expect(caught.isThrown).toBe(true);
    },
  );

  it.each(entries.filter(({ group }) => group.refusedIn === "ports"))(
    "$id is none in a virtual process",
    async ({ leak }) => {
      const caught = await catchLeak(leak, "virtual");
      expect(caught.apis).toEqual([]);
    },
  );
});

describe("the corpus", () => {
  it("has at least forty leaks, each with a name of its own", () => {
    const ids = entries.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.length).toBeGreaterThanOrEqual(40);
  });

  const program = fileURLToPath(new URL("./leaks/in-plain-node.ts", import.meta.url));
  it.each([
    ["in plain Node", []],
    ["in a worker thread", ["--worker"]],
  ])(
    "is caught %s",
    (_where, flags) => {
      const text = execFileSync(process.execPath, ["--import", "tsx", program, ...flags], { encoding: "utf8" });
      const outcome = JSON.parse(text) as { checked: number; wrong: unknown[] };
      expect(outcome.wrong).toEqual([]);
      expect(outcome.checked).toBeGreaterThan(entries.length);
    },
    60_000,
  );
});
