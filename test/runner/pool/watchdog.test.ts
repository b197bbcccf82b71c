import { describe, expect, it } from "vitest";
import { Slot, Watchdog } from "../../../src/runner/pool/watchdog.ts";

describe("a slot", () => {
  it("shows the other side how often it was bumped and what for", () => {
    const worker = new Slot();
    const main = new Slot(worker.buffer);
    worker.beat(7);
    worker.beat(-1);
    expect([main.beats, main.step]).toEqual([2, -1]);
  });
});

describe("the watchdog", () => {
  it("takes a slot for hung when it has stood still for the limit, and not before", () => {
    const slot = new Slot();
    const watchdog = new Watchdog(1_000);
    watchdog.reset(slot, 0);
    expect(watchdog.isHung(slot, 999)).toBe(false);
    expect(watchdog.isHung(slot, 1_000)).toBe(true);
  });

  it("counts from the look that saw the last beat", () => {
    const slot = new Slot();
    const watchdog = new Watchdog(1_000);
    watchdog.reset(slot, 0);
    slot.beat(1);
    expect(watchdog.isHung(slot, 5_000)).toBe(false);
    expect(watchdog.isHung(slot, 5_999)).toBe(false);
    expect(watchdog.isHung(slot, 6_000)).toBe(true);
  });

  it("starts anew when something is handed out, however long the worker was idle", () => {
    const slot = new Slot();
    const watchdog = new Watchdog(1_000);
    watchdog.reset(slot, 0);
    watchdog.reset(slot, 10_000);
    expect(watchdog.isHung(slot, 10_500)).toBe(false);
  });
});
