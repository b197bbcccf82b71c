/** `wavetank shrink`: the smallest plan that fails in the same way, as a repro file. */
import { writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../../base/errors.ts";
import { defineCommand, onOff, valued } from "../command.ts";
import { someText, wholeNumber } from "../flag-values.ts";
import { shownPath } from "../terminal.ts";

const flags = {
  seed: valued("--seed <seed>", "the seed of the scenario's run", someText("--seed", "a seed, as runs print it")),
  out: valued("--out <file>", "the repro file to write; default in the report folder", someText("--out", "a path")),
  plant: valued("--plant <bug>", "plant this bug", someText("--plant", "the id of a bug")),
  maxRuns: valued(
    "--max-runs <n>",
    "executions at most; default 100 to 1200, by the size of a run",
    wholeNumber("--max-runs", 1, 1_000_000),
  ),
  json: onOff("--json", "print one JSON document"),
};

export const shrinkCommand = defineCommand({
  name: "shrink",
  args: "<what>",
  doc: "Reduce a failing run to the few items that it takes, and write them to a repro file.",
  flags,
  examples: ["shrink key-value --seed 7k3q9zt4mvx2c", "shrink failing.json --out small.json"],
  run: async (terminal, [what = ""], given) => {
    const { subjectOf, shellWord } = await import("../subject.ts");
    const subject = await subjectOf(terminal, what, given);
    const { definition, plan, bug } = subject;
    const [{ execute }, { investigate }, { versions, defaultReports }] = await Promise.all([
      import("../../runner/run/execute.ts"),
      import("../../runner/shrink/investigate.ts"),
      import("../project.ts"),
    ]);
    const failing = await execute(definition, plan, { bug });
    if (failing.failure === null) {
      throw new UsageError(`nothing to shrink: ${definition.name} passes with seed ${plan.seed}`);
    }
    const view = await progressOf(terminal, failing.failure.signature);
    const found = await investigate(definition, failing, {
      bug,
      seeds: [plan.seed],
      versions: versions(),
      onProgress: view.show,
      ...(given.maxRuns !== undefined && { maxRuns: given.maxRuns }),
    }).finally(view.end);
    const { localRecord } = await import("../local-places.ts");
    const finding = { ...found, record: localRecord(terminal, found.record) };
    const { makeReportFolder, reproName, reproText } = await import("../report-files.ts");
    const name = `${reproName(finding.record)}.json`;
    const path = resolve(terminal.cwd, given.out ?? join(subject.project.config.reports ?? defaultReports, name));
    await makeReportFolder(dirname(path));
    await writeRepro(path, reproText(finding.record));
    const shown = shownPath(terminal, path);
    if (given.json === true) {
      const { documentText, shrinkDocument } = await import("../../report/document-of.ts");
      terminal.out.text(documentText(shrinkDocument(finding, shown)));
      return 0;
    }
    const { findingLines } = await import("../../report/text/failure-text.ts");
    const { style } = terminal.out;
    terminal.out.lines([
      ...findingLines({ ...finding, repro: shellWord(shown) }, style),
      `  ${style.paint.faint("token ")}  ${finding.repro}`,
    ]);
    return 0;
  },
});

async function writeRepro(path: string, text: string): Promise<void> {
  try {
    await writeFile(path, text);
  } catch (error) {
    const { code = "unknown error" } = error as NodeJS.ErrnoException;
    throw new UsageError(`"${path}" cannot be written (${code}): name another file with --out FILE`, { cause: error });
  }
}

interface ProgressView {
  readonly show: (now: { readonly items: number; readonly itemsBefore: number; readonly runs: number }) => void;
  readonly end: () => void;
}

/** Redrawn on a terminal; runs block this thread, so it is drawn from within and not by a timer. */
async function progressOf(terminal: Terminal, signature: string): Promise<ProgressView> {
  const { err } = terminal;
  if (!err.isTty) return { show: () => undefined, end: () => undefined };
  const { createLogUpdate } = await import("log-update");
  const frame = createLogUpdate(err.stream);
  let drawnAt = 0;
  return {
    show: ({ items, itemsBefore, runs }) => {
      const now = performance.now();
      if (now - drawnAt < 100) return;
      drawnAt = now;
      frame(` shrinking ${signature}: ${itemsBefore} → ${items} items · ${runs} runs`);
    },
    end: () => {
      frame.clear();
      frame.done();
    },
  };
}
