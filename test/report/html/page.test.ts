import { describe, expect, it } from "vitest";
import { reportPage } from "../../../src/report/html/page.ts";
import { timelineSvg } from "../../../src/report/html/timeline.ts";
import { markupProblem } from "../markup-check.ts";
import { cleanSuite, failureWith, sampleFinding, sampleRecord, sampleSuite, vacuousSuite } from "../sample-results.ts";

describe("the HTML report", () => {
  it("shows findings first, with text, items and timeline, then the scenarios", () => {
    const page = reportPage(sampleSuite);
    expect(markupProblem(page)).toBeNull();
    const order = [
      "1 finding",
      "<article>",
      "npx wavetank replay wt1.",
      "what is known of it",
      "<svg",
      "<h2>Scenarios",
    ];
    const places = order.map((part) => page.indexOf(part));
    expect(places).not.toContain(-1);
    expect(places).toEqual(places.toSorted((a, b) => a - b));
    expect(page).toContain("replicated-log");
  });

  it("works from disk: no scripts, nothing loaded from elsewhere", () => {
    expect(reportPage(sampleSuite)).not.toMatch(/<script|<link|<img|src=|href=|url\(|@import|https?:/);
  });

  it("escapes everything that comes from a run", () => {
    const evil = `<script>alert(1)</script>"'&\u0000`;
    const record = { ...sampleRecord, failure: failureWith({ message: evil, subject: evil, observed: evil }) };
    const page = reportPage({
      ...vacuousSuite,
      findings: [{ ...sampleFinding, scenario: evil, record, seeds: [evil] }],
      scenarios: [{ ...vacuousSuite.scenarios[0]!, name: evil, doc: evil, unreached: [evil] }],
      harnessErrors: [evil],
    });
    expect(page).not.toContain("<script");
    expect(page).not.toContain("\u0000");
    expect(markupProblem(page)).toBeNull();
  });

  it("says what is the matter without findings", () => {
    expect(reportPage(cleanSuite)).toContain("✔ passed");
    expect(reportPage(vacuousSuite)).toContain("key-value: fault disk.full never bit");
  });
});

describe("the timeline", () => {
  it("draws faults, ops and incarnations up to the failure on one axis", () => {
    const svg = timelineSvg(sampleRecord);
    expect(markupProblem(svg)).toBeNull();
    expect(svg).toContain('<rect class="fault"');
    expect(svg).toContain("server#1, crashed at 0:06.031_250");
    expect(svg).toContain("<title>server#2</title>");
    expect(svg).toContain("ops, session 2");
    expect(svg).toContain("✖ 0:06.546");
  });

  it("draws a fault without a witness hollow", () => {
    const faults = sampleRecord.faults.map((fate) => ({ ...fate, bit: false }));
    const svg = timelineSvg({ ...sampleRecord, faults });
    expect(svg).toContain('<rect class="inert"');
    expect(svg).not.toContain('<rect class="fault"');
  });

  it("stays inside its frame for failures at any time", () => {
    for (const at of [0, 1, 999, 1_000_000, 3_600_000_000]) {
      const svg = timelineSvg({ ...sampleRecord, failure: failureWith({ at: at as never }) });
      for (const [, x] of svg.matchAll(/ x1?="(\d+)"/g)) expect(Number(x)).toBeLessThanOrEqual(960);
    }
  });

  it("is empty for a run that passed", () => {
    expect(timelineSvg({ ...sampleRecord, failure: null })).toBe("");
  });
});
