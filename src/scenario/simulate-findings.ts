/**
 * From the failing runs of `simulate` to its findings. What stands for a cause is run again alone in a fresh thread first;
 * where that cannot be done it is run again in this one, and the finding says so.
 */
import type { Finding } from "../runner/finding/finding.ts";
import type { Failure, RunRecord } from "../runner/run/record.ts";
import { version } from "../base/version.ts";
import { groupFailures, type FailureGroup } from "../runner/finding/failure-groups.ts";
import { runSeed } from "../runner/pool/seed-run.ts";
import type { FreshCase } from "./fresh-thread.ts";

export interface FailedCase extends FreshCase {
  /** By the position of their runs. */
  readonly records: readonly RunRecord[];
  /** False keeps to this thread. */
  readonly isFreshThread: boolean;
}

/** One finding for each cause, in the order of their first seeds. */
export async function findingsOf(failed: FailedCase): Promise<Finding[]> {
  const { records } = failed;
  const findings: Finding[] = [];
  for (const group of groupFailures(records, (record) => records.indexOf(record))) {
    findings.push(await findingOf(failed, group));
  }
  return findings;
}

/** The record, with a failure that another execution of its plan showed. */
export function withFailure(record: RunRecord, failure: Failure | null): RunRecord {
  if (failure === null || failure.signature === record.failure?.signature) return record;
  return { ...record, verdict: failure.verdict, failure };
}

async function findingOf(failed: FailedCase, group: FailureGroup): Promise<Finding> {
  const { unshrunkFinding } = await import("../runner/shrink/investigate.ts"); // it loads zod
  const { seeds, record } = group;
  if (!failed.isFreshThread) return findInThread(failed, group, "freshThread is false");
  const { lookAlone } = await import("./fresh-thread.ts");
  const look = await lookAlone(failed, group);
  switch (look.kind) {
    case "confirmed":
      return look.finding;
    case "unlike":
      return unshrunkFinding(record, look.failure, { seeds, versions: versions() });
    case "unable":
      return findInThread(failed, group, look.reason);
  }
}

/** What is found without a fresh thread, and a sentence that says so. */
async function findInThread(failed: FailedCase, group: FailureGroup, reason: string): Promise<Finding> {
  const { investigate, unshrunkFinding } = await import("../runner/shrink/investigate.ts");
  const { definition, bug } = failed;
  const options = { bug, seeds: group.seeds, versions: versions() };
  const record = await runAgain(failed, group.record);
  const finding =
    record.failure!.verdict === "diverged"
      ? unshrunkFinding(record, record.failure!, options)
      : await investigate(definition, record, options);
  const { failure } = finding.record;
  const message = `${failure!.message}; it was run again in the same thread only, because ${reason}`;
  return { ...finding, record: { ...finding.record, failure: { ...failure!, message } } };
}

/** The run, or what is wrong with it when it does not do the same again. */
async function runAgain(failed: FailedCase, record: RunRecord): Promise<RunRecord> {
  const run = failed.runs.find(({ seed }) => seed === record.plan.seed)!;
  if (run.isChecked || record.failure!.verdict === "diverged") return record;
  const { result } = await runSeed(failed.definition, { ...run, isChecked: true }, failed.bug);
  return withFailure(record, result.failure ?? leftBehind(record.failure!));
}

/** What failed once and then passed. */
function leftBehind(failure: Failure): Failure {
  return {
    ...failure,
    verdict: "diverged",
    signature: "module-state",
    invariant: "module-state",
    subject: "",
    message: `failed once (${failure.message}) and passed when run again: a module keeps state between runs`,
  };
}

function versions(): { readonly node: string; readonly wavetank: string } {
  return { node: globalThis.process.version, wavetank: version };
}
