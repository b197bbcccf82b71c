import { describe, expect, it } from "vitest";
import { runBugs, type BugsOptions, type BugsResult } from "../../../src/runner/suite/bugs.ts";
import { suiteOptions } from "../../support/real-suite.ts";

async function hunt(changes: Partial<BugsOptions> = {}): Promise<BugsResult> {
  return runBugs({ ...(await suiteOptions("buggy")), seeds: 60, ...changes });
}

describe("planted bugs", () => {
  it("are caught by the invariant that they break, or honestly are not", async () => {
    const progress: number[] = [];
    const result = await hunt({ onProgress: (rows, total) => progress.push(rows.length / total) });
    const [lazy, ten, colour] = result.bugs;
    expect(lazy).toMatchObject({
      id: "REG-LAZY",
      scenario: "register",
      invariant: "REG-1",
      caught: true,
      caughtBy: "REG-1",
    });
    expect(lazy!.soundIsClean).toBe(true);
    expect(lazy!.seeds).toBe(lazy!.seedsToCatch);
    expect(lazy!.shrunkItems).toBeLessThan(8);
    expect(ten).toMatchObject({ id: "REG-TEN", caught: false, caughtBy: "REG-1", seedsToCatch: null, seeds: 60 });
    expect(colour).toMatchObject({
      id: "REG-COLOUR",
      caught: false,
      caughtBy: null,
      shrunkItems: null,
      soundIsClean: true,
    });
    expect(result).toMatchObject({ exitCode: 4, interrupted: false, harnessErrors: [] });
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);
  });

  it("give the same figures whatever the number of workers, time aside", async () => {
    const figures = async (jobs: number) =>
      (await hunt({ jobs, seeds: 30 })).bugs.map((row) => ({ ...row, cpuMicros: 0 }));
    expect(await figures(3)).toEqual(await figures(1));
  });

  it("may be chosen, and are all well when the chosen ones are", async () => {
    const result = await hunt({ bugs: ["REG-LAZY"] });
    expect(result.bugs.map(({ id }) => id)).toEqual(["REG-LAZY"]);
    expect(result.exitCode).toBe(0);
  });

  it("that no scenario has are refused with the nearest that one has", async () => {
    await expect(hunt({ bugs: ["REG-TON"] })).rejects.toThrow('unknown bug "REG-TON"; did you mean "REG-TEN"?');
  });

  it("that are complete are reported after an interruption", async () => {
    const abort = new AbortController();
    const result = await hunt({ seeds: 100_000, jobs: 1, signal: abort.signal, onProgress: () => abort.abort() });
    expect(result).toMatchObject({ interrupted: true, exitCode: 130 });
    expect(result.bugs.map(({ id }) => id)).toEqual(["REG-LAZY"]);
  });
});
