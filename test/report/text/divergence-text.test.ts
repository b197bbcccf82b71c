import { describe, expect, it } from "vitest";
import { divergenceLines } from "../../../src/report/text/divergence-text.ts";
import { plain, sampleTrace } from "../sample-results.ts";

describe("the text of a divergence", () => {
  it("shows both sides and what they agree on", () => {
    const [first, , third, fourth] = sampleTrace;
    const lines = divergenceLines(
      { event: 800, eventLast: 800, left: third!, right: fourth!, before: [first!] },
      plain(100),
    );
    expect(lines).toEqual([
      "  the runs part at event 800:",
      "      both 0:00.000 server#1  process.start",
      '     first 0:02.100 driver#1  op.started  {"op":"put"}',
      "    second 0:02.100_500 server#1  net.message  driver → server put",
    ]);
  });

  it("says where one side had ended", () => {
    const lines = divergenceLines(
      { event: 5, eventLast: 5, left: null, right: sampleTrace[0]!, before: [] },
      plain(100),
    );
    expect(lines[1]).toBe("     first has ended");
  });

  it("names the bracket where there are no traces", () => {
    const bracket = { event: 257, eventLast: 512, left: null, right: null, before: [] };
    expect(divergenceLines(bracket, plain(100))).toEqual(["  the runs part between events 257 and 512"]);
  });
});
