/**
 * JUnit XML, as CI systems read it: a suite a scenario. One case stands for the scenario's seeds and for what was never
 * put to the test, one more for each cause of failure. No time stamps: the same result gives the same file, except for
 * durations.
 */
import type { Finding, ScenarioResult, SuiteResult } from "../runner/finding/finding.ts";
import type { TextStyle } from "./text/paint.ts";
import { escaped } from "./markup.ts";
import { findingLines } from "./text/failure-text.ts";
import { plainPaint } from "./text/paint.ts";
import { counted } from "./text/quantity.ts";
import { vacuousReasons } from "./text/suite-text.ts";
import { headlineOf } from "./verdict-words.ts";

const style: TextStyle = { paint: plainPaint, width: 120 };

interface Case {
  readonly name: string;
  readonly seconds: number;
  /** Kind, message and text of what is wrong, or null. */
  readonly problem: {
    readonly tag: "failure" | "error";
    readonly type: string;
    readonly message: string;
    readonly text: string;
  } | null;
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

/** The XML text of a suite's result. */
export function junitXml(result: SuiteResult): string {
  const judgesCoverage = result.verdict === "vacuous";
  const suites: Suite[] = result.scenarios.map((scenario) => ({
    name: scenario.name,
    cases: scenarioCases(
      scenario,
      result.findings.filter((finding) => finding.scenario === scenario.name),
      judgesCoverage,
    ),
  }));
  if (result.harnessErrors.length > 0) {
    const problem = (message: string): Case["problem"] => ({ tag: "error", type: "harness", message, text: message });
    const cases = result.harnessErrors.map((message, index) => ({
      name: `harness error ${index + 1}`,
      seconds: 0,
      problem: problem(message),
    }));
    suites.push({ name: "wavetank", cases });
  }
  const cases = suites.flatMap((suite) => suite.cases);
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="wavetank" ${totals(cases)} time="${time(result.wallMicros / 1_000_000)}">`,
    ...suites.flatMap(suiteLines),
    "</testsuites>",
    "",
  ].join("\n");
}

function scenarioCases(scenario: ScenarioResult, findings: readonly Finding[], judgesCoverage: boolean): Case[] {
  const reasons = judgesCoverage ? vacuousReasons(scenario) : [];
  const problem: Case["problem"] =
    reasons.length === 0 ? null : { tag: "failure", type: "vacuous", message: reasons[0]!, text: reasons.join("\n") };
  const seconds = scenario.cpuMicros / 1_000_000;
  return [{ name: counted(scenario.seeds, "seed"), seconds, problem }, ...findings.map(findingCase)];
}

function findingCase(finding: Finding): Case {
  const failure = finding.record.failure;
  const message = failure === null ? finding.signature : headlineOf(failure);
  const text = findingLines(finding, style).join("\n");
  return { name: finding.signature, seconds: 0, problem: { tag: "failure", type: finding.verdict, message, text } };
}

function suiteLines(suite: Suite): string[] {
  const seconds = suite.cases.reduce((total, each) => total + each.seconds, 0);
  return [
    `  <testsuite name="${escaped(suite.name)}" ${totals(suite.cases)} skipped="0" time="${time(seconds)}">`,
    ...suite.cases.flatMap((each) => caseLines(suite.name, each)),
    "  </testsuite>",
  ];
}

function caseLines(suite: string, { name, seconds, problem }: Case): string[] {
  const open = `    <testcase classname="${escaped(suite)}" name="${escaped(name)}" time="${time(seconds)}"`;
  if (problem === null) return [`${open}/>`];
  const { tag, type, message, text } = problem;
  return [
    `${open}>`,
    `      <${tag} type="${escaped(type)}" message="${escaped(message)}">${escaped(text)}</${tag}>`,
    "    </testcase>",
  ];
}

function totals(cases: readonly Case[]): string {
  const of = (tag: string): number => cases.filter((each) => each.problem?.tag === tag).length;
  return `tests="${cases.length}" failures="${of("failure")}" errors="${of("error")}"`;
}

function time(seconds: number): string {
  return seconds.toFixed(3);
}
