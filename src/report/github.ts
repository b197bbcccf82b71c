/** Annotations of GitHub Actions: one line a finding, shown at the place in the code where it is known. */
import type { Finding, SuiteResult } from "../runner/finding/finding.ts";
import type { TextStyle } from "./text/paint.ts";
import { findingLines } from "./text/failure-text.ts";
import { plainPaint } from "./text/paint.ts";
import { vacuousReasons } from "./text/suite-text.ts";
import { titleOf } from "./verdict-words.ts";

const style: TextStyle = { paint: plainPaint, width: 100 };

/** The annotation commands of a suite's result; none for one that passed. */
export function githubAnnotations(result: SuiteResult): string[] {
  return [
    ...result.findings.map(findingAnnotation),
    ...(result.verdict === "vacuous"
      ? result.scenarios.flatMap((scenario) =>
          vacuousReasons(scenario).map((reason) => command("error", { title: `${scenario.name}: vacuous` }, reason)),
        )
      : []),
    ...result.harnessErrors.map((error) => command("error", { title: "wavetank: harness error" }, error)),
    ...(result.interrupted ? [command("warning", { title: "wavetank" }, "the suite was interrupted")] : []),
  ];
}

function findingAnnotation(finding: Finding): string {
  const failure = finding.record.failure;
  const title = `${finding.scenario}: ${failure === null ? finding.signature : titleOf(failure)}`;
  const place = /^(?<file>.+?):(?<line>\d+)(?::(?<column>\d+))?$/.exec(failure?.place ?? "")?.groups;
  const where: Record<string, string> = {};
  if (place?.["file"] !== undefined && place["line"] !== undefined) {
    where["file"] = place["file"];
    where["line"] = place["line"];
    if (place["column"] !== undefined) where["col"] = place["column"];
  }
  return command("error", { ...where, title }, findingLines(finding, style).join("\n"));
}

function command(level: "error" | "warning", properties: Readonly<Record<string, string>>, message: string): string {
  const list = Object.entries(properties).map(([name, value]) => `${name}=${escapedProperty(value)}`);
  return `::${level} ${list.join(",")}::${escapedMessage(message)}`;
}

function escapedMessage(text: string): string {
  return text.replace(/%/g, "%25").replace(/\r/g, "%0D").replace(/\n/g, "%0A");
}

function escapedProperty(text: string): string {
  return escapedMessage(text).replace(/:/g, "%3A").replace(/,/g, "%2C");
}
