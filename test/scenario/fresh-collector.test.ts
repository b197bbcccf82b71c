import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { fc } from "wavetank";
import { toDefinition, type Body } from "../../src/scenario/define-scenario.ts";
import { filePath, placeOfCall, requestOf } from "../../src/scenario/fresh-call.ts";
import { collectInThread, Collector } from "../../src/scenario/fresh-collector.ts";
import * as standIn from "../../src/scenario/fresh-vitest.ts";
import { simulate } from "../../src/scenario/simulate.ts";

const idle: Body = ({ world }) => world.sleep("1s");
const file = resolve("a.test.ts");
const definitionOf = (name: string) => toDefinition(name, {}, idle);

/** Vitest's functions as the stand-in has them. */
const {
  describe: describing,
  it: testing,
  expect: expecting,
} = standIn as unknown as {
  readonly describe: typeof describe;
  readonly it: typeof it;
  readonly expect: typeof expect;
};

function collecting(test: string | null, order = 0): Collector {
  const collector = new Collector({ file, test, order, name: "kv" });
  collectInThread(collector);
  return collector;
}

afterEach(() => collectInThread(undefined));

describe("the place of a call", () => {
  it("is the file and the title of the test, and counts the calls of one name", () => {
    const call = (name: string) => placeOfCall(call, name, undefined);
    const test = "the place of a call > is the file and the title of the test, and counts the calls of one name";
    expect(call("a")).toEqual({ file: import.meta.filename, test, order: 0 });
    expect(call("b")).toMatchObject({ order: 0 });
    expect(call("a")).toMatchObject({ order: 1 });
  });

  it("may be named: by an absolute path or a URL, and nothing else", () => {
    expect(filePath(file)).toBe(file);
    expect(filePath(pathToFileURL(file).href)).toBe(file);
    expect(() => filePath("a.test.ts")).toThrow('file is "a.test.ts"; allowed: import.meta.url, or an absolute path');
  });

  it("is told apart by what is drawn there", () => {
    const place = { file, test: null, order: 0 };
    const drawing = (most: number) => toDefinition("kv", { ops: { put: fc.nat(most) } }, idle);
    const { plan } = requestOf(place, drawing(9), "0");
    expect(requestOf(place, drawing(9), "0").plan).toBe(plan);
    expect(requestOf(place, drawing(10), "0").plan).not.toBe(plan);
  });
});

describe("a thread that collects", () => {
  it("takes the call of the name and place that is asked for, and lets the others go on", async () => {
    const collector = collecting(null, 1);
    const wanted = definitionOf("kv");
    expect(collector.offer(definitionOf("kv"))).toBe(false);
    expect(collector.offer(definitionOf("other"))).toBe(false);
    expect(collector.offer(wanted)).toBe(true);
    expect(await collector.found).toBe(wanted);
    expect(collector.offer(definitionOf("kv"))).toBe(false);
  });

  it("runs no simulation", async () => {
    const collector = collecting(null);
    let isRun = false;
    const body: Body = async () => void (isRun = true);
    expect(await simulate({ name: "other" }, body)).toMatchObject({ ok: true, seeds: 0, findings: [] });
    const running = simulate({ name: "kv" }, body);
    expect((await collector.found).name).toBe("kv");
    expect(await Promise.race([running, Promise.resolve("not back")])).toBe("not back");
    expect(isRun).toBe(false);
  });

  it("runs the one test that makes the call, up to it", async () => {
    const collector = collecting("a > b > c");
    const ran: string[] = [];
    describing("a", () => {
      testing("c", () => void ran.push("a > c"));
      describing("b", { timeout: 1 }, () => {
        testing("c", { timeout: 1 }, async () => {
          expecting(1).toBe(2);
          await expecting(Promise.resolve(1)).resolves.not.toEqual({});
          ran.push("a > b > c");
          await simulate({ name: "kv" }, idle);
          ran.push("after");
        });
      });
    });
    const running = collector.runTest().then(() => "ended");
    await collector.found;
    expect(await Promise.race([running, Promise.resolve("not ended")])).toBe("not ended");
    expect(ran).toEqual(["a > b > c"]);
  });

  it("says why it does not come to the call", async () => {
    await expect(collecting("a").runTest()).rejects.toThrow('it has no test "a" outside of its test runner');
    const twice = collecting("a");
    for (let count = 0; count < 2; count++) testing("a", () => undefined);
    await expect(twice.runTest()).rejects.toThrow('it has several tests "a"');
    const failing = collecting("a");
    testing("a", () => {
      throw new TypeError("no such thing\nat all");
    });
    await expect(failing.runTest()).rejects.toThrow(
      'its test "a" failed before it came to the call: TypeError: no such thing',
    );
    expect(() => describing("later", async () => undefined)).toThrow('its suite "later" is asynchronous');
  });

  it("refuses what prepares tests, and passes over what is none of them", async () => {
    const collector = collecting("a");
    expect(() => standIn.beforeEach()).toThrow("it uses beforeEach, which only its test runner has");
    expect(() => standIn.vi["mock"]).toThrow("it uses vi.mock, which only its test runner has");
    testing.each([1])("a", () => undefined);
    testing.skipIf(false).concurrent("b", () => undefined);
    const extended = testing.extend({});
    extended("a", () => undefined);
    await expect(collector.runTest()).rejects.toThrow('it has no test "a"');
  });
});
