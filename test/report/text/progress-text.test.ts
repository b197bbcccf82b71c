import { describe, expect, it } from "vitest";
import { columnsOf } from "../../../src/report/text/printable.ts";
import { progressFrame, progressLine } from "../../../src/report/text/progress-text.ts";
import { cleanScenario, plain, sampleProgress } from "../sample-results.ts";

describe("the text of a suite under way", () => {
  it("is a row a scenario and a summary, with the hint at the right edge", () => {
    const frame = progressFrame(sampleProgress, "q stop", plain(120));
    expect(`\n${frame.join("\n")}\n`).toMatchInlineSnapshot(`
      "
       ✔  replicated-log  ██████████  200  0 found  6h 40m  1,200×  1/1 bit  2/2 reached
       ◐  sink            ███░░░░░░░   61  0 found  2h 02m    366×  1/1 bit  2/3 reached  · fenced
       261/400 seeds · 8h 42m simulated in 21 s · ~11 s left · shrinking S-SINK-3: 143 → 6 items                        q stop
      "
    `);
    expect(columnsOf(frame.at(-1)!)).toBe(120);
  });

  it("estimates the time that is left only when there is a pace", () => {
    expect(progressLine({ ...sampleProgress, shrinking: null, wallMicros: 500_000 })).not.toContain("left");
    expect(progressLine({ ...sampleProgress, shrinking: null, seeds: 400 })).not.toContain("left");
    expect(progressLine({ ...sampleProgress, seeds: 100, wallMicros: 10_000_000 })).toContain("~30 s left");
  });

  it.each([60, 80, 100])("keeps within %i columns, so that a redrawn frame never wraps", (width) => {
    for (const line of progressFrame(sampleProgress, "q stop", plain(width))) {
      expect(columnsOf(line)).toBeLessThanOrEqual(width);
    }
  });

  it("loses the bars first where the terminal is narrow", () => {
    expect(progressFrame(sampleProgress, "", plain(120)).join("\n")).toContain("█");
    const narrow = progressFrame(sampleProgress, "", plain(72)).join("\n");
    expect(narrow).not.toContain("█");
    expect(narrow).toContain("61");
  });

  it("shows the last twenty of many scenarios and counts the others", () => {
    const scenarios = Array.from({ length: 50 }, (_, index) => ({ ...cleanScenario, name: `s-${index}` }));
    const frame = progressFrame({ ...sampleProgress, scenarios }, "", plain(120));
    expect(frame).toHaveLength(22);
    expect(frame[0]).toBe(" … 30 scenarios above");
    expect(frame[1]).toContain("s-30");
  });
});
