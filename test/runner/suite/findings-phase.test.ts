import { describe, expect, it } from "vitest";
import type { Finding } from "../../../src/runner/finding/finding.ts";
import { lostResult, ScenarioFold } from "../../../src/runner/suite/fold.ts";
import type { Examined, ExamineTask, Outcome, RunResult } from "../../../src/runner/pool/messages.ts";
import type { RunRecord } from "../../../src/runner/run/record.ts";
import { runFindingsPhase } from "../../../src/runner/suite/findings-phase.ts";
import { ScenarioWork } from "../../../src/runner/suite/schedule.ts";
import { FakeRunner } from "../../support/fake-runner.ts";
import { failing, passed, scenarioInfo } from "../../support/run-results.ts";

function workWith(results: readonly RunResult[]): ScenarioWork {
  const fold = new ScenarioFold(scenarioInfo("made-up"), results.length, 9);
  for (const result of results) fold.add(result.index, result);
  const steering = { only: [], without: [], set: [], knownFaults: [], knownKnobs: [] };
  return new ScenarioWork({
    use: { name: "made-up", file: "/nowhere/made-up.ts", steering, bug: null },
    fold,
    from: "0000000000000",
    shard: { index: 1, count: 1 },
    determinismEvery: 16,
  });
}

function findingOf(signature: string, seeds: readonly string[], message = ""): Finding {
  return { signature, scenario: "made-up", seeds, message } as unknown as Finding;
}

const confirm = (task: ExamineTask): Outcome<Examined> => ({
  kind: "done",
  value: { isConfirmed: true, finding: findingOf(task.signature, task.seeds) },
});

/** The seed does something else when it is alone: passes, or fails with a signature. */
function unlike(signature?: string): Outcome<Examined> {
  const failure = signature === undefined ? null : failing(0, signature).failure;
  return { kind: "done", value: { isConfirmed: false, record: { failure } as RunRecord } };
}

async function run(
  results: readonly RunResult[],
  answers: ConstructorParameters<typeof FakeRunner>[0],
  signal?: AbortSignal,
) {
  const runner = new FakeRunner({
    "give-up": ({ failure, seeds }) => ({
      kind: "done",
      value: findingOf(failure.signature, seeds, failure.message),
    }),
    ...answers,
  });
  const harnessErrors: string[] = [];
  const phase = { runner, signal, harnessErrors, onShrinking: () => {} };
  const findings = await runFindingsPhase(phase, [workWith(results)]);
  return { findings, harnessErrors, runner };
}

describe("findings", () => {
  it("are one a cause, in the order of first seeds, each examined in a fresh worker", async () => {
    const results = [failing(0, "B"), failing(1, "A"), failing(2, "B"), passed(3)];
    const { findings, runner } = await run(results, { examine: confirm });
    expect(findings.map(({ signature, seeds }) => [signature, seeds])).toEqual([
      ["B", ["seed0", "seed2"]],
      ["A", ["seed1"]],
    ]);
    expect(runner.tasks.every(({ isFresh }) => isFresh)).toBe(true);
  });

  it("stand on the seed with the smallest plan", async () => {
    const results = [failing(0, "A"), { ...failing(1, "A"), items: 2 }];
    const { findings } = await run(results, { examine: confirm });
    expect(findings[0]!.seeds).toEqual(["seed1", "seed0"]);
  });

  it("are put down to the modules' state when the seed passes alone", async () => {
    const { findings } = await run([failing(0, "A"), failing(1, "A")], { examine: () => unlike() });
    expect(findings).toMatchObject([{ signature: "module-state", seeds: ["seed0", "seed1"] }]);
    expect((findings[0] as unknown as { message: string }).message).toMatch(
      /^seed seed0 failed with A after other runs in the same thread and passes alone in a fresh one/,
    );
  });

  it("say so when the seed fails in another way alone", async () => {
    const { findings } = await run([failing(0, "A")], { examine: () => unlike("B") });
    expect((findings[0] as unknown as { message: string }).message).toContain("and fails with B alone");
  });

  it("keep the cause apart from a seed that had it only by the modules' state", async () => {
    const { findings } = await run([failing(0, "A"), failing(1, "A"), failing(2, "A")], {
      examine: (task) => (task.run.index === 0 ? unlike() : confirm(task)),
    });
    expect(findings.map(({ signature, seeds }) => [signature, seeds])).toEqual([
      ["module-state", ["seed0"]],
      ["A", ["seed1", "seed2"]],
    ]);
  });

  it("try few seeds, not all, before they give up on a group", async () => {
    const results = Array.from({ length: 30 }, (_, index) => failing(index, "A"));
    const { findings, runner } = await run(results, { examine: () => unlike() });
    expect(runner.tasks.filter(({ task }) => task.kind === "examine")).toHaveLength(3);
    expect(findings[0]!.seeds).toHaveLength(30);
  });

  it("keep nondeterminism that does not show a second time", async () => {
    const results = [failing(0, "nondeterminism:two executions differ", { verdict: "diverged" })];
    const { findings } = await run(results, { examine: () => unlike() });
    expect(findings).toMatchObject([{ signature: "nondeterminism:two executions differ", seeds: ["seed0"] }]);
  });

  it("do not run a seed again that hung its worker", async () => {
    const { findings, runner } = await run([lostResult(passed(0), "hung", "no progress")], { examine: confirm });
    expect(findings).toMatchObject([{ signature: "hung", seeds: ["seed0"] }]);
    expect(runner.tasks.map(({ task }) => task.kind)).toEqual(["give-up"]);
  });

  it("are reported unshrunk when their worker is lost, with the loss", async () => {
    const { findings, harnessErrors } = await run([failing(0, "A")], {
      examine: () => ({ kind: "lost", how: "died", message: "it is gone", step: 0 }),
    });
    expect(findings).toMatchObject([{ signature: "A" }]);
    expect(harnessErrors).toEqual([
      "scenario made-up with seed seed0, looking at its failure: worker died: it is gone",
    ]);
  });

  it("are reported unshrunk after an interruption, be it before or while they are shrunk", async () => {
    const abort = new AbortController();
    const { findings, runner } = await run(
      [failing(0, "A")],
      {
        examine: (task) => {
          if (!task.isShrunk) return confirm(task);
          abort.abort();
          return new Promise(() => {});
        },
      },
      abort.signal,
    );
    expect(findings).toMatchObject([{ signature: "A" }]);
    expect(runner.tasks.map(({ task }) => (task as ExamineTask).isShrunk)).toEqual([true, false]);
    const later = await run([failing(0, "A")], { examine: confirm }, abort.signal);
    expect(later.runner.tasks.map(({ task }) => (task as ExamineTask).isShrunk)).toEqual([false]);
  });
});
