import { describe, expect, it } from "vitest";
import type { FailureVerdict } from "../../../src/runner/run/record.ts";
import { judgeSuite, vacuityFromSeeds, type Judged } from "../../../src/runner/suite/verdict.ts";

function judged(changes: Partial<Omit<Judged, "findings">> & { readonly found?: readonly FailureVerdict[] }) {
  const { found = [], ...rest } = changes;
  return judgeSuite({
    findings: found.map((verdict) => ({ verdict })),
    harnessErrors: [],
    scenarios: [],
    isInterrupted: false,
    isSteered: false,
    ...rest,
  });
}

const hollow = { seeds: vacuityFromSeeds, inertFaults: ["net.cut"], unreached: [] };

describe("the verdict of a suite", () => {
  it("is passed with exit code 0 when nothing speaks against it", () => {
    expect(judged({})).toEqual({ verdict: "passed", exitCode: 0 });
  });

  const codes: readonly (readonly [FailureVerdict, number])[] = [
    ["violated", 1],
    ["stuck", 1],
    ["crashed", 1],
    ["diverged", 3],
    ["out-of-budget", 5],
  ];
  for (const [verdict, exitCode] of codes) {
    it(`is ${verdict} with exit code ${exitCode} for one such finding`, () => {
      expect(judged({ found: [verdict] })).toEqual({ verdict, exitCode });
    });
  }

  it("is that of the first of 1, 3, 5, 4 when several apply", () => {
    const all: FailureVerdict[] = ["out-of-budget", "diverged", "stuck"];
    expect(judged({ found: all, scenarios: [hollow] }).exitCode).toBe(1);
    expect(judged({ found: all.slice(0, 2), scenarios: [hollow] }).exitCode).toBe(3);
    expect(judged({ found: all.slice(0, 1), scenarios: [hollow] }).exitCode).toBe(5);
    expect(judged({ scenarios: [hollow] })).toEqual({ verdict: "vacuous", exitCode: 4 });
  });

  it("is out of budget with exit code 5 for a fault of the harness, after what was found", () => {
    expect(judged({ harnessErrors: ["a worker died"] })).toEqual({ verdict: "out-of-budget", exitCode: 5 });
    expect(judged({ harnessErrors: ["a worker died"], found: ["diverged"] }).exitCode).toBe(3);
  });

  it("keeps what was found when interrupted, with exit code 130", () => {
    expect(judged({ isInterrupted: true, found: ["crashed"] })).toEqual({ verdict: "crashed", exitCode: 130 });
    expect(judged({ isInterrupted: true })).toEqual({ verdict: "passed", exitCode: 130 });
  });
});

describe("vacuity", () => {
  it("counts an inert fault and an unreached property alike", () => {
    expect(judged({ scenarios: [{ ...hollow, inertFaults: [], unreached: ["slow"] }] }).verdict).toBe("vacuous");
    expect(judged({ scenarios: [{ ...hollow, inertFaults: [] }] }).verdict).toBe("passed");
  });

  it("is not judged with too few seeds, after an interruption, or when something was left out on purpose", () => {
    expect(judged({ scenarios: [{ ...hollow, seeds: vacuityFromSeeds - 1 }] }).verdict).toBe("passed");
    expect(judged({ scenarios: [hollow], isInterrupted: true }).verdict).toBe("passed");
    expect(judged({ scenarios: [hollow], isSteered: true }).verdict).toBe("passed");
  });
});
