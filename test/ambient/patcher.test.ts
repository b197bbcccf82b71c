import { describe, expect, it } from "vitest";
import type { AnyFunction } from "../../src/ambient/definition.ts";
import { Patcher } from "../../src/ambient/patcher.ts";
import { dispatch, FakeProcess } from "./fake-process.ts";

const louder =
  (original: AnyFunction): AnyFunction =>
  (...args: unknown[]) =>
    `${String(original(...args))}!`;

function say(word: string): string {
  return word;
}
say.native = (word: string): string => `native ${word}`;

describe("a patcher", () => {
  it("gives the same replacement to the same original, once, wherever it is found", () => {
    const patcher = new Patcher();
    const [first, second] = [{ say }, { say }];
    patcher.method(first, "say", louder);
    patcher.method(second, "say", louder);
    patcher.method(first, "say", louder);
    expect(first.say).toBe(second.say);
    expect(first.say("a")).toBe("a!");
    expect([first.say.name, first.say.length, first.say.native("b")]).toEqual(["say", 1, "native b"]);
    patcher.undo();
    expect([first.say, second.say]).toEqual([say, say]);
  });

  it("passes over what is missing and what cannot be configured", () => {
    const patcher = new Patcher();
    const target = Object.freeze({ say });
    patcher.method(target, "say", louder);
    patcher.method(target, "none", louder);
    patcher.getter(target, "none", () => () => 1);
    patcher.method(undefined, "say", louder);
    expect(target.say).toBe(say);
    expect(Object.keys(target)).toEqual(["say"]);
  });

  it("puts inherited functions back by removing its own", () => {
    const patcher = new Patcher();
    const target = Object.create({ say }) as { say: typeof say };
    patcher.method(target, "say", louder);
    expect(target.say("a")).toBe("a!");
    expect(Object.keys(target)).toEqual([]);
    patcher.undo();
    expect(Object.hasOwn(target, "say")).toBe(false);
  });

  it("replaces how data is read and still lets it be written", () => {
    const patcher = new Patcher();
    const target = { size: 1 };
    patcher.getter(target, "size", (read) => (self) => read(self) * 10);
    target.size = 2;
    expect(target.size).toBe(20);
    patcher.undo();
    expect(target.size).toBe(1);
  });

  it("replaces functions behind a lazy getter", () => {
    const patcher = new Patcher();
    const target = {
      get say() {
        return say;
      },
    };
    patcher.refuse(target, ["say"], "lazy", "say nothing");
    const process = new FakeProcess("virtual");
    expect(() => dispatch(process, () => target.say("a"))).toThrow(/^lazy\.say reached from server#1/);
    expect(target.say("a")).toBe("a");
  });

  it("refuses functions, their members and classes only while somebody is current", () => {
    const patcher = new Patcher();
    class Door {
      readonly isOpen = true;
    }
    const target = { say, Door };
    patcher.refuse(target, ["say", "Door"], "house", "stay outside");
    class FrontDoor extends target.Door {}
    const process = new FakeProcess("virtual");
    const reaches: readonly (() => unknown)[] = [
      () => target.say("a"),
      () => target.say.native("a"),
      () => new target.Door(),
      () => new FrontDoor(),
    ];
    for (const reach of reaches) {
      expect(() => dispatch(process, reach)).toThrow(/stay outside$/);
    }
    expect(process.leaks.map((leak) => leak.api)).toEqual([
      "house.say",
      "house.say.native",
      "house.Door",
      "house.Door",
    ]);
    expect(target.say.native("a")).toBe("native a");
    const door = new FrontDoor();
    expect([door instanceof target.Door, door instanceof Door, door.isOpen]).toEqual([true, true, true]);
    expect(Door.prototype.constructor).toBe(target.Door);
  });

  it("reasserts global functions that somebody put back, whatever they became", () => {
    const patcher = new Patcher();
    const before = Object.getOwnPropertyDescriptor(globalThis, "clearImmediate")!;
    patcher.method(
      globalThis,
      "clearImmediate",
      (original) =>
        (...args: unknown[]) =>
          original(...args) as unknown,
    );
    const replacement = globalThis.clearImmediate;
    Object.defineProperty(globalThis, "clearImmediate", { configurable: true, get: () => before.value as unknown });
    patcher.reassert();
    expect(globalThis.clearImmediate).toBe(replacement);
    patcher.undo();
    expect(Object.getOwnPropertyDescriptor(globalThis, "clearImmediate")).toEqual(before);
  });
});
