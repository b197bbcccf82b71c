/** `wavetank replay`: the same run once more, from a seed, a repro file or a token; looked into where asked. */
import type { Divergence } from "../../runner/run/bisect.ts";
import type { RunRecord, Verdict } from "../../runner/run/record.ts";
import type { Subject } from "../subject.ts";
import type { Terminal } from "../terminal.ts";
import { defineCommand, onOff, valued } from "../command.ts";
import { exitCodeOf } from "../exit-codes.ts";
import { moment, someText } from "../flag-values.ts";

const flags = {
  seed: valued("--seed <seed>", "the seed of the scenario's run", someText("--seed", "a seed, as runs print it")),
  until: valued("--until <time>", 'stop at this virtual time: "6s", "0:06.012"', moment("--until")),
  trace: onOff("--trace", "print the trace: one line a transition"),
  process: valued("--process <name>", 'trace of one process: "server", "server#2"', someText("--process", "a name")),
  kind: valued("--kind <kind>", 'trace of one kind of event: "net", "net.reset"', someText("--kind", "a kind")),
  plant: valued("--plant <bug>", "plant this bug", someText("--plant", "the id of a bug")),
  json: onOff("--json", "print one JSON document"),
};

/** What a replay came to. */
interface Replayed {
  readonly record: RunRecord;
  readonly cpuMicros: number;
  readonly verdict: Verdict;
  /** Whether this was the repro's run; null where that cannot be said. */
  readonly isSame: boolean | null;
  /** Where two executions of now part; null when they agree. */
  readonly divergence: Divergence | null;
}

export const replayCommand = defineCommand({
  name: "replay",
  args: "<what>",
  doc: "Run one seed again, or what a repro file or token holds, and say what happens.",
  flags,
  examples: [
    "replay key-value --seed 7k3q9zt4mvx2c",
    "replay reports/repro-key-value-KV-1.json --trace --process server",
    "replay wt1.nVLBbsQw…Q8A --until 6s",
  ],
  run: async (terminal, [what = ""], given) => {
    const { subjectOf } = await import("../subject.ts");
    const subject = await subjectOf(terminal, what, given);
    const { localRecord } = await import("../local-places.ts");
    const done = await replay(subject, given.until);
    const replayed = { ...done, record: localRecord(terminal, done.record) };
    const exitCode = exitCodeOf(replayed.verdict);
    const { filterTrace } = await import("../../report/text/trace-table.ts");
    const trace = given.trace === true ? filterTrace(replayed.record.trace, given) : [];
    if (given.json === true) {
      const { documentText, replayDocument } = await import("../../report/document-of.ts");
      const properties = Object.keys(subject.definition.sometimes);
      const outcome = { ...replayed, exitCode, repro: subject.again, properties, trace };
      terminal.out.text(documentText(replayDocument(replayed.record, outcome)));
      return exitCode;
    }
    const { traceTable } = await import("../../report/text/trace-table.ts");
    if (given.trace === true) terminal.out.lines([...traceTable(trace, terminal.out.style), ""]);
    await tell(terminal, subject, replayed, given.until);
    return exitCode;
  },
});

async function replay(subject: Subject, until: number | undefined): Promise<Replayed> {
  const [{ execute }, { micros }] = await Promise.all([
    import("../../runner/run/execute.ts"),
    import("../../base/time.ts"),
  ]);
  const { definition, plan, bug, repro } = subject;
  const limit = until === undefined ? {} : { until: micros(until) };
  const run = ({ record }: { readonly record: boolean }): Promise<RunRecord> =>
    execute(definition, plan, { bug, record, ...limit });
  const started = performance.now();
  const record = await run({ record: true });
  const cpuMicros = Math.round((performance.now() - started) * 1_000);
  if (repro === null || until !== undefined) {
    return { record, cpuMicros, verdict: record.verdict, isSame: null, divergence: null };
  }
  const isSame = record.hash === repro.hash && bug === repro.bug;
  if (isSame) return { record, cpuMicros, verdict: record.verdict, isSame, divergence: null };
  // Another run than that of the repro: either the code has changed since, or it is not deterministic.
  const { findDivergence } = await import("../../runner/run/bisect.ts");
  const divergence = await findDivergence(run, run);
  return { record, cpuMicros, verdict: divergence === null ? record.verdict : "diverged", isSame, divergence };
}

async function tell(
  terminal: Terminal,
  subject: Subject,
  replayed: Replayed,
  until: number | undefined,
): Promise<void> {
  const { out } = terminal;
  const [{ failureLines }, { divergenceLines }, { counted }, { formatMoment }] = await Promise.all([
    import("../../report/text/failure-text.ts"),
    import("../../report/text/divergence-text.ts"),
    import("../../report/text/quantity.ts"),
    import("../../base/time.ts"),
  ]);
  const { record, divergence } = replayed;
  const { paint } = out.style;
  const context = { seeds: [record.plan.seed], shrunk: null, repro: subject.again };
  out.lines(failureLines(record, context, out.style));
  if (record.failure === null) {
    const isStopped = until !== undefined && record.endedAt >= until;
    const ended = isStopped || until !== undefined ? `nothing failed until ${formatMoment(until!)}` : "passed";
    const planted = record.bug === null ? "" : ` · planted ${record.bug}`;
    const run = `${record.plan.scenario} · seed ${record.plan.seed}${planted}`;
    out.lines([
      `${paint.good("✔")} ${ended} · ${run} · ${counted(record.events, "event")} · ${formatMoment(record.endedAt)}`,
    ]);
  }
  if (subject.repro !== null && until === undefined) out.lines(comparison(subject.repro, replayed));
  if (divergence !== null) out.lines(divergenceLines(divergence, out.style));
  if (subject.repro === null && record.failure !== null) {
    out.lines([`  ${paint.faint("shrink")}  ${paint.accent(`npx wavetank shrink ${subject.again}`)}`]);
  }
}

/** How this run compares to the repro's. */
function comparison(repro: NonNullable<Subject["repro"]>, { record, isSame, divergence }: Replayed): string[] {
  if (isSame === true) return [`  the same run as the repro's, event for event (hash ${record.hash})`];
  if (divergence !== null) return ["✖ diverged: two executions of this plan, here and now, differ"];
  const now = record.failure?.signature ?? "no failure";
  const then = repro.signature === "" ? "no failure" : repro.signature;
  return [
    `  not the run of the repro: the code has changed since it was written (by Wavetank ${repro.wavetank} on Node ${repro.node})`,
    `  then  ${then}, hash ${repro.hash}, planted ${repro.bug ?? "nothing"}`,
    `  now   ${now}, hash ${record.hash}, planted ${record.bug ?? "nothing"}`,
  ];
}
