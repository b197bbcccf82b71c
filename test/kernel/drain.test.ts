import { describe, expect, it } from "vitest";
import type { Kernel } from "../../src/kernel/kernel.ts";
import { enter, hasTickDrain, inMacrotask, runSync, runWithImmediates } from "../../src/kernel/drain.ts";
import { newKernel, newProcess, runAll, sleep, startAt } from "../support/kernels.ts";

/** A busy little world whose hash covers promises, ticks, microtasks, timers and a panic. */
function busyWorld(seed: string): Kernel {
  const kernel = newKernel({ seed });
  kernel.toleratesPanic = () => true;
  for (let index = 0; index < 5; index++) {
    const process = newProcess(kernel, `p${index}`, { costMicros: 3 });
    startAt(kernel, process, index, async () => {
      for (let round = 0; round < 20; round++) {
        await sleep(process, 1_000 + (process.random32() % 500));
        process.nextTick(() => void kernel.observe(process, "tick", round));
        process.microtask(() => void Promise.resolve().then(() => kernel.observe(process, "micro", round)));
        await null;
        if (index === 4 && round === 9) throw new Error("dies");
      }
    });
  }
  return kernel;
}

describe("draining", () => {
  it("is available synchronously on this runtime", () => {
    expect(hasTickDrain).toBe(true);
  });

  it("gives the same hash with the synchronous drain and with immediates", async () => {
    const [a, b] = [busyWorld("x"), busyWorld("x")];
    await runAll(a);
    await inMacrotask(() => runWithImmediates(b, Infinity, () => false));
    expect(a.events).toBeGreaterThan(90);
    expect([b.trace.hash, b.events, b.now]).toEqual([a.trace.hash, a.events, a.now]);
  });

  it("lets two worlds run interleaved in one OS process without influence on each other", async () => {
    const alone = [busyWorld("x"), busyWorld("y")];
    for (const kernel of alone) await runAll(kernel);
    const [a, b] = [busyWorld("x"), busyWorld("y")];
    await inMacrotask(() => {
      for (let until = 0; a.pending + b.pending > 0; until += 700) {
        runSync(a, until, () => false);
        runSync(b, until + 350, () => false);
      }
    });
    expect([a.trace.hash, b.trace.hash]).toEqual(alone.map((kernel) => kernel.trace.hash));
    const [c, d] = [busyWorld("x"), busyWorld("y")];
    await Promise.all([c, d].map((kernel) => inMacrotask(() => runWithImmediates(kernel, Infinity, () => false))));
    expect([c.trace.hash, d.trace.hash]).toEqual(alone.map((kernel) => kernel.trace.hash));
  });

  it("starts after what was queued outside the run", async () => {
    const seen: string[] = [];
    const kernel = newKernel();
    startAt(kernel, newProcess(kernel, "p"), 0, () => seen.push("run"));
    const running = inMacrotask(() => runSync(kernel, Infinity, () => false));
    queueMicrotask(() => seen.push("outside"));
    await running;
    expect(seen).toEqual(["outside", "run"]);
  });

  it("gives back the thread's own listeners for stray rejections and exceptions", () => {
    const before = process.listeners("unhandledRejection");
    const leaveOuter = enter();
    const leaveInner = enter();
    expect(process.listeners("unhandledRejection")).not.toEqual(before);
    leaveInner();
    leaveInner();
    expect(process.listeners("unhandledRejection")).not.toEqual(before);
    leaveOuter();
    expect(process.listeners("unhandledRejection")).toEqual(before);
  });
});
