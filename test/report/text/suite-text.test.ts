import { describe, expect, it } from "vitest";
import { columnsOf } from "../../../src/report/text/printable.ts";
import { suiteHeading, suiteLines } from "../../../src/report/text/suite-text.ts";
import { cleanScenario, cleanSuite, plain, sampleFinding, sampleSuite, vacuousSuite } from "../sample-results.ts";

const text = (lines: readonly string[]): string => `\n${lines.join("\n")}\n`;

describe("the text of a suite", () => {
  it("heads the suite with the seed that starts it again", () => {
    const suite = { scenarios: 5, seeds: 200, jobs: 2, from: "7k3q9zt4mvx2c" };
    expect(suiteHeading(suite, plain(120))).toBe("5 scenarios × 200 seeds · 2 workers · from 7k3q9zt4mvx2c");
    expect(suiteHeading({ ...suite, scenarios: 1, seeds: null }, plain(120))).toBe(
      "1 scenario · 2 workers · from 7k3q9zt4mvx2c",
    );
    expect(suiteHeading({ ...suite, shard: { index: 2, count: 3 } }, plain(120))).toContain("200 seeds · shard 2/3 ·");
  });

  it("says of a clean suite what it proves", () => {
    expect(text(suiteLines(cleanSuite, { report: null }, plain(120)))).toMatchInlineSnapshot(`
      "
       ✔  replicated-log  200  0 found  6h 40m  1,200×  1/1 bit  2/2 reached

      ✔ 200 seeds · 6h 40m simulated in 52 s (1,200× a core) · hash 9c41e0 · faults 1/1 bit, 0 inert · sometimes 2/2
        95 % sure: no bug left that hits more than 1 seed in 66 of any scenario (--seeds 2000: 1 in 666)
      "
    `);
  });

  it("shows rows, totals, findings and how it ended", () => {
    const lines = suiteLines(sampleSuite, { report: "reports/index.html" }, plain(120));
    const first = lines.findIndex((line) => line.startsWith("✖ KV-1"));
    expect(text(lines.slice(0, first + 1))).toMatchInlineSnapshot(`
      "
       ✖  key-value       200  1 found  6h 40m  1,200×  1/2 bit  1/2 reached  · tail-cut
       ✔  replicated-log  200  0 found  6h 40m  1,200×  1/1 bit  2/2 reached

      ✖ 400 seeds · 13h 20m simulated in 52 s (1,200× a core) · hash 9c41e0 · faults 1/2 bit, 1 inert · sometimes 3/4
        95 % sure: no further bug that hits more than 1 seed in 66 of any scenario (--seeds 2000: 1 in 666)

      ✖ KV-1 violated: An acknowledged put is lost.                                        key-value · seed 7k3q9zt4n01b8 (+1)
      "
    `);
    expect(lines.at(-1)).toBe("✖ 1 finding from 2 of 400 seeds · exit 1 · reports/index.html");
  });

  it("says of a vacuous suite what was never put to the test", () => {
    const lines = suiteLines(vacuousSuite, { report: null }, plain(120));
    expect(lines[0]).toMatch(/^ ✖ {2}key-value/);
    expect(lines).toContain(
      "✖ vacuous key-value: fault disk.full never bit: 0 of 3 injections left a witness in 200 seeds",
    );
    expect(lines).toContain('✖ vacuous key-value: "tail-cut" was reached by none of 200 seeds');
    expect(lines.at(-1)).toBe("✖ vacuous · exit 4");
  });

  it("does not hold coverage against a suite that is not judged by it", () => {
    const lines = suiteLines({ ...vacuousSuite, verdict: "passed", exitCode: 0 }, { report: null }, plain(120));
    expect(lines[0]).toMatch(/^ ✔ {2}key-value/);
    expect(lines.join("\n")).not.toContain("vacuous");
  });

  it("reports what an interrupted suite found so far", () => {
    const scenarios = [{ ...cleanScenario, seeds: 60 }];
    const interrupted = { ...cleanSuite, interrupted: true, exitCode: 130, seeds: 60, scenarios };
    const lines = suiteLines(interrupted, { report: null }, plain(120));
    expect(lines[0]).toMatch(/^ – {2}replicated-log/);
    expect(lines[2]).toContain("✖ 60/200 seeds · ");
    expect(lines.at(-1)).toBe("✖ interrupted, nothing found so far · exit 130");
    const found = suiteLines({ ...interrupted, findings: [sampleFinding] }, { report: null }, plain(120));
    expect(found.at(-1)).toBe("✖ 1 finding from 0 of 60 seeds · interrupted · exit 130");
  });

  it("names what went wrong with the harness", () => {
    const lines = suiteLines(
      { ...cleanSuite, verdict: "out-of-budget", exitCode: 5, harnessErrors: ["worker died: out of memory"] },
      { report: null },
      plain(120),
    );
    expect(lines).toContain("✖ harness worker died: out of memory");
  });

  it.each([60, 80, 100, 120, 200])("keeps its own lines within %i columns", (width) => {
    const named = sampleSuite.scenarios.map((each) => ({ ...each, name: `${each.name}-${"x".repeat(60)}` }));
    const suite = { ...vacuousSuite, scenarios: named };
    const lines = suiteLines(suite, { report: "reports/index.html" }, plain(width));
    const rows = lines.slice(
      0,
      lines.findIndex((line) => line.includes("vacuous")),
    );
    expect(rows.length).toBeGreaterThan(3);
    for (const line of rows) expect(columnsOf(line)).toBeLessThanOrEqual(width);
  });

  it("claims nothing after too few seeds", () => {
    const scenarios = [{ ...cleanScenario, seeds: 5 }];
    const lines = suiteLines({ ...cleanSuite, seeds: 5, scenarios }, { report: null }, plain(120));
    expect(lines.join("\n")).not.toContain("95 %");
  });
});
