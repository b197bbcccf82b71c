import { afterEach, describe, expect, it } from "vitest";
import type { Note, Outcome, TaskOptions } from "../../../src/runner/pool/messages.ts";
import { WorkerPool, type PoolOptions } from "../../../src/runner/pool/pool.ts";

/** What the stand-in for a worker is told; the pool passes tasks on unread. */
interface FakeTask {
  readonly act?: "thread" | "hang" | "wait" | "exit" | "crash" | "fill" | "print" | "note";
  readonly [argument: string]: unknown;
}

const pools: WorkerPool[] = [];

afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function started(options: Partial<PoolOptions> = {}): (task: FakeTask, options?: TaskOptions) => Promise<Outcome<any>> {
  const entry = new URL("../../support/fake-worker.mjs", import.meta.url);
  const pool = new WorkerPool({ entry, jobs: 1, lookMillis: 20, ...options });
  pools.push(pool);
  return (task, taskOptions) => pool.run(task as never, taskOptions);
}

const pool = (): WorkerPool => pools.at(-1)!;

describe("the pool", () => {
  it("runs one task after the other in one thread", async () => {
    const run = started();
    const [first, second] = await Promise.all([run({ act: "thread" }), run({ act: "thread" })]);
    expect(first).toMatchObject({ kind: "done", value: { before: 0 } });
    expect(second).toMatchObject({ kind: "done", value: { before: 1 } });
  });

  it("runs tasks side by side in as many threads as it may have", async () => {
    const run = started({ jobs: 2 });
    const ended: string[] = [];
    const slow = run({ act: "wait", step: 0, millis: 700, beats: 1 }).then(() => ended.push("slow"));
    const quick = run({ act: "thread" }).then(() => ended.push("quick"));
    await Promise.all([slow, quick]);
    expect(ended).toEqual(["quick", "slow"]);
  });

  it("hands notes on in their order before the task is done", async () => {
    const notes: Note[] = [];
    const told = [
      { kind: "shrinking", items: 3, itemsBefore: 9 },
      { kind: "shrinking", items: 1, itemsBefore: 9 },
    ];
    await started()({ act: "note", notes: told }, { onNote: (note) => notes.push(note) });
    expect(notes).toEqual(told);
  });

  it("gives a fresh task a thread that has run nothing, even if it has to start one", async () => {
    const run = started();
    const used = await run({ act: "thread" });
    const fresh = await run({ act: "thread" }, { isFresh: true });
    const after = await run({ act: "thread" });
    expect([used, fresh, after].map((outcome) => (outcome.kind === "done" ? outcome.value.before : null))).toEqual([
      0, 0, 1,
    ]);
  });

  it("uses no thread again that says it is spent", async () => {
    const run = started();
    await run({ act: "thread", isSpent: true });
    expect(await run({ act: "thread" })).toMatchObject({ value: { before: 0 } });
  });

  it("passes on what the worker answers: mistakes of the user and of its own", async () => {
    const run = started();
    for (const reply of [
      { kind: "usage", message: "no such thing" },
      { kind: "failed", message: "broken" },
    ]) {
      expect(await run({ reply })).toEqual(reply);
    }
  });

  it("keeps what workers print away from standard output", async () => {
    const printed: string[] = [];
    const run = started({ onOutput: (text) => printed.push(text) });
    await run({ act: "print", text: "loud module" });
    await expect.poll(() => printed.join("")).toBe("loud module");
  });
});

describe("a worker that hangs", () => {
  it("is given up after the limit, its task lost with what it was at, and replaced", async () => {
    const run = started({ hangMillis: 200 });
    await run({ act: "thread" });
    const [lost, next] = await Promise.all([run({ act: "hang", step: 42 }), run({ act: "thread" })]);
    expect(lost).toEqual({ kind: "lost", how: "hung", message: "no progress for 0.2 s of real time", step: 42 });
    expect(next).toMatchObject({ kind: "done", value: { before: 0 } });
  });

  it("is not one that works for long but says so", async () => {
    const run = started({ hangMillis: 500 });
    await run({ act: "thread" });
    expect(await run({ act: "wait", step: 1, millis: 150, beats: 8 })).toMatchObject({ kind: "done", value: "waited" });
  });
});

describe("a worker that dies", () => {
  it("by exiting loses its task and nothing else", async () => {
    const run = started();
    const [lost, next] = await Promise.all([run({ act: "exit", step: 3, code: 9 }), run({ act: "thread" })]);
    expect(lost).toEqual({ kind: "lost", how: "died", message: "its thread ended with exit code 9", step: 3 });
    expect(next).toMatchObject({ kind: "done", value: { before: 0 } });
  });

  it("of an exception is named with it", async () => {
    const outcome = await started()({ act: "crash", message: "out of cheese\nredo" });
    expect(outcome).toMatchObject({ kind: "lost", how: "died", message: "RangeError: out of cheese" });
  });

  it("of too much memory is named as such", async () => {
    const run = started({ memoryMegabytes: 64 });
    expect(await run({ act: "fill" })).toMatchObject({ how: "died", message: "it used more than 64 MB of memory" });
    expect(await run({ act: "thread" })).toMatchObject({ kind: "done" });
  });
});

describe("ending", () => {
  it("cancels tasks under way and tasks that wait, and the pool can be used again", async () => {
    const run = started();
    const tasks = [run({ act: "hang", step: 0 }), run({ act: "thread" })];
    pool().cancel();
    expect((await Promise.all(tasks)).map(({ kind }) => kind)).toEqual(["cancelled", "cancelled"]);
    expect(await run({ act: "thread" })).toMatchObject({ kind: "done", value: { before: 0 } });
  });

  it("for good cancels what comes later as well", async () => {
    const run = started();
    const task = run({ act: "hang", step: 0 });
    await pool().close();
    expect([(await task).kind, (await run({ act: "thread" })).kind]).toEqual(["cancelled", "cancelled"]);
  });
});
