import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../../../src/ambient/install.ts";
import { virtually } from "../../virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

describe("performance of a virtual process", () => {
  it("counts on the host's monotonic clock from a fixed origin", async () => {
    const { result } = await virtually((process) => {
      const origin = performance.timeOrigin;
      process.micros += 2_000;
      return [origin, performance.timeOrigin, performance.now(), process.micros];
    });
    expect(result).toEqual([1_700_000_000_000, 1_700_000_000_000, 5_002.123, 5_002_123]);
  });

  it("measures between marks, moments and now", async () => {
    const { result } = await virtually((process) => {
      performance.mark("start", { detail: { a: 1 } });
      process.micros += 3_000;
      const measures = [
        performance.measure("m1", "start"),
        performance.measure("m2", { start: 1, duration: 5 }),
        performance.measure("m3", { start: 2, end: 4, detail: "d" }),
        performance.measure("m4", { end: 9, duration: 4 }),
        performance.measure("m5"),
      ];
      return measures.map(({ name, startTime, duration, detail }) => [name, startTime, duration, detail as unknown]);
    });
    expect(result).toEqual([
      ["m1", 5_000.123, 5_003.123 - 5_000.123, null],
      ["m2", 1, 5, null],
      ["m3", 2, 2, "d"],
      ["m4", 5, 4, null],
      ["m5", 0, 5_003.123, null],
    ]);
  });

  it("rejects a measure from a mark that was never set", async () => {
    await expect(virtually(() => performance.measure("m", "none"))).rejects.toThrow(/"none" performance mark/);
  });

  it("has a timeline of its own, which can be read and cleared", async () => {
    performance.mark("outside");
    const { result } = await virtually(() => {
      performance.mark("b", { startTime: 2 });
      performance.mark("a", { startTime: 1 });
      performance.measure("m", "a", "b");
      const names = performance.getEntries().map((entry) => entry.name);
      const marks = performance.getEntriesByType("mark").length;
      performance.clearMarks("a");
      performance.clearMeasures();
      return [names, marks, performance.getEntriesByName("b").length, performance.getEntries().length];
    });
    expect(result).toEqual([["a", "m", "b"], 2, 1, 1]);
    expect(performance.getEntriesByName("b")).toEqual([]);
    performance.clearMarks("outside");
  });
});
