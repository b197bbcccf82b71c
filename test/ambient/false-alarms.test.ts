/** Ordinary code that touches nothing outside runs in both modes without a leak. */
import assert from "node:assert";
import { AsyncLocalStorage } from "node:async_hooks";
import { Buffer } from "node:buffer";
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";
import { EventEmitter, on, once } from "node:events";
import { createRequire } from "node:module";
import { posix } from "node:path";
import { PassThrough, Readable, Transform } from "node:stream";
import { createInterface } from "node:readline";
import * as consumers from "node:stream/consumers";
import { finished, pipeline } from "node:stream/promises";
import { ReadableStream, TransformStream } from "node:stream/web";
import { inspect, promisify } from "node:util";
import { gunzipSync, gzipSync } from "node:zlib";
import fc from "fast-check";
import { z } from "zod";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../src/ambient/install.ts";
import { FakeProcess, dispatch, inMacrotask } from "./fake-process.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

function webStream(...parts: string[]): ReadableStream<string> {
  return new ReadableStream({
    start(controller) {
      for (const part of parts) controller.enqueue(part);
      controller.close();
    },
  });
}

async function collect(stream: Readable): Promise<string> {
  const parts: string[] = [];
  for await (const part of stream) parts.push(String(part));
  return parts.join("|");
}

const pure: Readonly<Record<string, () => unknown>> = {
  structuredClone: () =>
    structuredClone({ date: new Date(5), map: new Map([[1, new Set([2])]]), bytes: new Uint8Array(3) }),
  "sorting and searching": () =>
    [3, 1, 2]
      .sort((a, b) => a - b)
      .map(String)
      .join(),
  "regular expressions": () => "a1b22".replaceAll(/\d+/g, (digits) => `<${digits}>`),
  "typed arrays": () => new Float64Array([1, 2]).toSorted(),
  "text coding": () => new TextDecoder().decode(new TextEncoder().encode("ä")),
  URLs: () => new URL("http://a/b?c=d#e").searchParams.get("c"),
  JSON: () => JSON.parse(JSON.stringify({ a: [1, new Date(5)] })) as unknown,
  "dates with a zone": () => [
    new Date(5).toISOString(),
    Date.parse("2020-01-01T00:00:00Z"),
    new Date("2020-01-01").getUTCDay(),
  ],
  "explicit Intl": () => [
    new Intl.DateTimeFormat("en-US", { timeZone: "UTC" }).format(new Date(0)),
    new Intl.NumberFormat("de").format(1.5),
    (1.5).toLocaleString("en-US"),
    ["b", "a"].sort(new Intl.Collator("en").compare),
  ],
  hashes: () => [createHash("sha256").update("a").digest("hex"), createHmac("sha1", "k").update("a").digest("hex")],
  "synchronous key derivation": () => pbkdf2Sync("a", "b", 1, 8, "sha1").toString("hex"),
  "synchronous compression": () => gunzipSync(gzipSync("text")).toString(),
  buffers: () => Buffer.from("text").toString("base64"),
  paths: () => posix.join("/a", "../b"),
  inspecting: () => inspect({ a: new Map([[1, { b: new Error("x").name }]]), d: new Date(5) }),
  "an error's stack": () => typeof new Error("x").stack,
  "a failed assertion": () => {
    try {
      assert.ok([].length > 2);
    } catch (error) {
      return (error as Error).name;
    }
  },
  "a failed comparison": () => {
    try {
      assert.deepStrictEqual({ a: [1, 2] }, { a: [1, 3] });
    } catch (error) {
      return (error as Error).name;
    }
  },
  "messages of HTTP": async () => [new Headers({ a: "b" }).get("a"), await Response.json({ a: 1 }).json()],
  "fast-check with a seed": () => fc.sample(fc.record({ a: fc.nat(), b: fc.string() }), { seed: 1, numRuns: 3 }),
  zod: () => z.object({ a: z.email(), at: z.date() }).safeParse({ a: "x", at: new Date(5) }).success,
  "requiring a module": () => typeof createRequire(import.meta.url)("seedrandom"),
  emitters: () => {
    const seen: number[] = [];
    const emitter = new EventEmitter();
    emitter.on("x", (value: number) => seen.push(value));
    emitter.emit("x", 1);
    return seen;
  },
  events: () => new EventTarget().dispatchEvent(new Event("x")),
  abort: () => AbortSignal.any([AbortSignal.abort()]).aborted,
  "promises and ticks": async () => {
    const seen = new Set<string>();
    await new Promise<void>((resolve) => process.nextTick((word: string) => resolve(void seen.add(word)), "tick"));
    await new Promise<void>((resolve) => queueMicrotask(() => resolve(void seen.add("microtask"))));
    return [...seen].join();
  },
  "waiting for an event": () => {
    const emitter = new EventEmitter();
    const waiting = once(emitter, "x");
    emitter.emit("x", 7);
    return waiting;
  },
  promisify: () => promisify((text: string, done: (error: null, value: string) => void) => done(null, text))("a"),
  "streams in memory": () => collect(Readable.from(["a", "b", "c"])),
  pipelines: async () => {
    const end = new PassThrough();
    const upper = new Transform({
      transform(chunk, _encoding, done) {
        done(null, String(chunk).toUpperCase());
      },
    });
    await pipeline(Readable.from(["a", "b"]), upper, end);
    return collect(end);
  },
  "stream operators": () =>
    Readable.from([1, 2, 3])
      .map((value: number) => value * 2)
      .filter((value: number) => value > 2)
      .toArray(),
  "stream consumers": () => consumers.json(Readable.from(['{"a":', "1}"])),
  "hashing a stream": async () => {
    const hash = createHash("sha1");
    await pipeline(Readable.from(["a", "b"]), hash);
    return hash.digest("hex");
  },
  "reading lines": async () => {
    const lines: string[] = [];
    for await (const line of createInterface({ input: Readable.from(["a\nb", "\nc"]) })) lines.push(line);
    return lines;
  },
  "web streams": () => collect(Readable.fromWeb(webStream("a", "b") as never, { objectMode: true })),
  "web streams by hand": async () => {
    const parts: string[] = [];
    for await (const part of webStream("a", "b")) parts.push(part);
    return parts;
  },
  "web transforms": async () => {
    const upper = new TransformStream<string, string>({ transform: (part, to) => to.enqueue(part.toUpperCase()) });
    const parts: string[] = [];
    for await (const part of webStream("a", "b").pipeThrough(upper)) parts.push(part);
    return parts;
  },
  "bodies in memory": () => new Response("text").text(),
  "finished streams": async () => {
    const stream = Readable.from(["a"]);
    stream.resume();
    await finished(stream);
    return stream.destroyed;
  },
  "events as they come": async () => {
    const emitter = new EventEmitter();
    process.nextTick(() => emitter.emit("x", 1));
    for await (const [value] of on(emitter, "x")) return value as unknown;
    return undefined;
  },
  console: () => console.log("text", { a: 1 }),
};

describe.each(["virtual", "ports"] as const)("a process in %s mode", (mode) => {
  it.each(Object.keys(pure))("may use %s", async (key) => {
    const process = new FakeProcess(mode);
    const outside = await pure[key]!();
    let inside: unknown;
    await inMacrotask(() => {
      dispatch(process, () => void Promise.resolve(pure[key]!()).then((value) => (inside = value)));
    });
    expect(process.leaks).toEqual([]);
    expect(inside).toEqual(outside);
  });
});

describe("an async context", () => {
  it("is kept across ticks, microtasks and timers", async () => {
    const storage = new AsyncLocalStorage<string>();
    const process = new FakeProcess("virtual");
    const seen: (string | undefined)[] = [];
    const note = (): void => void seen.push(storage.getStore());
    await inMacrotask(() => {
      dispatch(process, () => {
        storage.run("inner", () => {
          globalThis.process.nextTick(note);
          queueMicrotask(note);
          setTimeout(note, 1);
        });
        setTimeout(note, 2);
      });
      process.fire();
      process.fire();
    });
    expect(seen).toEqual(["inner", "inner", "inner", undefined]);
  });
});
