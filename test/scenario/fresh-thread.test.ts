/** What becomes of a failing seed of `simulate` and `simTest`, seen from the projects that call them. */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FreshProject } from "./fresh-project.ts";
import { freshSources } from "./fresh-sources.ts";

const sameThread = "it was run again in the same thread only, because";

let project: FreshProject;
let tests: ReadonlyMap<string, string>;
let hanging: Promise<string>;

beforeAll(async () => {
  project = new FreshProject(freshSources);
  hanging = project.program("hangs.mjs");
  tests = await project.tests();
}, 240_000);

afterAll(() => project.remove());

describe("a failure that the module's own state brings about", () => {
  it("is reported as nondeterminism, with the seeds that bring it about and what to look for", () => {
    const text = tests.get("counts its runs");
    expect(text).toContain("diverged between runs: seed ");
    expect(text).toContain("failed with body:ETOOMANY after other runs in the same thread and passes alone in a fresh");
    expect(text).toContain("where leaks.test.ts was loaded anew");
    expect(text).toMatch(/the 5 seeds from \w{13} up to it bring it about there, too: look for a variable, cache or/);
    expect(text).not.toContain(sameThread);
  });

  it("is found out in a call of simulate within a test, too", () => {
    const text = tests.get("in a test of its own counts its runs");
    expect(text).toContain("diverged: seed ");
    expect(text).toMatch(
      /passes alone in a fresh one, .* the \d+ seeds from \w{13} up to it bring it about there, too/,
    );
  });

  it("is not put down to its own seeds when an earlier test left the state behind", () => {
    const text = tests.get("suffers from a test before");
    expect(text).toContain("diverged between runs: seed ");
    expect(text).toMatch(/not even the 3 seeds from \w{13} up to it bring it about there: look for what earlier tests/);
  });

  it("of the first seed is put down to what came before the simulation", () => {
    expect(tests.get("suffers at once")).toContain("no seed came before it: look for what earlier tests");
  });

  it("is found out in a program, whose thread is ended though something in it goes on", async () => {
    expect(await project.program("counting.mjs")).toMatch(/^diverged false 0 seed \w{13} failed with body:Error after/);
  });
});

describe("a failure that is true", () => {
  it("is confirmed and shrunk in a thread that loads the file anew and runs no other test", () => {
    const text = tests.get("a suite fails in truth");
    expect(text).toContain("the body failed: Error: seven");
    expect(text).toMatch(/It takes 1 of \d+ items \(\d+ runs, verified twice/);
    expect(text).not.toContain(sameThread);
    expect(project.notes("true.txt")).toEqual(["main loaded", "fresh loaded", "main other test"]);
  });

  it("is found again in a program that runs no further than to the call that failed", async () => {
    expect(await project.program("twice.mjs")).toBe(
      "violated true 1 the body failed: Error: seven violated true 1 the body failed: Error: two",
    );
    expect(project.notes("twice.txt")).toEqual([
      "main start",
      "fresh start",
      "main between",
      "fresh start",
      "fresh between",
      "main end",
    ]);
  });

  it("takes no thread where there is none", () => {
    expect(tests.get("is sound")).toBe("");
    expect(project.notes("sound.txt")).toEqual(["main loaded"]);
  });
});

describe("a file that cannot be loaded anew", () => {
  const reasons: readonly (readonly [test: string, reason: string])[] = [
    ["is prepared by a hook", "prepared.test.ts cannot be used: it uses beforeEach, which only its test runner has"],
    ["has a module that is mocked", "mocked.test.ts cannot be used: it uses vi.mock, which only its test runner has"],
    ["is drawn otherwise", '"is drawn otherwise" in other-plan.test.ts draws another plan for seed'],
    ["is one of several", 'generated.test.ts was loaded anew, but it has no test "is one of several" outside'],
    ["keeps to its thread", "freshThread is false"],
  ];
  for (const [test, reason] of reasons) {
    it(`leaves a failure to the same thread, and says why: a test that ${test}`, () => {
      expect(tests.get(test)).toContain("Error: seven;");
      expect(tests.get(test)).toContain(`${sameThread} ${reason}`);
    });
  }

  it("may end its thread", async () => {
    const text = await project.program("exits.mjs");
    expect(text).toContain(
      `violated true 1 the body failed: Error: seven; ${sameThread} the fresh thread died: its thread ended with`,
    );
  });

  it("does not hold up the program for ever", { timeout: 240_000 }, async () => {
    const text = await hanging;
    expect(text).toContain(
      `violated true 1 the body failed: Error: seven; ${sameThread} the fresh thread hung: no progress for 20 s`,
    );
  });

  it("starts no chain of programs", async () => {
    await project.program("forks.mjs");
    expect(project.notes("forks.txt").toSorted()).toEqual(["fresh parent", "main child", "main child", "main parent"]);
  });
});
