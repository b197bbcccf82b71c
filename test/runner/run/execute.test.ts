import { AsyncLocalStorage } from "node:async_hooks";
import { describe, expect, it } from "vitest";
import type { PlanItem } from "../../../src/runner/plan/plan.ts";
import type { RunRecord } from "../../../src/runner/run/record.ts";
import type { Host } from "../../../src/ports/host.ts";
import { UsageError } from "../../../src/base/errors.ts";
import { micros } from "../../../src/base/time.ts";
import { crash } from "../../../src/faults/crash.ts";
import { refuse } from "../../../src/faults/refuse.ts";
import { defineInvariant } from "../../../src/invariants/define-invariant.ts";
import { runBody, runProgram } from "../../support/bodies.ts";

describe("the verdict of a run", () => {
  it("is passed for a body that ends", async () => {
    const record = await runBody(async ({ world }) => world.sleep("1s"));
    expect(record).toMatchObject({ verdict: "passed", failure: null, endedAt: 1_000_000 });
  });

  it("is crashed for an exception in a program, naming the process, the error and the place", async () => {
    const record = await runProgram(async (host) => {
      await host.sleep("1s");
      throw new TypeError("boom");
    });
    expect(record.failure).toMatchObject({
      verdict: "crashed",
      signature: "panic:server TypeError",
      process: "server#1",
    });
    expect(record.failure?.place).toMatch(/execute\.test\.ts:\d+:\d+$/);
  });

  it("is passed when the panic's reason is tolerated, and the body ends", async () => {
    const record = await runProgram(() => Promise.reject(new TypeError("boom")), { tolerate: ["TypeError"] });
    expect(record.verdict).toBe("passed");
  });

  it("is violated for an error in the body, as a failing expectation makes", async () => {
    const record = await runBody(async () => {
      expect(1).toBe(2);
    });
    expect(record.failure).toMatchObject({ verdict: "violated", invariant: "body", signature: "body:AssertionError" });
  });

  it("is stuck when the body waits for something that cannot come", async () => {
    const record = await runBody(() => new Promise(() => undefined), { budget: { virtual: "1h" } });
    expect(record.failure).toMatchObject({ verdict: "stuck", signature: "stuck:no end" });
  });

  it("is stuck when the body does not end in the time that it has after healing", async () => {
    const record = await runBody(async ({ world }) => {
      await world.sleep("1s");
      await world.heal({ within: "2s" });
      await world.sleep("5s");
    });
    expect(record.failure).toMatchObject({ verdict: "stuck", signature: "stuck:after healing", at: 3_000_000 });
  });

  it("is a usage error for a property or an op that was not declared", async () => {
    await expect(runBody(async ({ sometimes }) => sometimes("reachd"), { sometimes: ["reached"] })).rejects.toThrow(
      /unknown sometimes property "reachd"; did you mean "reached"/,
    );
    const items: PlanItem[] = [{ kind: "op", at: micros(0), op: "put", session: 0, value: 1 }];
    await expect(runBody(({ run }) => run({ get: () => undefined }), { items })).rejects.toThrow(UsageError);
  });
});

describe("an endless loop", () => {
  const loops: { readonly [kind: string]: (host: Host) => unknown } = {
    "of plain code": () => {
      for (;;);
    },
    "of awaited promises": async () => {
      for (;;) await null;
    },
    "of nextTick callbacks": () => {
      const again = (): void => process.nextTick(again);
      again();
    },
    "of microtasks": () => {
      const again = (): void => queueMicrotask(again);
      again();
    },
    "in a callback that is bound to an async context": () => {
      new AsyncLocalStorage().run(1, () =>
        process.nextTick(() => {
          for (;;);
        }),
      );
    },
    "in a timer's callback": () => {
      setTimeout(() => {
        for (;;);
      }, 100);
    },
  };
  for (const [kind, program] of Object.entries(loops)) {
    it(`${kind} ends the run with a verdict that names the process, and the tank lives on`, async () => {
      const record = await runProgram(program, { run: { hangMillis: 150 } });
      expect(record.failure).toMatchObject({ verdict: "out-of-budget", signature: "hung:server", process: "server#1" });
      expect((await runBody(async ({ world }) => world.sleep("1s"))).verdict).toBe("passed");
      await new Promise((resolve) => setTimeout(resolve, 1));
    });
  }

  it("of timers without delay ends as stuck or out of budget", async () => {
    const record = await runProgram(
      () => {
        setInterval(() => undefined, 0);
      },
      { budget: { events: 5_000 } },
    );
    expect(record.failure).toMatchObject({ signature: "out-of-budget:events" });
  });
});

describe("invariants", () => {
  const rising = defineInvariant<{ last: number }, { value: number }>({
    id: "T-1",
    doc: "Values rise.",
    state: () => ({ last: 0 }),
    on: {
      value: (state, value) => {
        const { last } = state;
        state.last = value;
        return value < last ? { subject: "series", expected: last, observed: value } : undefined;
      },
    },
    atEnd: (state) => (state.last === 99 ? { message: "99 is not the end" } : undefined),
  });
  const emitting = (...values: number[]): Promise<RunRecord> =>
    runBody(
      async ({ world }) => {
        for (const value of values) world.emit("value", value);
      },
      { invariants: [rising] },
    );

  it("end the run at the first breach, with what was expected and observed", async () => {
    const record = await emitting(1, 2, 1, 0);
    expect(record.failure).toMatchObject({
      verdict: "violated",
      signature: "T-1:series",
      expected: 2,
      observed: 1,
      message: "Values rise.",
    });
    expect((await emitting(1, 2, 3)).verdict).toBe("passed");
  });

  it("end the trace with the observation that broke them", async () => {
    const record = await runBody(
      async ({ world }) => {
        for (const value of [2, 1, 3]) world.emit("value", value);
      },
      { invariants: [rising], run: { record: true } },
    );
    expect(record.trace.at(-1)).toMatchObject({ kind: "value", text: "1" });
  });

  it("start afresh in every run and may judge at the end", async () => {
    expect((await emitting(5)).verdict).toBe("passed");
    expect((await emitting(1)).verdict).toBe("passed");
    expect((await emitting(99)).failure).toMatchObject({ signature: "T-1", message: "99 is not the end" });
  });

  it("that throw are a breach of their own, and cannot reach ambient time", async () => {
    const bad = defineInvariant<null, { value: number }>({
      id: "T-2",
      doc: "Looks at the clock.",
      state: () => null,
      on: { value: () => (Date.now() > 0 ? undefined : {}) },
    });
    const record = await runBody(async ({ world }) => world.emit("value", 1), { invariants: [bad] });
    expect(record.failure).toMatchObject({ verdict: "diverged", signature: "nondeterminism:Date.now" });
  });
});

describe("faults of a plan", () => {
  const fault = (id: string, at: number, until: number): PlanItem => ({
    kind: "fault",
    at: micros(at),
    until: micros(until),
    fault: id,
    params: { host: 0 },
  });

  it("are injected and healed at their times, and say whether they bit", async () => {
    const record = await runBody(
      async ({ world }) => {
        world.host("server").start((host) => host.listen(1, () => "ok"), { restart: "always" });
        await world.sleep("20s");
      },
      {
        faults: [crash(), refuse()],
        items: [fault("process.crash", 1_000_000, 1_001_000), fault("net.refuse", 2_000_000, 3_000_000)],
      },
    );
    expect(record.faults).toEqual([
      { fault: "process.crash", item: 0, injected: true, bit: true },
      { fault: "net.refuse", item: 1, injected: true, bit: false },
    ]);
  });

  it("are all over once the world is healed", async () => {
    const record = await runBody(
      async ({ world }) => {
        world.host("server").start((host) => host.listen(1, () => "ok"), { restart: "always" });
        await world.sleep("500ms");
        await world.heal({ within: "10s" });
        expect(await world.host("client").call("server:1", {})).toBe("ok");
        await world.sleep("5s");
      },
      {
        faults: [crash(), refuse()],
        items: [fault("net.refuse", 0, 20_000_000), fault("process.crash", 1_000_000, 1_001_000)],
      },
    );
    expect(record.verdict).toBe("passed");
    expect(record.faults[1]).toMatchObject({ injected: false });
  });

  it("may be scripted beside those of the plan", async () => {
    const record = await runBody(
      async ({ world, faults }) => {
        world.host("server").start((host) => host.listen(1, () => "ok"), { restart: "always" });
        world.at("2s", () => faults.inject(crash, { host: "server" }));
        await world.sleep("5s");
        expect(world.host("server").processes()).toEqual(["server#2"]);
      },
      { faults: [] },
    );
    expect(record.failure).toBeNull();
    expect(record.faults).toEqual([{ fault: "process.crash", item: -1, injected: true, bit: true }]);
  });
});

it("lets V8's own error messages out of no process, in checking mode", async () => {
  const leak = async (host: Host): Promise<void> => {
    try {
      (undefined as unknown as { x: { y: number } }).x.y = 1;
    } catch (error) {
      host.emit("failed", { message: (error as Error).message });
    }
  };
  const record = await runProgram(leak, { run: { checking: true } });
  expect(record.failure).toMatchObject({ verdict: "diverged", signature: "nondeterminism:engine error message" });
  expect((await runProgram(leak)).verdict).toBe("passed");
});
