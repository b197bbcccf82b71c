import { describe, expect, it } from "vitest";
import { junitXml } from "../../src/report/junit.ts";
import { hasControlCharacters } from "./control-characters.ts";
import { markupProblem } from "./markup-check.ts";
import { cleanSuite, failureWith, sampleFinding, sampleRecord, sampleSuite, vacuousSuite } from "./sample-results.ts";

describe("JUnit XML", () => {
  it("has a suite a scenario, a case for its seeds, and one a finding", () => {
    const xml = junitXml(sampleSuite);
    expect(markupProblem(xml)).toBeNull();
    expect(xml).toContain('<testsuites name="wavetank" tests="3" failures="1" errors="0" time="52.000">');
    expect(xml).toContain('<testsuite name="key-value" tests="2" failures="1" errors="0" skipped="0" time="20.000">');
    expect(xml).toContain('<testcase classname="key-value" name="200 seeds" time="20.000"/>');
    expect(xml).toContain('<failure type="violated" message="KV-1 violated: An acknowledged put is lost.">');
    expect(xml).toContain("npx wavetank replay wt1.nVLBbsQwQ8A");
  });

  it("has no failure where all is well", () => {
    expect(junitXml(cleanSuite)).not.toMatch(/<failure|<error/);
  });

  it("fails the seeds' case of a vacuous scenario, and has harness errors as errors", () => {
    const xml = junitXml({ ...vacuousSuite, harnessErrors: ["worker <1> died"] });
    expect(markupProblem(xml)).toBeNull();
    expect(xml).toContain('<failure type="vacuous" message="fault disk.full never bit');
    expect(xml).toContain('<error type="harness" message="worker &lt;1&gt; died">');
  });

  it("stays well-formed whatever a run prints", () => {
    const message = ']]> <b attr="1"> & \u0000 \u001b[2J \ud800 \'';
    const finding = { ...sampleFinding, record: { ...sampleRecord, failure: failureWith({ message }) } };
    const xml = junitXml({ ...sampleSuite, findings: [finding] });
    expect(markupProblem(xml)).toBeNull();
    expect(hasControlCharacters(xml.replaceAll("\n", ""))).toBe(false);
  });
});
