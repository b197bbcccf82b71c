import { describe, expect, it } from "vitest";
import { bugsLines } from "../../../src/report/text/bugs-text.ts";
import { plain, sampleBugs } from "../sample-results.ts";

describe("the text of planted bugs", () => {
  it("is a table, with the reason below a bug that was not caught", () => {
    expect(`\n${bugsLines(sampleBugs, plain(110)).join("\n")}\n`).toMatchInlineSnapshot(`
      "
          bug                                                           killed by   seeds    cpu  repro  sound
       ✔  KV-RETRY A request that is sent again is performed again.     KV-2           44  4.1 s      3  ✔
       ✖  KV-TORN Recovery believes the last line without its checksu…  –          >2,000  4.1 s      –  ✔
          ← KV-4 saw nothing

      1 of 2 killed · median 44 seeds, p95 44 · exit 4
      "
    `);
  });

  it("does not count a bug that another invariant caught, and says which", () => {
    const [, torn] = sampleBugs.bugs;
    const lines = bugsLines({ ...sampleBugs, bugs: [{ ...torn!, caughtBy: "KV-1" }] }, plain(110));
    expect(lines).toContain("    ← KV-1 broke instead of KV-4");
    expect(lines.at(-1)).toBe("0 of 1 killed · exit 4");
  });

  it("does not count a bug on whose seeds the sound code fails too", () => {
    const [retry] = sampleBugs.bugs;
    const lines = bugsLines({ ...sampleBugs, bugs: [{ ...retry!, soundIsClean: false }] }, plain(110));
    expect(lines.join("\n")).toContain("0 of 1 killed");
    expect(lines.at(-1)).toContain("The sound code fails on the seeds of KV-RETRY");
  });

  it("says so where there is nothing to plant", () => {
    expect(bugsLines({ ...sampleBugs, bugs: [] }, plain(110))).toEqual(["no scenario has a bug to plant"]);
  });
});
