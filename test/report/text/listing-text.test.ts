import { describe, expect, it } from "vitest";
import type { Listing } from "../../../src/report/listing.ts";
import { listingLines } from "../../../src/report/text/listing-text.ts";
import { plain } from "../sample-results.ts";

const listing: Listing = {
  scenarios: [
    {
      id: "kv",
      doc: "A server.",
      file: "kv.ts",
      ops: ["put"],
      faults: ["disk.full"],
      invariants: ["KV-1"],
      bugs: ["B1"],
    },
  ],
  faults: [{ id: "disk.full", doc: "Writes fail.", witness: "disk.full", scenarios: ["kv"] }],
  workloads: [],
  invariants: [
    { id: "KV-1", doc: "Nothing is lost.", kind: "safe", provenBy: ["B1", "B2"], scenarios: ["kv"] },
    { id: "KV-2", doc: "Everything ends.", kind: "end", provenBy: [], scenarios: ["kv"] },
  ],
  bugs: [{ id: "B1", doc: "It forgets.", breaks: "KV-1", source: "made up", scenario: "kv" }],
  cores: [],
};

describe("the text of a listing", () => {
  it("is a table a kind", () => {
    const lines = listingLines(listing, ["scenarios", "faults", "invariants", "bugs"], plain(100));
    expect(`\n${lines.join("\n")}\n`).toMatchInlineSnapshot(`
      "
      scenario  ops  faults  invariants  bugs  doc
      kv          1       1           1     1  A server.

      fault      witness    scenarios  doc
      disk.full  disk.full          1  Writes fail.

      invariant  kind  proven by   scenarios  doc
      KV-1       safe  B1 B2               1  Nothing is lost.
      KV-2       end   – UNTESTED          1  Everything ends.

      bug  breaks  scenario  title
      B1   KV-1    kv        It forgets.
      "
    `);
  });

  it("says of a kind that there is none", () => {
    expect(listingLines({ ...listing, bugs: [] }, ["bugs"], plain(100))).toEqual(["bugs  none"]);
  });
});
