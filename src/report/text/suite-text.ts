/** The result of a suite as text: what was covered, what that proves, every finding, and how it ended. */
import type { ScenarioResult, SuiteResult } from "../../runner/finding/finding.ts";
import type { TextStyle } from "./paint.ts";
import { confidenceSentence } from "../statistics.ts";
import { findingLines } from "./failure-text.ts";
import { joinParts, printable, wrap } from "./printable.ts";
import { counted, grouped, ratio, span } from "./quantity.ts";
import { scenarioRows } from "./scenario-rows.ts";

/** What a suite's text needs besides the result. */
export interface SuiteTextOptions {
  /** Path of the report that was written, or null. */
  readonly report: string | null;
}

/** The heading of a suite, printed before it starts: with `from`, the whole suite can be run again. */
export function suiteHeading(
  suite: {
    readonly scenarios: number;
    /** Of each scenario; null where time decides how many. */
    readonly seeds: number | null;
    readonly jobs: number;
    readonly from: string;
    readonly shard?: { readonly index: number; readonly count: number } | undefined;
  },
  style: TextStyle,
): string {
  const parts = [
    `${counted(suite.scenarios, "scenario")}${suite.seeds === null ? "" : ` × ${counted(suite.seeds, "seed")}`}`,
    ...(suite.shard === undefined ? [] : [`shard ${suite.shard.index}/${suite.shard.count}`]),
    counted(suite.jobs, "worker"),
    `from ${suite.from}`,
  ];
  return style.paint.faint(parts.join(" · "));
}

/** The whole text of a finished suite. */
export function suiteLines(result: SuiteResult, options: SuiteTextOptions, style: TextStyle): string[] {
  const judgesCoverage = result.verdict === "vacuous";
  return [
    ...scenarioRows(result.scenarios, { isUnderWay: false, hasBars: false, judgesCoverage }, style),
    "",
    ...totalLines(result, style),
    ...result.findings.flatMap((finding) => ["", ...findingLines(finding, style)]),
    ...(judgesCoverage || result.harnessErrors.length > 0 ? [""] : []),
    ...(judgesCoverage ? result.scenarios.flatMap((scenario) => vacuousLines(scenario, style)) : []),
    ...result.harnessErrors.map((error) => `${style.paint.bad("✖ harness")} ${printable(error)}`),
    ...(result.exitCode === 0 ? [] : ["", endLine(result, options, style)]),
    ...(result.exitCode === 0 && options.report !== null ? ["", `report  ${style.paint.accent(options.report)}`] : []),
  ];
}

/** Inert faults and unreached properties in words: `key-value: fault disk.full never bit (0 of 3 injections)`. */
export function vacuousReasons(scenario: ScenarioResult): string[] {
  const counts = new Map(scenario.faults.map((count) => [count.fault, count]));
  return [
    ...scenario.inertFaults.map((fault) => {
      const { injected = 0, bit = 0 } = counts.get(fault) ?? {};
      const why =
        injected === 0 ? "it was never injected" : `${bit} of ${counted(injected, "injection")} left a witness`;
      return `fault ${fault} never bit: ${why} in ${counted(scenario.seeds, "seed")}`;
    }),
    ...scenario.unreached.map((property) => `"${property}" was reached by none of ${counted(scenario.seeds, "seed")}`),
  ];
}

function vacuousLines(scenario: ScenarioResult, style: TextStyle): string[] {
  return vacuousReasons(scenario).map(
    (reason) => `${style.paint.warn("✖ vacuous")} ${printable(`${scenario.name}: ${reason}`)}`,
  );
}

function totalLines(result: SuiteResult, style: TextStyle): string[] {
  const { paint, width } = style;
  const { scenarios } = result;
  const sum = (of: (scenario: ScenarioResult) => number): number =>
    scenarios.reduce((total, each) => total + of(each), 0);
  const virtual = sum((each) => each.virtualMicros);
  const families = new Map<string, boolean>();
  for (const { fault, bit } of scenarios.flatMap((each) => each.faults)) {
    families.set(fault, (families.get(fault) ?? false) || bit > 0);
  }
  const bit = [...families.values()].filter((isBiting) => isBiting).length;
  const inert = sum((each) => each.inertFaults.length);
  const reached = sum((each) => each.reached.length);
  const glyph = result.exitCode === 0 ? paint.good("✔") : paint.bad("✖");
  const parts = [
    result.seeds < result.seedsPlanned
      ? `${grouped(result.seeds)}/${counted(result.seedsPlanned, "seed")}`
      : counted(result.seeds, "seed"),
    `${span(virtual)} simulated in ${span(result.wallMicros)} (${ratio(
      virtual,
      sum((each) => each.cpuMicros),
    )} a core)`,
    `hash ${result.hash.slice(0, 6)}`,
    `faults ${bit}/${families.size} bit, ${inert} inert`,
    `sometimes ${reached}/${reached + sum((each) => each.unreached.length)}`,
  ];
  const [first = "", ...rest] = joinParts(parts, " · ", width - 2);
  const lines = [`${glyph} ${first}`, ...rest.map((line) => `  ${line}`)];
  const sentence = confidenceSentence(result);
  if (sentence === "") return lines;
  return [...lines, ...wrap(sentence, width - 2).map((line) => `  ${paint.faint(line)}`)];
}

function endLine(result: SuiteResult, options: SuiteTextOptions, style: TextStyle): string {
  const { paint } = style;
  const failed = result.scenarios.reduce((total, each) => total + each.failedSeeds, 0);
  const cause =
    result.findings.length === 0
      ? result.interrupted
        ? "interrupted, nothing found so far"
        : result.verdict
      : `${counted(result.findings.length, "finding")} from ${grouped(failed)} of ${counted(result.seeds, "seed")}`;
  const parts = [
    `✖ ${cause}`,
    ...(result.interrupted && result.findings.length > 0 ? ["interrupted"] : []),
    `exit ${result.exitCode}`,
    ...(options.report === null ? [] : [options.report]),
  ];
  return paint.bad(parts.join(" · "));
}
