/** `wavetank run`: the suite, watched while it runs and reported when it has ended. */
import { randomInt } from "node:crypto";
import { resolve } from "node:path";
import type { SuiteProgress, SuiteResult } from "../../runner/finding/finding.ts";
import type { SuiteOptions } from "../../runner/suite/options.ts";
import type { FlagValues } from "../command.ts";
import type { Project } from "../project.ts";
import type { Terminal } from "../terminal.ts";
import { UsageError } from "../../base/errors.ts";
import { defineCommand, onOff, repeated, valued } from "../command.ts";
import { exitCodes } from "../exit-codes.ts";
import { assignment, duration, names, oneOf, shard, someText, wholeNumber } from "../flag-values.ts";
import { shownPath } from "../terminal.ts";

const reporters = ["default", "github", "junit", "html", "json"] as const;
type Reporter = (typeof reporters)[number];

const seedsDefault = 100;
const seedsMax = 1_000_000;
const aSeed = "a seed, as runs print it";

const flags = {
  seeds: valued("--seeds <n>", `seeds of each scenario; default ${seedsDefault}`, wholeNumber("--seeds", 1, seedsMax)),
  seed: valued("--seed <seed>", "run exactly this seed", someText("--seed", aSeed)),
  from: valued("--from <seed>", "first seed; default a new one at every start", someText("--from", aSeed)),
  jobs: valued("--jobs <n>", "worker threads; default one a core", wholeNumber("--jobs", 1, 1_024)),
  budget: valued("--budget <time>", 'begin no further seeds after this real time, like "60s"', duration("--budget")),
  shard: valued("--shard <i/n>", "run the i-th of n parts of the seeds", shard("--shard")),
  plant: valued("--plant <bug>", "plant this bug", someText("--plant", "the id of a bug")),
  only: repeated("--only <faults>", 'only these faults, by id or area: "net,disk.slow"', names("--only")),
  without: repeated("--without <faults>", "all but these faults", names("--without")),
  set: repeated("--set <knob=value>", "hold a knob at a value", assignment("--set")),
  maxFailures: valued(
    "--max-failures <n>",
    "distinct failures after which a scenario is stopped; default 5",
    wholeNumber("--max-failures", 1, 1_000),
  ),
  report: valued("--report <dir>", "write the report here, even if all is well", someText("--report", "a folder")),
  reporter: valued("--reporter <name>", `what to print: ${reporters.join(", ")}`, oneOf("--reporter", reporters)),
  json: onOff("--json", "print one JSON document; the same as --reporter json"),
};

type RunFlags = FlagValues<typeof flags>;

export const runCommand = defineCommand({
  name: "run",
  args: "[scenario...]",
  doc: "Run scenarios over many seeds, shrink what fails, and judge what was covered.",
  flags,
  examples: [
    "run --seeds 1000",
    "run key-value --budget 60s --only net,process",
    "run key-value --seed 7k3q9zt4mvx2c",
    "run --shard 2/4 --reporter junit",
  ],
  run: async (terminal, scenarios, given) => {
    checkTogether(given);
    const reporter = given.json === true ? "json" : (given.reporter ?? "default");
    const { findProject, defaultReports } = await import("../project.ts");
    const project = await findProject(terminal);
    const folder = resolve(terminal.cwd, given.report ?? project.config.reports ?? defaultReports);
    if (given.report !== undefined) await (await import("../report-files.ts")).makeReportFolder(folder);
    const { localSuite } = await import("../local-places.ts");
    const result = localSuite(terminal, await watch(terminal, reporter, await optionsOf(project, scenarios, given)));
    const isWritten = given.report !== undefined || result.findings.length > 0;
    const written = isWritten ? await write(folder, result) : { page: null, problem: null };
    await print(terminal, reporter, result, written.page);
    if (written.problem === null) return result.exitCode;
    terminal.err.lines([`${terminal.err.style.paint.bad("error")} the report is not whole: ${written.problem}`]);
    // What was found counts more than a full disk; where all was well, a report that was asked for is missing.
    return result.exitCode === exitCodes.passed ? exitCodes.harness : result.exitCode;
  },
});

function checkTogether(given: RunFlags): void {
  const conflicts: readonly (readonly [keyof RunFlags, keyof RunFlags, string])[] = [
    ["seed", "seeds", "--seed runs exactly one seed: leave out --seeds"],
    ["seed", "from", "--seed runs exactly one seed: leave out --from"],
    ["seed", "shard", "--seed runs exactly one seed, which has no parts: leave out --shard"],
    ["json", "reporter", "--json prints a document, --reporter says what to print: leave out one of them"],
  ];
  for (const [one, other, message] of conflicts) {
    if (given[one] === undefined || given[other] === undefined) continue;
    if (one === "json" && given.reporter === "json") continue;
    throw new UsageError(message);
  }
}

async function optionsOf(project: Project, scenarios: readonly string[], given: RunFlags): Promise<SuiteOptions> {
  const { freshSeed, parseSeed } = await import("../../runner/plan/seed.ts");
  const { workerEntry } = await import("../../scenario/load.ts");
  const { config, source } = project;
  const start = given.seed ?? given.from;
  const from = start === undefined ? freshSeed(() => randomInt(2 ** 32)) : parseSeed(start);
  // A budget alone decides how many seeds there are.
  const unsaid = given.budget === undefined ? (config.seeds ?? seedsDefault) : seedsMax;
  return {
    source,
    worker: workerEntry,
    names: scenarios,
    seeds: given.seed === undefined ? (given.seeds ?? unsaid) : 1,
    from,
    jobs: given.jobs ?? config.jobs,
    maxFailures: given.maxFailures ?? config.maxFailures,
    bug: given.plant,
    steering: { only: given.only ?? [], without: given.without ?? [], set: given.set ?? [] },
    budgetMillis: given.budget === undefined ? undefined : given.budget / 1_000,
    shard: given.shard,
  };
}

/** Writes the report; a failure to do so must not cost what was found. */
async function write(
  folder: string,
  result: SuiteResult,
): Promise<{ readonly page: string | null; readonly problem: string | null }> {
  const { writeReport } = await import("../report-files.ts");
  try {
    return { page: await writeReport(folder, result), problem: null };
  } catch (error) {
    return { page: null, problem: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs the suite, its progress on screen; the user may stop it. */
async function watch(terminal: Terminal, reporter: Reporter, options: SuiteOptions): Promise<SuiteResult> {
  const [{ runSuite }, { openLiveView }, { watchInterruption }] = await Promise.all([
    import("../../runner/suite/suite.ts"),
    import("../live-view.ts"),
    import("../interruption.ts"),
  ]);
  const isText = reporter === "default" || reporter === "github";
  const budget = isOpenEnded(options) ? options.budgetMillis : undefined;
  const head = isText ? await headingOf(terminal, options) : () => undefined;
  const view = await openLiveView(terminal, !isText);
  const interruption = watchInterruption(terminal, view.isDrawn);
  interruption.signal.addEventListener("abort", () => view.hint("stopping, Ctrl-C ends at once"));
  const onProgress = (progress: SuiteProgress): void => {
    head(progress);
    view.show(budget === undefined ? progress : withPace(progress, budget));
  };
  try {
    const result = await runSuite({ ...options, onProgress, signal: interruption.signal });
    head(result);
    return budget === undefined || result.interrupted ? result : asPlanned(result);
  } finally {
    view.end();
    interruption.release();
  }
}

/** Prints the heading when it is first called: the number of scenarios is known only once workers have loaded them. */
async function headingOf(
  { out }: Terminal,
  options: SuiteOptions,
): Promise<(suite: Pick<SuiteProgress, "scenarios">) => void> {
  const [{ suiteHeading }, { coresCount }] = await Promise.all([
    import("../../report/text/suite-text.ts"),
    import("../../runner/pool/pool.ts"),
  ]);
  let isPrinted = false;
  return ({ scenarios }) => {
    if (isPrinted) return;
    isPrinted = true;
    const { from, shard: part, jobs = coresCount() } = options;
    const seeds = isOpenEnded(options) ? null : options.seeds;
    out.lines([suiteHeading({ scenarios: scenarios.length, seeds, jobs, from, shard: part }, out.style)]);
  };
}

/** Time alone decides how many seeds there are. */
function isOpenEnded({ budgetMillis, seeds }: SuiteOptions): boolean {
  return budgetMillis !== undefined && seeds === seedsMax;
}

/** With a budget alone nobody planned a number of seeds: it is what the pace so far comes to. */
function withPace(progress: SuiteProgress, budgetMillis: number): SuiteProgress {
  const parts = Math.max(1, (budgetMillis * 1_000) / Math.max(1, progress.wallMicros));
  const planned = (seeds: number): number => Math.round(seeds * parts);
  const scenarios = progress.scenarios.map((each) => ({ ...each, seedsPlanned: planned(each.seeds) }));
  return { ...progress, scenarios, seedsPlanned: planned(progress.seeds) };
}

/** A suite that was to run for a time, not for a number of seeds, did all it was to do. */
function asPlanned(result: SuiteResult): SuiteResult {
  const scenarios = result.scenarios.map((each) => ({ ...each, seedsPlanned: each.seeds }));
  return { ...result, scenarios, seedsPlanned: result.seeds };
}

async function print(terminal: Terminal, reporter: Reporter, result: SuiteResult, page: string | null): Promise<void> {
  const { out } = terminal;
  const shown = page === null ? null : shownPath(terminal, page);
  switch (reporter) {
    case "default":
    case "github": {
      const { suiteLines } = await import("../../report/text/suite-text.ts");
      out.lines(suiteLines(result, { report: shown }, out.style));
      if (reporter === "github") out.lines((await import("../../report/github.ts")).githubAnnotations(result));
      return;
    }
    case "json": {
      const { documentText, runDocument } = await import("../../report/document-of.ts");
      return out.text(documentText(runDocument(result)));
    }
    case "junit":
      return out.text((await import("../../report/junit.ts")).junitXml(result));
    case "html":
      return out.text((await import("../../report/html/page.ts")).reportPage(result));
  }
}
