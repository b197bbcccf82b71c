import { describe, expect, it } from "vitest";
import { current } from "../../src/kernel/current.ts";
import { ExitSignal } from "../../src/kernel/process.ts";
import { ReplayOracle, RandomOracle, type Oracle } from "../../src/kernel/choices.ts";
import { newKernel, newProcess, runAll, sleep, startAt } from "../support/kernels.ts";

describe("a process", () => {
  it("runs a dispatch to exhaustion before the clock moves, however deep its promises are", async () => {
    const kernel = newKernel();
    const process = newProcess(kernel, "p");
    const seen: number[] = [];
    startAt(kernel, process, 10, async () => {
      for (let depth = 0; depth < 1_000; depth++) await Promise.resolve();
      seen.push(kernel.now);
    });
    startAt(kernel, process, 11, () => seen.push(kernel.now));
    await runAll(kernel);
    expect(seen).toEqual([10, 11]);
  });

  it("is current in everything that its dispatch sets off, and nobody is afterwards", async () => {
    const kernel = newKernel();
    const [a, b] = [newProcess(kernel, "a"), newProcess(kernel, "b")];
    const seen: string[] = [];
    const note = (): void => void seen.push(current.process?.label ?? "nobody");
    startAt(kernel, a, 1, async () => {
      note();
      await sleep(a, 5);
      note();
      a.nextTick(note);
      a.microtask(note);
    });
    startAt(kernel, b, 2, async () => {
      await null;
      note();
    });
    await runAll(kernel);
    note();
    expect(seen).toEqual(["a#1", "b#1", "a#1", "a#1", "a#1", "nobody"]);
  });

  it("leaves nothing behind when it is killed: timers, pending awaits and finally blocks never run", async () => {
    const kernel = newKernel();
    const process = newProcess(kernel, "p");
    const seen: string[] = [];
    startAt(kernel, process, 0, async () => {
      try {
        await sleep(process, 100);
        seen.push("resumed");
      } finally {
        seen.push("finally");
      }
    });
    kernel.schedule(
      null,
      50,
      kernel.kinds.timer,
      0,
      () => kernel.end(process, { kind: "killed", code: 137, reason: "test" }),
      undefined,
    );
    await runAll(kernel);
    expect(seen).toEqual([]);
    expect(process.ended?.kind).toBe("killed");
    expect(kernel.failure).toBeNull();
  });

  for (const [how, program] of [
    [
      "an exception",
      () => {
        throw new RangeError("x");
      },
    ],
    [
      "an unhandled rejection",
      async () => {
        await null;
        throw new RangeError("x");
      },
    ],
    ["an exception in a nextTick callback", () => void 0],
    ["an exception in a microtask", () => void 0],
  ] as const) {
    it(`ends by ${how}, which is blamed on it and not on the tank`, async () => {
      const kernel = newKernel();
      const [bad, good] = [newProcess(kernel, "bad"), newProcess(kernel, "good")];
      kernel.toleratesPanic = () => true;
      const seen: string[] = [];
      const fail = (): never => {
        throw new RangeError("x");
      };
      startAt(kernel, bad, 1, () => {
        if (how.includes("nextTick")) bad.nextTick(fail);
        else if (how.includes("microtask")) bad.microtask(fail);
        else return program();
        return undefined;
      });
      startAt(kernel, bad, 2, () => seen.push("bad runs on"));
      startAt(kernel, good, 3, () => seen.push("good"));
      await runAll(kernel);
      expect(bad.ended).toMatchObject({ kind: "panic", reason: "RangeError" });
      expect(seen).toEqual(["good"]);
    });
  }

  it("makes the run fail when its panic is not tolerated, naming process and error", async () => {
    const kernel = newKernel();
    const process = newProcess(kernel, "server");
    startAt(kernel, process, 1, () => {
      throw new TypeError("no such thing");
    });
    await runAll(kernel);
    expect(kernel.failure).toMatchObject({ rule: "panic", subject: "server TypeError", process: "server#1", at: 1 });
  });

  it("can leave by exit, which is no failure, and does nothing more even if it catches the signal", async () => {
    const kernel = newKernel();
    const process = newProcess(kernel, "p");
    const seen: string[] = [];
    startAt(kernel, process, 1, () => {
      try {
        process.exit(0);
      } catch (error) {
        expect(error).toBeInstanceOf(ExitSignal);
      }
      kernel.stage(process, () => seen.push("effect after exit"), undefined);
    });
    await runAll(kernel);
    expect(process.ended).toMatchObject({ kind: "exit", code: 0 });
    expect(seen).toEqual([]);
    expect(kernel.failure).toBeNull();
  });
});

describe("effects of a dispatch", () => {
  it("leave in order when the dispatch has ended, after its CPU time", async () => {
    const kernel = newKernel();
    const process = newProcess(kernel, "p", { costMicros: 7 });
    const seen: string[] = [];
    startAt(kernel, process, 10, async () => {
      for (const name of ["a", "b"]) kernel.stage(process, () => seen.push(`${name} at ${kernel.leavesAt}`), undefined);
      process.cpu(100);
      await null;
      seen.push("code ends");
    });
    await runAll(kernel);
    expect(seen).toEqual(["code ends", "a at 117", "b at 117"]);
  });

  it("of a process that dies in it leave as far as a choice says: every cut from none to all is possible", async () => {
    const cuts = new Set<number>();
    for (let seed = 0; seed < 200; seed++) {
      const kernel = newKernel({ oracle: new RandomOracle(`cut-${seed}`) });
      kernel.toleratesPanic = () => true;
      const process = newProcess(kernel, "p");
      const left: number[] = [];
      startAt(kernel, process, 1, () => {
        for (let index = 0; index < 3; index++) kernel.stage(process, () => left.push(index), undefined);
        throw new Error("dies");
      });
      await runAll(kernel);
      expect(left).toEqual([0, 1, 2].slice(0, left.length));
      cuts.add(left.length);
    }
    expect([...cuts].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3]);
  });
});

describe("virtual CPU time", () => {
  it("lets the next events of the process wait, and only its own", async () => {
    const kernel = newKernel();
    const [busy, other] = [newProcess(kernel, "busy"), newProcess(kernel, "other")];
    const seen: string[] = [];
    startAt(kernel, busy, 0, () => busy.cpu(1_000));
    for (const at of [10, 20]) startAt(kernel, busy, at, () => seen.push(`busy ${kernel.now}`));
    startAt(kernel, other, 15, () => seen.push(`other ${kernel.now}`));
    await runAll(kernel);
    expect(seen).toEqual(["other 15", "busy 1000", "busy 1000"]);
  });

  it("waits through a pause and then runs everything that arrived, in order per channel", async () => {
    const kernel = newKernel();
    const process = newProcess(kernel, "p");
    const seen: string[] = [];
    for (const [channel, at] of [
      [1, 10],
      [2, 11],
      [1, 12],
      [2, 13],
      [1, 14],
    ] as const) {
      const note = (): void => void seen.push(`${channel}:${at}@${kernel.now}`);
      kernel.schedule(process, at, kernel.kinds.timer, channel, note, undefined);
    }
    kernel.pause(process);
    kernel.schedule(null, 100, kernel.kinds.timer, 0, () => kernel.resume(process), undefined);
    await runAll(kernel);
    expect(seen.every((line) => line.endsWith("@100"))).toBe(true);
    expect(seen.filter((line) => line.startsWith("1")).map((line) => line.slice(2, 4))).toEqual(["10", "12", "14"]);
    expect(seen.filter((line) => line.startsWith("2")).map((line) => line.slice(2, 4))).toEqual(["11", "13"]);
  });

  it("orders events that are ready at the same time by choice, not by insertion", async () => {
    const orders = new Set<string>();
    for (let seed = 0; seed < 60; seed++) {
      const kernel = newKernel({ oracle: new RandomOracle(`order-${seed}`) });
      const seen: string[] = [];
      for (const name of ["a", "b", "c"]) startAt(kernel, newProcess(kernel, name), 5, () => seen.push(name));
      await runAll(kernel);
      orders.add(seen.join(""));
    }
    expect(orders.size).toBe(6);
  });
});

describe("limits of a run", () => {
  it("ends as out of budget after too many events", async () => {
    const kernel = newKernel({ eventsMax: 100 });
    const process = newProcess(kernel, "p");
    process.setTimer(1, true, () => undefined);
    await runAll(kernel);
    expect(kernel.failure).toMatchObject({ rule: "out-of-budget", subject: "events" });
  });

  it("ends as stuck when events go on without virtual time passing", async () => {
    const kernel = newKernel({ burstMax: 50 });
    const process = newProcess(kernel, "p");
    const again = (): void => void kernel.schedule(process, 0, kernel.kinds.timer, 1, again, undefined);
    startAt(kernel, process, 3, again);
    await runAll(kernel);
    expect(kernel.failure).toMatchObject({ rule: "stuck", at: 3 });
  });
});

it("replays one choice of the order of two events without moving the others", async () => {
  const run = async (oracle: Oracle): Promise<string> => {
    const kernel = newKernel({ oracle });
    const seen: string[] = [];
    for (const name of ["a", "b"]) startAt(kernel, newProcess(kernel, name), 5, () => seen.push(name));
    await runAll(kernel);
    return seen.join("");
  };
  const asIs = await run(new RandomOracle("r"));
  expect(await run(new ReplayOracle([], new RandomOracle("r")))).toBe(asIs);
});
