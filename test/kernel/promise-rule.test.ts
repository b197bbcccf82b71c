import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Kernel } from "../../src/kernel/kernel.ts";
import type { Process } from "../../src/kernel/process.ts";
import { watchPromises } from "../../src/kernel/promise-rule.ts";
import { newKernel, newProcess, runAll, sleep, startAt } from "../support/kernels.ts";

interface Shared {
  promise: Promise<unknown>;
  settle: (value?: unknown) => void;
  reject: (error: unknown) => void;
}

function shared(): Shared {
  const box = {} as Shared;
  box.promise = new Promise((resolve, reject) => {
    box.settle = resolve;
    box.reject = reject;
  });
  return box;
}

/** Ways to break the rule; each gets two live processes and a kernel, and breaks it. */
const ways: { readonly [way: string]: (kernel: Kernel, a: Process, b: Process) => void } = {
  "one process resolves what another awaits": (kernel, a, b) => {
    let box: Shared;
    startAt(kernel, a, 1, async () => {
      box = shared();
      await box.promise;
    });
    startAt(kernel, b, 2, () => box.settle());
  },
  "one process rejects what another awaits": (kernel, a, b) => {
    let box: Shared;
    startAt(kernel, a, 1, async () => {
      box = shared();
      await box.promise.catch(() => undefined);
    });
    startAt(kernel, b, 2, () => box.reject(new Error("x")));
  },
  "two processes await one promise": (kernel, a, b) => {
    let promise: Promise<void>;
    startAt(kernel, a, 1, () => (promise = sleep(a, 10)));
    startAt(kernel, b, 2, async () => {
      await promise;
    });
  },
  "a callback of one process is called by another and resumes it": (kernel, a, b) => {
    const callbacks: (() => void)[] = [];
    startAt(kernel, a, 1, async () => {
      await new Promise<void>((resolve) => callbacks.push(resolve));
    });
    startAt(kernel, b, 2, () => {
      for (const callback of callbacks) callback();
    });
  },
  "the tank settles a process's promise outside any dispatch": (kernel, a) => {
    let box: Shared;
    startAt(kernel, a, 1, async () => {
      box = shared();
      await box.promise;
    });
    kernel.schedule(null, 5, kernel.kinds.timer, 0, () => box.settle(), undefined);
  },
  "a chain that hangs on a live process's promise runs on after its own process died": (kernel, a, b) => {
    let box: Shared;
    startAt(kernel, b, 1, () => (box = shared()));
    startAt(kernel, a, 2, async () => {
      await box.promise;
    });
    kernel.schedule(
      null,
      3,
      kernel.kinds.timer,
      0,
      () => kernel.end(a, { kind: "killed", code: 137, reason: "test" }),
      undefined,
    );
    startAt(kernel, b, 4, () => box.settle());
  },
  "Promise.race over a promise that another process settles": (kernel, a, b) => {
    let box: Shared;
    startAt(kernel, b, 1, () => (box = shared()));
    startAt(kernel, a, 2, async () => {
      await Promise.race([box.promise, sleep(a, 1_000)]);
    });
    startAt(kernel, b, 3, () => box.settle());
  },
  "an async generator of one process is pulled by another": (kernel, a, b) => {
    let generator: AsyncGenerator<number>;
    startAt(kernel, a, 1, () => {
      generator = (async function* () {
        await sleep(a, 5);
        yield 1;
      })();
      void generator.next();
    });
    startAt(kernel, b, 2, () => void generator.next());
  },
};

describe("the rule on promises, in checking mode", () => {
  let stop: () => void;
  beforeEach(() => {
    stop = watchPromises();
  });
  afterEach(() => stop());

  for (const [way, breakIt] of Object.entries(ways)) {
    it(`is seen to break when ${way}`, async () => {
      const kernel = newKernel();
      breakIt(kernel, newProcess(kernel, "a"), newProcess(kernel, "b"));
      await runAll(kernel);
      expect(kernel.failure).toMatchObject({ rule: "nondeterminism", subject: "foreign promise" });
      expect(kernel.failure?.message).toMatch(/a promise of [ab]#1/);
    });
  }

  it("holds for processes that only await their own events, and for one that dies while it waits", async () => {
    const kernel = newKernel();
    const [a, b] = [newProcess(kernel, "a"), newProcess(kernel, "b")];
    for (const process of [a, b]) {
      startAt(kernel, process, 1, async () => {
        const all = Promise.all([sleep(process, 5), sleep(process, 6)]);
        await Promise.race([sleep(process, 3), all]);
        await Promise.allSettled([all, Promise.reject(new Error("handled"))]);
        for await (const step of [Promise.resolve(1), Promise.resolve(2)]) await sleep(process, step);
      });
    }
    kernel.schedule(
      null,
      4,
      kernel.kinds.timer,
      0,
      () => kernel.end(b, { kind: "killed", code: 137, reason: "test" }),
      undefined,
    );
    await runAll(kernel);
    expect(kernel.failure).toBeNull();
  });

  it("is not enforced once the watch has stopped", async () => {
    stop();
    const kernel = newKernel();
    ways["one process resolves what another awaits"]!(kernel, newProcess(kernel, "a"), newProcess(kernel, "b"));
    await runAll(kernel);
    expect(kernel.failure).toBeNull();
  });
});
