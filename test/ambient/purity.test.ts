/** What a virtual process gets is a function of its own clock and streams, and of nothing else. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import * as nodeCrypto from "node:crypto";
import { inspect } from "node:util";
import { installAmbient, uninstallAmbient } from "../../src/ambient/install.ts";
import { virtually } from "./virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

const ambient: Readonly<Record<string, () => unknown>> = {
  clocks: () => [Date.now(), Date(), new Date(), performance.now(), performance.timeOrigin, process.uptime()],
  hrtime: () => [process.hrtime(), process.hrtime([1, 5]), process.hrtime.bigint()],
  dates: () => [
    new Date(2024, 1, 29, 12).toString(),
    new Date("2024-03-10 02:30").getHours(),
    new Date(0).getTimezoneOffset(),
  ],
  random: () => [Math.random(), Math.random(), nodeCrypto.randomInt(1_000_000), nodeCrypto.randomInt(5, 9)],
  bytes: () => [nodeCrypto.randomBytes(9), crypto.getRandomValues(new Uint32Array(3)), crypto.randomUUID()],
  uuids: () => [nodeCrypto.randomUUID(), nodeCrypto.randomUUID({ disableEntropyCache: true })],
  locale: () => [
    new Date(0).toLocaleString(),
    (1234.5).toLocaleString(),
    "ä".localeCompare("z"),
    Intl.DateTimeFormat().format(),
  ],
  facts: () => [process.pid, process.env, process.argv, process.memoryUsage(), process.cpuUsage()],
  entries: () => [performance.mark("m"), performance.measure("d", "m"), performance.getEntries().length],
  numbers: () => [+setTimeout(() => undefined, 1), +setTimeout(() => undefined, 1)],
  events: () => new Event("x").timeStamp,
};

describe("two processes with equal clocks and streams", () => {
  it.each(Object.keys(ambient))("get equal %s", async (key) => {
    const first = await virtually(() => inspect(ambient[key]!(), { depth: 5 }));
    await new Promise((resolve) => setTimeout(resolve, 3));
    const second = await virtually(() => inspect(ambient[key]!(), { depth: 5 }));
    expect(second.result).toBe(first.result);
    expect(first.process.leaks).toEqual([]);
  });

  it.each(["random", "bytes", "uuids"])("of different streams get different %s", async (key) => {
    const first = await virtually(() => inspect(ambient[key]!()), 1);
    const second = await virtually(() => inspect(ambient[key]!()), 2);
    expect(second.result).not.toBe(first.result);
  });
});
