import { describe, expect, it } from "vitest";
import { githubAnnotations } from "../../src/report/github.ts";
import { cleanSuite, failureWith, sampleFinding, sampleRecord, sampleSuite, vacuousSuite } from "./sample-results.ts";

describe("annotations", () => {
  it("point at the place of a finding and hold its whole text on one line", () => {
    const [line, ...rest] = githubAnnotations(sampleSuite);
    expect(rest).toEqual([]);
    expect(line).toMatch(/^::error file=scenarios\/server\.ts,line=64,col=7,title=key-value%3A KV-1 violated::✖ KV-1/);
    expect(line).toContain("%0A  replay  npx wavetank replay wt1.nVLBbsQwQ8A");
    expect(line).not.toContain("\n");
  });

  it("name no file where the place is not known, and cannot be broken by a message", () => {
    const failure = failureWith({ place: undefined, message: "100 %\n::error::fake" });
    const finding = { ...sampleFinding, record: { ...sampleRecord, failure } };
    const [line] = githubAnnotations({ ...sampleSuite, findings: [finding] });
    expect(line).toMatch(/^::error title=/);
    expect(line).toContain("100 %25\\n::error::fake");
  });

  it("say what was vacuous, what the harness did and that a suite was interrupted", () => {
    const lines = githubAnnotations({ ...vacuousSuite, harnessErrors: ["worker died"], interrupted: true });
    expect(lines).toHaveLength(4);
    expect(lines[0]).toBe(
      "::error title=key-value%3A vacuous::fault disk.full never bit: 0 of 3 injections left a witness in 200 seeds",
    );
    expect(lines.slice(2)).toEqual([
      "::error title=wavetank%3A harness error::worker died",
      "::warning title=wavetank::the suite was interrupted",
    ]);
  });

  it("are none for a suite that passed", () => {
    expect(githubAnnotations(cleanSuite)).toEqual([]);
  });
});
