import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../../../src/ambient/install.ts";
import { FakeProcess, dispatch } from "../../fake-process.ts";
import { virtually } from "../../virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

describe("JSON.parse", () => {
  it.each(["virtual", "ports"] as const)("fails with one message in %s mode", (mode) => {
    for (const text of ["", "{", "[1,]", "nul", '"\u0001"']) {
      const parse = (): unknown => dispatch(new FakeProcess(mode), () => JSON.parse(text) as unknown);
      expect(parse).toThrow(new SyntaxError("the text is not valid JSON"));
    }
  });

  it("leaves values, revivers and what a reviver throws alone", async () => {
    const { result } = await virtually(() => {
      const revived = JSON.parse('{"a":1,"b":2}', (key, value: unknown) =>
        key === "a" ? undefined : value,
      ) as unknown;
      let thrown: unknown;
      try {
        JSON.parse("[1]", () => {
          throw new SyntaxError("mine");
        });
      } catch (error) {
        thrown = (error as Error).message;
      }
      return [revived, thrown, JSON.parse(null as never) as unknown];
    });
    expect(result).toEqual([{ b: 2 }, "mine", null]);
  });
});

describe("weak references of a virtual process", () => {
  it("hold their target and are instances of their class", async () => {
    class Kept<T extends WeakKey> extends WeakRef<T> {}
    const { result } = await virtually(() => {
      const target = { a: 1 };
      return [
        new WeakRef(target).deref() === target,
        new Kept(target).deref() === target,
        new Kept(target) instanceof WeakRef,
      ];
    });
    expect(result).toEqual([true, true, true]);
  });

  it("register and unregister without ever calling back", async () => {
    let called = 0;
    const { result } = await virtually(() => {
      const registry = new FinalizationRegistry(() => called++);
      const token = {};
      registry.register({}, "held", token);
      return [registry.unregister(token), registry.unregister(token)];
    });
    expect(result).toEqual([true, false]);
    expect(called).toBe(0);
  });
});
