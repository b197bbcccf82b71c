/** `wavetank bugs`: plants every bug in turn; each must be caught by the invariant that it names. */
import type { BugsResult, BugResult } from "../../runner/suite/bugs.ts";
import type { Output, Terminal } from "../terminal.ts";
import { defineCommand, onOff, valued } from "../command.ts";
import { someText, wholeNumber } from "../flag-values.ts";

const seedsDefault = 2_000;

/** Always the same seeds unless told otherwise: whether a gate has teeth should not depend on luck. */
const fromDefault = "0";

const flags = {
  seeds: valued(
    "--seeds <n>",
    `seeds at most for each bug; default ${seedsDefault}`,
    wholeNumber("--seeds", 1, 1_000_000),
  ),
  from: valued("--from <seed>", `first seed; default ${fromDefault}`, someText("--from", "a seed, as runs print it")),
  jobs: valued("--jobs <n>", "worker threads; default one a core", wholeNumber("--jobs", 1, 1_024)),
  json: onOff("--json", "print one JSON document"),
};

export const bugsCommand = defineCommand({
  name: "bugs",
  args: "[id...]",
  doc: "Plant bugs one by one and see whether the invariants catch them.",
  flags,
  examples: ["bugs", "bugs KV-RETRY --seeds 500", "bugs --json"],
  run: async (terminal, ids, given) => {
    const { findProject } = await import("../project.ts");
    const { config, source } = await findProject(terminal);
    const { workerEntry } = await import("../../scenario/load.ts");
    const [{ runBugs }, { watchInterruption }] = await Promise.all([
      import("../../runner/suite/bugs.ts"),
      import("../interruption.ts"),
    ]);
    const view = await openRowView(terminal, given.json === true);
    const interruption = watchInterruption(terminal, false);
    const jobs = given.jobs ?? config.jobs;
    const result = await runBugs({
      source,
      worker: workerEntry,
      bugs: ids,
      seeds: given.seeds ?? seedsDefault,
      from: given.from ?? fromDefault,
      jobs,
      signal: interruption.signal,
      onProgress: view.show,
    }).finally(() => {
      view.end();
      interruption.release();
    });
    await print(terminal, given.json === true, result);
    return result.exitCode;
  },
});

async function print(terminal: Terminal, isJson: boolean, result: BugsResult): Promise<void> {
  const { out } = terminal;
  if (isJson) {
    const { bugsDocument, documentText } = await import("../../report/document-of.ts");
    out.text(documentText(bugsDocument(result)));
    return;
  }
  const { bugsLines } = await import("../../report/text/bugs-text.ts");
  out.lines(bugsLines(result, out.style));
}

interface RowView {
  readonly show: (rows: readonly BugResult[], total: number) => void;
  readonly end: () => void;
}

/** How many bugs are done, redrawn on a terminal; nothing elsewhere. */
async function openRowView(terminal: Terminal, takesOutput: boolean): Promise<RowView> {
  const drawn = [...(takesOutput ? [] : [terminal.out]), terminal.err].find((output: Output) => output.isTty);
  if (drawn === undefined) return { show: () => undefined, end: () => undefined };
  const { createLogUpdate } = await import("log-update");
  const frame = createLogUpdate(drawn.stream);
  return {
    show: (rows, total) => {
      const caught = rows.filter((row) => row.caught).length;
      frame(` ${rows.length}/${total} bugs planted · ${caught} caught`);
    },
    end: () => {
      frame.clear();
      frame.done();
    },
  };
}
