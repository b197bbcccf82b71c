import fs from "node:fs";
import * as timersModule from "node:timers";
import { types } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../src/ambient/install.ts";
import { families } from "../../src/ambient/registry.ts";
import { virtually } from "./virtual.ts";

afterEach(uninstallAmbient);

const watched = {
  Date: () => globalThis.Date,
  "Date.now": () => Date.now,
  "Date.prototype.getHours": () => Date.prototype.getHours,
  "Math.random": () => Math.random,
  setTimeout: () => globalThis.setTimeout,
  "process.nextTick": () => process.nextTick,
  "process.on": () => Object.getOwnPropertyDescriptor(process, "on"),
  "process.env": () => process.env,
  "process.stdout": () => process.stdout,
  "fs.readFileSync": () => fs.readFileSync,
  "Intl.DateTimeFormat": () => Intl.DateTimeFormat,
  "JSON.parse": () => JSON.parse,
  "console.log": () => console.log,
  WeakRef: () => WeakRef,
  "performance.now": () => performance.now,
};
type Watched = keyof typeof watched;

describe("installing", () => {
  it("happens once: a second time changes nothing", () => {
    installAmbient();
    const first = Object.values(watched).map((read) => read());
    installAmbient();
    expect(Object.values(watched).map((read) => read())).toEqual(first);
  });

  it.each(Object.keys(watched) as Watched[])("is undone for %s", (key) => {
    const before = watched[key]();
    installAmbient();
    uninstallAmbient();
    expect(watched[key]()).toBe(before);
  });

  it("works again after it was undone", async () => {
    installAmbient();
    uninstallAmbient();
    installAmbient();
    const { result } = await virtually(() => Date.now());
    expect(result).toBe(1_700_000_005_000);
  });

  it("keeps names, lengths, prototypes and identities", () => {
    const before = [Date, Date.now, setTimeout, fs.readFileSync, Math.random, WeakRef, fetch].map((f) => [
      f.name,
      f.length,
    ]);
    const prototype = Date.prototype;
    installAmbient();
    expect(
      [Date, Date.now, setTimeout, fs.readFileSync, Math.random, WeakRef, fetch].map((f) => [f.name, f.length]),
    ).toEqual(before);
    expect(Date.prototype).toBe(prototype);
    expect(Date.prototype.constructor).toBe(Date);
    expect(timersModule.setTimeout).toBe(setTimeout);
    expect(process.getBuiltinModule("node:timers").setTimeout).toBe(setTimeout);
  });

  it("has families with names of their own", () => {
    const names = families.map((family) => family.family);
    expect(new Set(names).size).toBe(names.length);
    for (const family of families) expect(family.doc).toMatch(/\.$/);
  });
});

describe("with nobody current", () => {
  it("clocks, dates and randomness are real", () => {
    const realNow = Date.now;
    installAmbient();
    expect(Math.abs(Date.now() - realNow())).toBeLessThan(1_000);
    expect(Math.abs(new Date().getTime() - realNow())).toBeLessThan(1_000);
    expect(typeof Date()).toBe("string");
    expect(performance.now()).toBeGreaterThan(0);
    expect(Math.random()).not.toBe(Math.random());
    expect(process.pid).toBeGreaterThan(1);
    expect(process.env["PATH"]).toBeDefined();
  });

  it("dates read local time as the machine does", () => {
    const hours = new Date(0).getHours();
    const text = new Date(0).toString();
    const parsed = Date.parse("2020-06-01 10:00");
    installAmbient();
    expect(new Date(0).getHours()).toBe(hours);
    expect(new Date(0).toString()).toBe(text);
    expect(Date.parse("2020-06-01 10:00")).toBe(parsed);
    expect(new Date(2020, 5, 1, 10).getTime()).toBe(parsed);
  });

  it("subclasses and copies of Date stay dates", () => {
    installAmbient();
    class Moment extends Date {}
    const moment = new Moment(5);
    expect(moment).toBeInstanceOf(Moment);
    expect(moment).toBeInstanceOf(Date);
    expect(types.isDate(moment)).toBe(true);
    expect(structuredClone(new Date(7))).toBeInstanceOf(Date);
  });

  it("timers, ticks and promised timers run on Node's own loop", async () => {
    installAmbient();
    const seen = await new Promise((resolve) => {
      const order: string[] = [];
      setImmediate(() => order.push("immediate"));
      process.nextTick((word: string) => order.push(word), "tick");
      queueMicrotask(() => order.push("microtask"));
      setTimeout((word: string) => resolve([...order, word]), 20, "timeout");
    });
    expect(seen).toEqual(
      ["tick", "microtask", "immediate", "timeout"].toSorted(
        (a, b) => (seen as string[]).indexOf(a) - (seen as string[]).indexOf(b),
      ),
    );
    const { setTimeout: sleep } = await import("node:timers/promises");
    expect(await sleep(1, "value")).toBe("value");
    expect(AbortSignal.timeout(10_000).aborted).toBe(false);
  });

  it("files, threads' channels and crypto work", async () => {
    installAmbient();
    expect(fs.readFileSync(new URL(import.meta.url), "utf8")).toContain("this very text");
    expect(await fs.promises.readFile(new URL(import.meta.url), "utf8")).toContain("this very text");
    expect(crypto.randomUUID()).not.toBe(crypto.randomUUID());
    expect((await crypto.subtle.digest("SHA-1", new Uint8Array(1))).byteLength).toBe(20);
    const channel = new MessageChannel();
    expect(channel).toBeInstanceOf(MessageChannel);
    channel.port1.close();
  });

  it("the engine's own messages come through", () => {
    let before = "";
    try {
      JSON.parse("{");
    } catch (error) {
      before = (error as Error).message;
    }
    installAmbient();
    expect(() => JSON.parse("{")).toThrow(before);
    expect(JSON.parse('{"a":[1]}', (_key, value: unknown) => (value === 1 ? 2 : value))).toEqual({ a: [2] });
  });

  it("weak references are weak and formatters use the machine's defaults", () => {
    const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
    installAmbient();
    const target = {};
    expect(new WeakRef(target).deref()).toBe(target);
    expect(new Intl.DateTimeFormat().resolvedOptions().timeZone).toBe(zone);
    expect(new Intl.NumberFormat("de").format(1.5)).toBe("1,5");
  });
});
