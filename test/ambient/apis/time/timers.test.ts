import { promisify } from "node:util";
import { scheduler, setInterval as every, setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { installAmbient, uninstallAmbient } from "../../../../src/ambient/install.ts";
import { dispatch, FakeProcess, inMacrotask } from "../../fake-process.ts";
import { fireUntil, virtually } from "../../virtual.ts";

beforeAll(installAmbient);
afterAll(uninstallAmbient);

const nothing = (): void => undefined;

describe("a virtual timer", () => {
  it.each([
    [undefined, 1],
    [0, 1],
    [-5, 1],
    [Number.NaN, 1],
    [Infinity, 1],
    [2_147_483_648, 1],
    [2_147_483_647, 2_147_483_647],
    [2.9, 2],
    ["25", 25],
    ["soon", 1],
    [null, 1],
  ])("with a delay of %s waits %d ms, as Node's does", async (delay, millis) => {
    const { process } = await virtually(() => setTimeout(nothing, delay as number));
    expect(process.timers[0]!.delayMillis).toBe(millis);
  });

  it("hands on its arguments and itself", async () => {
    const seen: unknown[] = [];
    const { process, result } = await virtually(() =>
      setTimeout(
        function (this: unknown, ...args: unknown[]) {
          seen.push(this, ...args);
        },
        5,
        "a",
        2,
      ),
    );
    await inMacrotask(() => process.fire());
    expect(seen).toEqual([result, "a", 2]);
    expect(process.timers).toEqual([]);
  });

  it("does not fire once cleared, by object, number, text, close or disposal", async () => {
    const { process } = await virtually(() => {
      clearTimeout(setTimeout(nothing, 1));
      clearInterval(setTimeout(nothing, 1));
      clearTimeout(Number(setTimeout(nothing, 1)));
      clearTimeout(`${String(Number(setTimeout(nothing, 1)))}`);
      setTimeout(nothing, 1).close();
      setTimeout(nothing, 1)[Symbol.dispose]?.();
      clearInterval(setInterval(nothing, 1));
      clearImmediate(setImmediate(nothing));
      clearTimeout(undefined);
      clearTimeout(12_345);
    });
    expect(process.timers).toEqual([]);
  });

  it("can be cleared when its process is not current", async () => {
    const { process, result } = await virtually(() => setTimeout(nothing, 1));
    clearTimeout(result);
    expect(process.timers).toEqual([]);
  });

  it("starts anew when refreshed, even after it fired, but not after it was cleared", async () => {
    const { process, result } = await virtually(() => setTimeout(nothing, 9).refresh());
    expect(process.timers.map((timer) => timer.handle)).toEqual([2]);
    await inMacrotask(() => process.fire());
    result.refresh();
    expect(process.timers).toHaveLength(1);
    result.close();
    result.refresh();
    expect(process.timers).toEqual([]);
  });

  it("remembers whether it is referenced", async () => {
    const { result } = await virtually(() => {
      const timer = setTimeout(nothing, 1);
      const immediate = setImmediate(nothing);
      return [timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef(), immediate.unref().hasRef()];
    });
    expect(result).toEqual([true, false, true, false]);
  });

  it("repeats as an interval until cleared within its own callback", async () => {
    let count = 0;
    const { process } = await virtually(() => {
      const timer = setInterval(() => {
        if (++count === 3) clearInterval(timer);
      }, 7);
    });
    expect(process.timers[0]!.repeat).toBe(true);
    await fireUntil(process, () => process.timers.length === 0);
    expect(count).toBe(3);
  });

  it("refuses what is no function, as Node does", async () => {
    const { result } = await virtually(() => {
      const codes: unknown[] = [];
      for (const make of [setTimeout, setInterval, setImmediate, queueMicrotask, process.nextTick]) {
        try {
          (make as (callback: unknown) => unknown)("no function");
        } catch (error) {
          codes.push((error as { code?: string }).code);
        }
      }
      return codes;
    });
    expect(result).toEqual(Array.from({ length: 5 }, () => "ERR_INVALID_ARG_TYPE"));
  });
});

describe("promised timers", () => {
  it("settle with their value when fired", async () => {
    const seen: unknown[] = [];
    const { process } = await virtually(() => {
      void sleep(5, "slept").then((value) => seen.push(value));
      void promisify(setTimeout)(6, "promisified").then((value) => seen.push(value));
      void promisify(setImmediate)("immediate").then((value) => seen.push(value));
      void scheduler.wait(7).then((value) => seen.push(value));
      void scheduler.yield().then(() => seen.push("yielded"));
    });
    await fireUntil(process, () => process.timers.length === 0);
    expect(seen).toEqual(["immediate", "yielded", "slept", "promisified", undefined]);
  });

  it("reject when aborted, before or after they began, and leave no timer", async () => {
    const { process, result } = await virtually(() => {
      const controller = new AbortController();
      const waits = [
        sleep(5, null, { signal: AbortSignal.abort("early") }),
        sleep(5, null, { signal: controller.signal }),
        scheduler.wait(5, { signal: controller.signal }),
        every(5, null, { signal: controller.signal }).next(),
      ];
      controller.abort("late");
      return Promise.allSettled(waits);
    });
    const outcomes = (await result).map((outcome) => {
      const error = (outcome as PromiseRejectedResult).reason as Error & { code: string };
      return [error.name, error.code, error.message, error.cause];
    });
    expect(outcomes.map((outcome) => outcome[3])).toEqual(["early", "late", "late", "late"]);
    expect(new Set(outcomes.map((outcome) => outcome.slice(0, 3).join()))).toEqual(
      new Set(["AbortError,ABORT_ERR,The operation was aborted"]),
    );
    expect(process.timers).toEqual([]);
  });

  it("yield every tick of an interval and stop it at the end", async () => {
    const seen: unknown[] = [];
    let isDone = false;
    const { process } = await virtually(async () => {
      for await (const value of every(10, "tick")) {
        seen.push([value, performance.now()]);
        if (seen.length === 3) break;
      }
      isDone = true;
    });
    await fireUntil(process, () => isDone);
    expect(seen).toEqual([
      ["tick", 5_010.123],
      ["tick", 5_020.123],
      ["tick", 5_030.123],
    ]);
    expect(process.timers).toEqual([]);
  });
});

describe("AbortSignal.timeout", () => {
  it("aborts in virtual time with a TimeoutError", async () => {
    const { process, result } = await virtually(() => AbortSignal.timeout(50));
    expect(result.aborted).toBe(false);
    await inMacrotask(() => process.fire());
    expect(result.aborted).toBe(true);
    expect((result.reason as DOMException).name).toBe("TimeoutError");
  });
});

describe("ticks", () => {
  it("hand on their arguments and run before microtasks of the same dispatch", async () => {
    const order: unknown[] = [];
    const owner = new FakeProcess("ports");
    await inMacrotask(() =>
      dispatch(owner, () => {
        queueMicrotask(() => order.push("microtask"));
        process.nextTick((...args: unknown[]) => order.push(args), 1, "two");
      }),
    );
    expect(order).toEqual([[1, "two"], "microtask"]);
  });
});
