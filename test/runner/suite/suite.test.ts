import { describe, expect, it } from "vitest";
import { UsageError } from "../../../src/base/errors.ts";
import type { SuiteProgress } from "../../../src/runner/finding/finding.ts";
import { decodeRepro } from "../../../src/runner/finding/repro.ts";
import { nextSeed, parseSeed } from "../../../src/runner/plan/seed.ts";
import { runSuite, type SuiteOptions } from "../../../src/runner/suite/suite.ts";
import { runFolder, suiteOptions, timeless } from "../../support/real-suite.ts";

async function usage(folder: string, changes: Partial<SuiteOptions>): Promise<string> {
  const error: unknown = await runFolder(folder, changes).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UsageError);
  return (error as UsageError).message;
}

describe("a suite of sound scenarios", () => {
  it("passes, with every scenario and seed counted and covered", async () => {
    const result = await runFolder("sound", { seeds: 60 });
    expect(result).toMatchObject({
      verdict: "passed",
      exitCode: 0,
      seeds: 180,
      seedsPlanned: 180,
      from: parseSeed("1234"),
    });
    expect(result.harnessErrors).toEqual([]);
    expect(result.scenarios.map(({ name }) => name)).toEqual(["echo", "naps", "steps"]);
    expect(result.scenarios[0]).toMatchObject({ inertFaults: [], unreached: [], failedSeeds: 0 });
    expect(result.scenarios[0]!.faults[0]!.bit).toBeGreaterThan(0);
    expect(result.scenarios.every(({ virtualMicros, cpuMicros }) => virtualMicros > 0 && cpuMicros > 0)).toBe(true);
  });

  it("comes to the same whatever the number of workers, and to another hash from another seed", async () => {
    const [one, three, other] = [
      await runFolder("sound", { jobs: 1 }),
      await runFolder("sound", { jobs: 3 }),
      await runFolder("sound", { jobs: 1, from: "1235" }),
    ];
    expect(timeless(three)).toEqual(timeless(one));
    expect(other.hash).not.toBe(one.hash);
  });

  it("runs only what is named, in parts if asked to", async () => {
    const parts = await Promise.all(
      [1, 2, 3].map((index) => runFolder("sound", { names: ["steps"], jobs: 1, shard: { index, count: 3 } })),
    );
    expect(parts.map(({ seeds }) => seeds)).toEqual([7, 7, 6]);
    expect(parts.every(({ scenarios }) => scenarios.length === 1)).toBe(true);
  });

  it("leaves out faults and holds knobs when steered, and says nothing about coverage then", async () => {
    const result = await runFolder("sound", {
      seeds: 60,
      jobs: 1,
      steering: { without: ["process"], set: ["millis=3"] },
    });
    expect(result.verdict).toBe("passed");
    const [echo, , steps] = result.scenarios;
    expect(echo).toMatchObject({ faults: [], unreached: ["unanswered", "process.crashed"] });
    expect(steps!.virtualMicros).toBe(60 * 30_000);
  });

  it("ends early at a time budget without being interrupted", async () => {
    const result = await runFolder("sound", { seeds: 100_000, jobs: 1, budgetMillis: 1_500 });
    expect(result).toMatchObject({ verdict: "passed", interrupted: false });
    expect(result.seeds).toBeGreaterThan(0);
    expect(result.seeds).toBeLessThan(300_000);
  });

  it("ends at an interruption with what was done so far", async () => {
    const abort = new AbortController();
    const seen: SuiteProgress[] = [];
    const onProgress = (now: SuiteProgress): void => {
      seen.push(now);
      if (now.seeds > 50) abort.abort();
    };
    const result = await runFolder("sound", { seeds: 100_000, signal: abort.signal, onProgress });
    expect(result).toMatchObject({ verdict: "passed", interrupted: true, exitCode: 130 });
    expect(result.seeds).toBeGreaterThan(50);
    expect(seen[0]!.seedsPlanned).toBe(300_000);
  });
});

describe("a suite that finds something", () => {
  it("reports the cause once, shrunk and proved, with a token that holds the plan", async () => {
    const result = await runFolder("buggy", { seeds: 60, bug: "REG-LAZY" });
    expect(result).toMatchObject({ verdict: "violated", exitCode: 1 });
    const [finding] = result.findings;
    expect(result.findings).toHaveLength(1);
    expect(finding).toMatchObject({
      signature: "REG-1:register",
      shrunk: { verified: true, minimal: true, passesWithoutItems: true },
    });
    expect(finding!.record.failure?.signature).toBe("REG-1:register");
    expect(finding!.record.trace.length).toBeGreaterThan(0);
    expect(finding!.shrunk.plan.items.length).toBeLessThan(finding!.shrunk.itemsBefore);
    expect(decodeRepro(finding!.repro)).toMatchObject({ bug: "REG-LAZY", plan: finding!.shrunk.plan });
    const seeds = Array.from({ length: 60 }, (_, index) => nextSeed(result.from, index));
    expect(seeds).toEqual(expect.arrayContaining([...finding!.seeds]));
  });

  it("finds and shrinks the same whatever the number of workers", async () => {
    const one = await runFolder("buggy", { seeds: 40, bug: "REG-LAZY", jobs: 1 });
    const three = await runFolder("buggy", { seeds: 40, bug: "REG-LAZY", jobs: 3 });
    expect(timeless(three)).toEqual(timeless(one));
  });

  it("is diverged when runs depend on earlier runs or never do the same twice", async () => {
    const result = await runFolder("flaky", { jobs: 1 });
    expect(result).toMatchObject({ verdict: "diverged", exitCode: 3 });
    expect(result.findings.map(({ scenario, signature }) => [scenario, signature])).toEqual([
      ["counting", "nondeterminism:two executions differ"],
      ["module-state", "module-state"],
    ]);
    const [counting, moduleState] = result.findings.map(({ record }) => record.failure!.message);
    expect(counting).toMatch(/they part at event 2: 0:00\.005 driver#1 counted \d+ in one/);
    expect(moduleState).toMatch(/failed with body:ETOOMANY after other runs .* passes alone in a fresh one/);
  });

  it("is diverged when only checking mode sees what is wrong, and shows that run", async () => {
    const result = await runFolder("leaky", { jobs: 1 });
    expect(result).toMatchObject({ verdict: "diverged", exitCode: 3 });
    const [finding] = result.findings;
    expect(finding).toMatchObject({ signature: "nondeterminism:engine error message" });
    expect(finding!.seeds).toHaveLength(2);
    expect(finding!.record.trace.length).toBeGreaterThan(0);
  });

  it("is vacuous when a fault never bites or a property is never reached, given seeds enough", async () => {
    const result = await runFolder("vacuous", { seeds: 100 });
    expect(result).toMatchObject({ verdict: "vacuous", exitCode: 4 });
    expect(result.scenarios[0]).toMatchObject({ inertFaults: ["process.crash"], unreached: ["never"] });
    expect((await runFolder("vacuous", { seeds: 99 })).verdict).toBe("passed");
  });

  it("goes on when workers hang or die, and names what they ran", async () => {
    const result = await runFolder("lost", { seeds: 25, hangMillis: 1_500 });
    expect(result).toMatchObject({ verdict: "out-of-budget", exitCode: 5 });
    expect(result.harnessErrors).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^scenario dies with seed \w{13}: worker died: its thread ended with exit code 7$/),
        expect.stringMatching(/^scenario hangs with seed \w{13}: worker hung: no progress for 1\.5 s of real time$/),
      ]),
    );
    for (const scenario of result.scenarios) expect(scenario.seeds).toBeGreaterThan(scenario.failedSeeds);
  });
});

describe("a suite that was asked for wrongly", () => {
  it("names what is not known, with the nearest that is", async () => {
    expect(await usage("sound", { names: ["ehco"] })).toBe(
      'unknown scenario "ehco"; did you mean "echo"? (known: echo, naps, steps)',
    );
    expect(await usage("buggy", { bug: "REG-LAXY" })).toContain('unknown bug "REG-LAXY"; did you mean "REG-LAZY"?');
    expect(await usage("sound", { steering: { only: ["proces"] } })).toContain('did you mean "process"?');
    expect(await usage("sound", { steering: { set: ["milis=3"] } })).toContain('did you mean "millis"?');
  });

  it("names the option, its value and what is allowed", async () => {
    const options = await suiteOptions("sound");
    const wrong: readonly (readonly [Partial<SuiteOptions>, string])[] = [
      [{ seeds: 0 }, "seeds is 0, it must be a whole number from 1 to 1000000"],
      [{ seeds: 1e9 }, "seeds is 1000000000"],
      [{ jobs: 0.5 }, "jobs is 0.5"],
      [{ maxFailures: -1 }, "maxFailures is -1"],
      [{ shard: { index: 0, count: 3 } }, "the shard is 0, it must be a whole number from 1 to 3"],
      [{ shard: { index: 4, count: 3 } }, "the shard is 4"],
      [{ from: "not a seed" }, '"not a seed" is no seed'],
    ];
    for (const [change, message] of wrong) {
      await expect(runSuite({ ...options, ...change })).rejects.toThrow(message);
    }
  });
});
