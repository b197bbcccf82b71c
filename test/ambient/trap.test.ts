import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../src/ambient/install.ts";
import { placeOfCall, unknownPlace } from "../../src/ambient/trap.ts";
import { current } from "../../src/kernel/current.ts";
import { FakeProcess, dispatch, inMacrotask } from "./fake-process.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

const here = (marker: string): string => {
  const lines = readFileSync(new URL(import.meta.url), "utf8").split("\n");
  return `test/ambient/trap.test.ts:${lines.findIndex((line) => line.endsWith(`// ${marker}`)) + 1}`;
};
const lineOf = (place: string | null): string => String(place).replace(/:\d+$/, "");

describe("the place of a call", () => {
  it("is the innermost frame outside Wavetank's guard and Node", () => {
    const inner = (): string | null => [0].map(() => placeOfCall())[0]!; // innermost
    expect(lineOf(inner())).toBe(here("innermost"));
  });

  it("is found with a stack limit of zero, which stays as it was", () => {
    const limit = Error.stackTraceLimit;
    Error.stackTraceLimit = 0;
    const place = placeOfCall(); // limited
    expect(Error.stackTraceLimit).toBe(0);
    Error.stackTraceLimit = limit;
    expect(lineOf(place)).toBe(here("limited"));
  });

  it("is found when the program formats stacks as objects", () => {
    const before = Error.prepareStackTrace;
    Error.prepareStackTrace = (_error, sites) => sites;
    const place = placeOfCall();
    Error.prepareStackTrace = before!;
    expect(place).toContain("test/ambient/trap.test.ts:");
  });

  it("is unknown when the engine makes the call itself", async () => {
    const process = new FakeProcess("ports");
    await inMacrotask(() =>
      dispatch(
        process,
        () =>
          void Promise.resolve()
            .then(Date.now)
            .catch(() => undefined),
      ),
    );
    expect(process.leaks.map((leak) => leak.place)).toEqual([unknownPlace]);
  });

  it("is read with nobody current, who is current again after it", () => {
    const before = Error.prepareStackTrace;
    const seen: unknown[] = [];
    const process = new FakeProcess("ports");
    dispatch(process, () => {
      Error.prepareStackTrace = (error) => {
        seen.push(current.process);
        return `${error.name}\n    at run (/elsewhere/file.js:1:2)`;
      };
      seen.push(placeOfCall(), current.process);
    });
    Error.prepareStackTrace = before!;
    expect(seen).toEqual([null, "/elsewhere/file.js:1:2", process]);
  });
});

describe("a leak's error", () => {
  it("names the API, the process, the place and what to use instead", () => {
    const process = new FakeProcess("ports", "broker#2");
    const reach = (): number => dispatch(process, () => Date.now()); // named
    expect(reach).toThrow(
      /^Date\.now reached from broker#2 at test\/ambient\/trap\.test\.ts:\d+:\d+; use host\.clock\.wall\(\)$/,
    );
    expect(lineOf(process.leaks[0]!.place)).toBe(here("named"));
  });
});
