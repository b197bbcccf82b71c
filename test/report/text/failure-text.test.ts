import { describe, expect, it } from "vitest";
import { failureLines, findingLines } from "../../../src/report/text/failure-text.ts";
import { paintOf } from "../../../src/report/text/paint.ts";
import { clip, columnsOf } from "../../../src/report/text/printable.ts";
import { hasControlCharacters } from "../control-characters.ts";
import { failureWith, plain, planOf, sampleFailure, sampleFinding, sampleRecord } from "../sample-results.ts";

// oxlint-disable-next-line no-control-regex -- the escape character opens every colour
const colour = /\u001b\[\d+m/g;

const text = (lines: readonly string[]): string => `\n${lines.join("\n")}\n`;

describe("the text of a failure", () => {
  it("goes from verdict to the one command that reproduces it", () => {
    expect(text(findingLines(sampleFinding, plain(120)))).toMatchInlineSnapshot(`
      "
      ✖ KV-1 violated: An acknowledged put is lost.                                        key-value · seed 7k3q9zt4n01b8 (+1)
        where     0:06.546, event 1,208, server#2, scenarios/server.ts:64:7
        expected  {value: 7}
        observed  null
        It takes 3 of 143 items (41 runs, verified twice; passes without any of them):
          0:02.100     op    put {key: "a", amount: 7}                       ← any other value fails too
          0:04.120     op    read, session 2
          0:06.031_250 fault process.crash {host: "server"}, until 0:06.540
                   ← only these parameters fail (2 others tried), any time 0:06.013 to 0:08.900
          knobs {replicas: 2}
        Then:
          0:00.000      –         process.started      {"host":"server","process":"server#1"}
          0:02.100      driver#1  op.started           {"op":"put"}
          0:02.100_500  server#1  net.message          driver → server put
          0:06.031_250  faults#1  fault process.crash  inject {"host":"server"} until 0:06.540
          0:06.031_250  –         process.crashed      {"host":"server","process":"server#1"}
          0:06.100_002  driver#1  net.message          retry ×3
          0:06.540      –         process.started      {"host":"server","process":"server#2"}
          0:06.546      driver#1  kv.read              {"key":"a","value":null}  ✖
        Console:
          0:06.540_100  server#2  recovered 0 records
        replay  npx wavetank replay wt1.nVLBbsQwQ8A
      "
    `);
  });

  it("fits 80 columns, except for the token", () => {
    const lines = findingLines(sampleFinding, plain(80));
    expect(text(lines)).toMatchInlineSnapshot(`
      "
      ✖ KV-1 violated: An acknowledged put is lost.
        key-value · seed 7k3q9zt4n01b8 (+1)
        where     0:06.546, event 1,208, server#2, scenarios/server.ts:64:7
        expected  {value: 7}
        observed  null
        It takes 3 of 143 items (41 runs, verified twice; passes without any of
          them):
          0:02.100     op    put {key: "a", amount: 7}
                   ← any other value fails too
          0:04.120     op    read, session 2
          0:06.031_250 fault process.crash {host: "server"}, until 0:06.540
                   ← only these parameters fail (2 others tried), any time 0:06.013 to
                   0:08.900
          knobs {replicas: 2}
        Then:
          0:00.000      –         process.started      {"host":"server","process":"se…
          0:02.100      driver#1  op.started           {"op":"put"}
          0:02.100_500  server#1  net.message          driver → server put
          0:06.031_250  faults#1  fault process.crash  inject {"host":"server"} until…
          0:06.031_250  –         process.crashed      {"host":"server","process":"se…
          0:06.100_002  driver#1  net.message          retry ×3
          0:06.540      –         process.started      {"host":"server","process":"se…
          0:06.546      driver#1  kv.read              {"key":"a","value":null}  ✖
        Console:
          0:06.540_100  server#2  recovered 0 records
        replay  npx wavetank replay wt1.nVLBbsQwQ8A
      "
    `);
    for (const line of lines.slice(0, -1)) expect(columnsOf(line)).toBeLessThanOrEqual(80);
  });

  it("is the same text in colour", () => {
    const painted = findingLines(sampleFinding, plain(120, paintOf(true)));
    expect(painted.join("")).toContain("\u001b[31m");
    const bare = painted.map((line) => line.replaceAll(colour, ""));
    expect(bare).toEqual(findingLines(sampleFinding, plain(120)));
  });

  it("says of a run that was not shrunk what its plan holds, without claiming that all of it is needed", () => {
    const context = { seeds: ["7k3q9zt4n01b8"], shrunk: null, repro: "key-value --seed 7k3q9zt4n01b8" };
    const lines = failureLines({ ...sampleRecord, bug: "KV-RETRY" }, context, plain(120));
    expect(lines[0]).toContain("· seed 7k3q9zt4n01b8 · planted KV-RETRY");
    expect(lines).toContain("  The plan has 3 items:");
    expect(lines.join("\n")).not.toContain("It takes");
    expect(lines.at(-1)).toBe("  replay  npx wavetank replay key-value --seed 7k3q9zt4n01b8");
  });

  it("says so when a shrunk plan is not proved or not minimal, or the run fails without any items", () => {
    const { shrunk } = sampleFinding;
    const linesOf = (change: Partial<typeof shrunk>): string =>
      findingLines({ ...sampleFinding, shrunk: { ...shrunk, ...change } }, plain(160)).join("\n");
    expect(linesOf({ verified: false })).toContain("not the same when run again");
    expect(linesOf({ minimal: false })).toContain("perhaps not minimal");
    expect(linesOf({ passesWithoutItems: false })).toContain("fails otherwise without them");
    const none = linesOf({ plan: { ...shrunk.plan, items: [] }, itemsBefore: 1 });
    expect(none).toContain("It takes none of the 1 item: it fails without any");
  });

  it.each([
    ["KV-1 violated", {}],
    ["KV-1 violated for a: lost", { message: "lost", subject: "a" }],
    ["stuck: ", { verdict: "stuck", invariant: "stuck" }],
    ["crashed: ", { verdict: "crashed", invariant: "panic" }],
    ["the body failed: An", { invariant: "body" }],
    ["the body failed: TypeError", { invariant: "body", message: "the body failed: TypeError" }],
    ["diverged: ", { verdict: "diverged", invariant: "nondeterminism" }],
    ["diverged between runs: ", { verdict: "diverged", invariant: "module-state" }],
    ["hung: ", { verdict: "out-of-budget", invariant: "hung" }],
    ["out of budget: ", { verdict: "out-of-budget", invariant: "out-of-budget" }],
  ] as const)("calls a failure by its name: %s", (title, change) => {
    const record = { ...sampleRecord, failure: failureWith(change) };
    const context = { seeds: [], shrunk: null, repro: "x.json" };
    expect(failureLines(record, context, plain(120))[0]).toContain(`✖ ${title}`);
  });

  it("leaves out what is not known: values, place, process", () => {
    const { expected: _expected, observed: _observed, place: _place, ...bare } = sampleFailure;
    const record = { ...sampleRecord, failure: { ...bare, process: null }, trace: [], console: [] };
    const lines = failureLines(record, { seeds: [], shrunk: null, repro: "x.json" }, plain(120));
    expect(lines).toContain("  where  0:06.546, event 1,208");
    expect(lines.join("\n")).not.toMatch(/expected|observed|Then:|Console:/);
  });

  it("shows text of the code under test on one line, whatever is in it", () => {
    const nasty = "\u001b[2Jgone\nnext\u202e";
    const record = {
      ...sampleRecord,
      plan: planOf({ key: nasty }),
      failure: failureWith({ message: nasty, observed: nasty, process: nasty }),
      console: [{ ...sampleRecord.console[0]!, text: nasty }],
    };
    const lines = failureLines(record, { seeds: [], shrunk: null, repro: "x.json" }, plain(120));
    expect(hasControlCharacters(lines.join(""))).toBe(false);
    expect(lines.join("")).not.toContain("\u202e");
    expect(lines[0]).toContain("\\x1b[2Jgone\\nnext\\u202e");
  });

  it("is empty for a run that passed", () => {
    const context = { seeds: [], shrunk: null, repro: "x.json" };
    expect(failureLines({ ...sampleRecord, failure: null }, context, plain(120))).toEqual([]);
  });

  it("keeps to a line what is too long for one", () => {
    expect(clip("abcdef", 6)).toBe("abcdef");
    expect(clip("abcdefg", 6)).toBe("abcde…");
    expect(clip("\u001b[31mabcdefg\u001b[39m", 4)).toBe("\u001b[31mabc…\u001b[0m");
  });
});
