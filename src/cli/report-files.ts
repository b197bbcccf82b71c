/** The files of a report: the page, the documents for machines, and a repro file a finding. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { SuiteResult } from "../runner/finding/finding.ts";
import type { RunRecord } from "../runner/run/record.ts";
import { UsageError } from "../base/errors.ts";
import { documentText, runDocument } from "../report/document-of.ts";
import { reportPage } from "../report/html/page.ts";
import { junitXml } from "../report/junit.ts";
import { formatReproFile, reproOf } from "../runner/finding/repro.ts";
import { versions } from "./project.ts";

/** Makes the folder of a report. Throws `UsageError` where it cannot be made. */
export async function makeReportFolder(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true });
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UsageError(`the report folder "${directory}" cannot be made (${code}): name another with --report DIR`, {
      cause: error,
    });
  }
}

/** Writes the files of a report into `directory`, which is made; returns the path of its page. */
export async function writeReport(directory: string, result: SuiteResult): Promise<string> {
  await makeReportFolder(directory);
  const page = join(directory, "index.html");
  const names = new Set<string>();
  const repros = result.findings.map(({ record }) => ({
    name: freshName(reproName(record), names),
    text: reproText(record),
  }));
  await Promise.all([
    writeFile(page, reportPage(result)),
    writeFile(join(directory, "run.json"), documentText(runDocument(result))),
    writeFile(join(directory, "junit.xml"), junitXml(result)),
    ...repros.map(({ name, text }) => writeFile(join(directory, `${name}.json`), text)),
  ]);
  return page;
}

/** The text of a run's repro file. */
export function reproText(record: RunRecord): string {
  return formatReproFile(reproOf(record, versions()));
}

/** The name of a run's repro file, without its ending: `key-value-KV-1-k3`. */
export function reproName(record: RunRecord): string {
  const text = `${record.plan.scenario}-${record.failure?.signature ?? record.plan.seed}`;
  const name = text.replace(/[^A-Za-z0-9]+/g, "-").replace(/^-|-$/g, "");
  return `repro-${name.slice(0, 80)}`;
}

function freshName(name: string, taken: Set<string>): string {
  let fresh = name;
  for (let count = 2; taken.has(fresh); count++) fresh = `${name}-${count}`;
  taken.add(fresh);
  return fresh;
}
