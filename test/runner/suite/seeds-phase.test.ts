import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ScenarioFold } from "../../../src/runner/suite/fold.ts";
import type { Note, Outcome, RunResult, SeedsTask } from "../../../src/runner/pool/messages.ts";
import { ScenarioWork } from "../../../src/runner/suite/schedule.ts";
import { runSeedsPhase } from "../../../src/runner/suite/seeds-phase.ts";
import { FakeRunner } from "../../support/fake-runner.ts";
import { failing, passed, scenarioInfo } from "../../support/run-results.ts";

const steering = { only: [], without: [], set: [], knownFaults: [], knownKnobs: [] };

function workOf(name: string, seeds: number, failuresMax = 5): ScenarioWork {
  return new ScenarioWork({
    use: { name, file: `/nowhere/${name}.ts`, steering, bug: null },
    fold: new ScenarioFold(scenarioInfo(name), seeds, failuresMax),
    from: "0000000000000",
    shard: { index: 1, count: 1 },
    determinismEvery: 16,
  });
}

const passing = (index: number): RunResult => passed(index);

const done: Outcome<null> = { kind: "done", value: null };

/** Runs seeds that come to what `resultOf` says. */
function answering(resultOf: (index: number, name: string) => RunResult) {
  return (task: SeedsTask, note: (note: Note) => void): Outcome<null> => {
    for (const { index } of task.runs) note({ kind: "results", results: [resultOf(index, task.use.name)] });
    return done;
  };
}

async function runPhase(
  works: readonly ScenarioWork[],
  runner: FakeRunner,
  options: { readonly jobs?: number; readonly budgetMillis?: number; readonly signal?: AbortSignal } = {},
): Promise<readonly string[]> {
  const harnessErrors: string[] = [];
  const { jobs = 2, budgetMillis = Infinity, signal } = options;
  await runSeedsPhase({ runner, jobs, works, budgetMillis, signal, harnessErrors, onResults: () => {} });
  return harnessErrors;
}

describe("running seeds", () => {
  it("comes to the same with any number of workers of any speed, where a scenario is stopped as well", async () => {
    const resultOf = (index: number, name: string): RunResult =>
      index % 7 === 5 ? failing(index, `${name}:${index % 3}`) : passed(index);
    const results = async (jobs: number, delays: readonly number[]) => {
      const works = [workOf("a", 60, 2), workOf("b", 25, 3), workOf("c", 1)];
      let turn = 0;
      const delay = (): number => delays[turn++ % delays.length]!;
      await runPhase(works, new FakeRunner({ seeds: answering(resultOf) }, delay), { jobs });
      return works.map(({ fold }) => [fold.result(), fold.groups()]);
    };
    const expected = await results(1, [0]);
    expect(expected.map(([result]) => result)).toMatchObject([
      { seeds: 13, found: 2 },
      { seeds: 20, found: 3 },
      { seeds: 1 },
    ]);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fc.array(fc.nat(4), { minLength: 1 }), async (jobs, delays) => {
        expect(await results(jobs, delays)).toEqual(expected);
      }),
      { numRuns: 25 },
    );
  });

  it("ends at the time budget with what was done", async () => {
    const work = workOf("a", 1_000_000);
    const runner = new FakeRunner({ seeds: answering((index) => passed(index, { cpuMicros: 50_000 })) }, () => 5);
    expect(await runPhase([work], runner, { budgetMillis: 60 })).toEqual([]);
    expect(work.fold.result().seeds).toBeGreaterThan(0);
    expect(work.fold.result().seeds).toBeLessThan(1_000);
  });

  it("ends at an interruption with what was done, without waiting for what is under way", async () => {
    const work = workOf("a", 1_000);
    const abort = new AbortController();
    const never = new Promise<Outcome<null>>(() => {});
    const runner = new FakeRunner({
      seeds: (task, note) => {
        if (task.runs[0]!.index >= 20) {
          abort.abort();
          return never;
        }
        return answering(passing)(task, note);
      },
    });
    await runPhase([work], runner, { signal: abort.signal });
    expect(work.fold.result().seeds).toBeGreaterThan(0);
    expect(work.fold.result().seeds).toBeLessThanOrEqual(40);
  });
});

describe("a task that goes wrong", () => {
  it("by the user's mistake ends the suite", async () => {
    const runner = new FakeRunner({ seeds: () => ({ kind: "usage", message: "the body is no function" }) });
    await expect(runPhase([workOf("a", 5)], runner)).rejects.toThrow("the body is no function");
  });

  it("by a mistake of the harness ends its scenario, and the others go on", async () => {
    const works = [workOf("a", 5), workOf("b", 5)];
    const runner = new FakeRunner({
      seeds: (task, note) =>
        task.use.name === "a" ? { kind: "failed", message: "TypeError: oops" } : answering(passing)(task, note),
    });
    const errors = await runPhase(works, runner);
    expect(errors[0]).toBe("scenario a: TypeError: oops");
    expect(works.map(({ fold }) => fold.result().seeds)).toEqual([0, 5]);
  });

  it("before its end hands the rest out again", async () => {
    const work = workOf("a", 12);
    const runner = new FakeRunner({
      seeds: (task, note) => answering(passing)({ ...task, runs: task.runs.slice(0, 1) }, note),
    });
    expect(await runPhase([work], runner)).toEqual([]);
    expect(work.fold.result().seeds).toBe(12);
  });
});

describe("a worker that is lost", () => {
  const lose =
    (how: "hung" | "died", at: number, isLostAlone: boolean) =>
    (task: SeedsTask, note: (note: Note) => void, { isFresh }: { readonly isFresh?: boolean }): Outcome<null> => {
      const place = task.runs.findIndex((run) => run.index === at);
      if (place < 0 || (isFresh === true && !isLostAlone)) return answering(passing)(task, note);
      answering(passing)({ ...task, runs: task.runs.slice(0, place) }, note);
      return { kind: "lost", how, message: "it is gone", step: at };
    };

  it("by hanging costs the seed that it was at, which is named, and no other", async () => {
    const work = workOf("a", 12);
    const errors = await runPhase([work], new FakeRunner({ seeds: lose("hung", 7, true) }));
    expect(errors).toEqual([`scenario a with seed ${work.runOf(7).seed}: worker hung: it is gone`]);
    expect(work.fold.result()).toMatchObject({ seeds: 12, failedSeeds: 1 });
    expect(work.fold.groups()).toMatchObject([{ signature: "hung", seeds: [{ index: 7 }] }]);
  });

  it("by dying costs nothing when the seed alone in a fresh worker is fine, but is reported", async () => {
    const work = workOf("a", 12);
    const runner = new FakeRunner({ seeds: lose("died", 7, false) });
    expect(await runPhase([work], runner)).toHaveLength(1);
    expect(work.fold.result()).toMatchObject({ seeds: 12, failedSeeds: 0 });
    expect(runner.tasks.filter(({ isFresh }) => isFresh)).toHaveLength(1);
  });

  it("by dying twice costs the seed", async () => {
    const work = workOf("a", 12);
    await runPhase([work], new FakeRunner({ seeds: lose("died", 7, true) }));
    expect(work.fold.groups()).toMatchObject([{ signature: "worker-died", seeds: [{ index: 7 }] }]);
  });

  it("each time ends at the third seed, not never", async () => {
    const work = workOf("a", 1_000);
    const runner = new FakeRunner({
      seeds: (task) => ({ kind: "lost", how: "hung", message: "it is gone", step: task.runs[0]!.index }),
    });
    await runPhase([work], runner);
    expect(work.fold.result()).toMatchObject({ seeds: 3, failedSeeds: 3 });
  });
});
