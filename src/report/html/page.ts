/**
 * The report as one HTML file that works from disk: findings first, each with its text, its items and a timeline; then
 * the scenarios. No scripts and nothing from elsewhere; everything that comes from a run is escaped.
 */
import type { Finding, ScenarioResult, SuiteResult } from "../../runner/finding/finding.ts";
import type { TextStyle } from "../text/paint.ts";
import { formatMoment } from "../../base/time.ts";
import { escaped } from "../markup.ts";
import { confidenceSentence } from "../statistics.ts";
import { findingLines } from "../text/failure-text.ts";
import { explanationText, itemText } from "../text/item-lines.ts";
import { plainPaint } from "../text/paint.ts";
import { counted, grouped, ratio, span } from "../text/quantity.ts";
import { vacuousReasons } from "../text/suite-text.ts";
import { meaningOf, headlineOf } from "../verdict-words.ts";
import { styleSheet } from "./style.ts";
import { timelineSvg } from "./timeline.ts";

const style: TextStyle = { paint: plainPaint, width: 110 };

/** The text of the HTML file. */
export function reportPage(result: SuiteResult): string {
  return [
    "<!doctype html>",
    '<html lang="en">',
    "<head>",
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${escaped(`Wavetank: ${result.verdict}`)}</title>`,
    `<style>${styleSheet}</style>`,
    "</head>",
    "<body>",
    ...headerParts(result),
    ...findingsParts(result.findings),
    ...vacuousParts(result),
    ...scenariosParts(result.scenarios),
    "</body>",
    "</html>",
    "",
  ].join("\n");
}

function headerParts(result: SuiteResult): string[] {
  const isOk = result.exitCode === 0;
  const virtual = result.scenarios.reduce((total, each) => total + each.virtualMicros, 0);
  const cpu = result.scenarios.reduce((total, each) => total + each.cpuMicros, 0);
  const facts = [
    `${grouped(result.seeds)} of ${counted(result.seedsPlanned, "seed")}`,
    `${span(virtual)} simulated in ${span(result.wallMicros)} (${ratio(virtual, cpu)} a core)`,
    counted(result.jobs, "worker"),
    `from ${result.from}`,
    `hash ${result.hash}`,
    ...(result.interrupted ? ["interrupted"] : []),
  ];
  const sentence = confidenceSentence(result);
  return [
    `<h1><span class="${isOk ? "good" : "bad"}">${isOk ? "✔" : "✖"} ${result.verdict}</span> · ${meaningOf(result.verdict)}</h1>`,
    `<p>${escaped(facts.join(" · "))}</p>`,
    ...(sentence === "" ? [] : [`<p class="faint">${escaped(sentence)}</p>`]),
  ];
}

function findingsParts(findings: readonly Finding[]): string[] {
  if (findings.length === 0) return [];
  return [`<h2>${counted(findings.length, "finding")}</h2>`, ...findings.flatMap(findingParts)];
}

function findingParts(finding: Finding): string[] {
  const { failure } = finding.record;
  const title = failure === null ? finding.signature : headlineOf(failure);
  return [
    "<article>",
    `<h3><span class="bad">✖</span> ${escaped(title)}</h3>`,
    `<p class="faint">${escaped(`${finding.scenario} · seeds ${finding.seeds.slice(0, 20).join(", ")}${finding.seeds.length > 20 ? ", …" : ""}`)}</p>`,
    `<pre>${escaped(findingLines(finding, style).join("\n"))}</pre>`,
    ...itemsParts(finding),
    timelineSvg(finding.record),
    "</article>",
  ];
}

function itemsParts({ shrunk }: Finding): string[] {
  if (shrunk.plan.items.length === 0) return [];
  const byItem = new Map(shrunk.explanation.map((known) => [known.item, known]));
  const rows = shrunk.plan.items.map((item, index) => {
    const known = byItem.get(index);
    const note = known === undefined ? "" : explanationText(item, known);
    const cells = [itemText(item), note].map((text) => `<td>${escaped(text)}</td>`).join("");
    return `<tr><td class="number">${formatMoment(item.at)}</td><td>${item.kind}</td>${cells}</tr>`;
  });
  const head = '<tr><th class="number">time</th><th>kind</th><th>item</th><th>what is known of it</th></tr>';
  return ["<table>", head, ...rows, "</table>"];
}

function vacuousParts(result: SuiteResult): string[] {
  const reasons = [
    ...(result.verdict === "vacuous"
      ? result.scenarios.flatMap((scenario) => vacuousReasons(scenario).map((reason) => `${scenario.name}: ${reason}`))
      : []),
    ...result.harnessErrors.map((error) => `harness error: ${error}`),
  ];
  if (reasons.length === 0) return [];
  return ["<h2>Also</h2>", "<ul>", ...reasons.map((reason) => `<li>${escaped(reason)}</li>`), "</ul>"];
}

const columns = ["", "scenario", "seeds", "found", "virtual", "per core", "bit", "reached", "never"];

function scenariosParts(scenarios: readonly ScenarioResult[]): string[] {
  const isNumber = (index: number): boolean => index >= 2 && index <= 7;
  const cell = (tag: string, text: string, index: number): string =>
    `<${tag}${isNumber(index) ? ' class="number"' : ""}>${escaped(text)}</${tag}>`;
  const head = columns.map((title, index) => cell("th", title, index)).join("");
  const rows = scenarios.map((scenario) => {
    const { faults, reached, unreached, virtualMicros, cpuMicros } = scenario;
    const texts = [
      scenario.found > 0 ? "✖" : scenario.seeds < scenario.seedsPlanned ? "–" : "✔",
      scenario.name,
      grouped(scenario.seeds),
      grouped(scenario.found),
      span(virtualMicros),
      ratio(virtualMicros, cpuMicros),
      `${faults.filter((fault) => fault.bit > 0).length}/${faults.length}`,
      `${reached.length}/${reached.length + unreached.length}`,
      [...scenario.inertFaults, ...unreached].join(", "),
    ];
    return `<tr title="${escaped(scenario.doc)}">${texts.map((text, index) => cell("td", text, index)).join("")}</tr>`;
  });
  return ["<h2>Scenarios</h2>", "<table>", `<tr>${head}</tr>`, ...rows, "</table>"];
}
