/** S-FEN-3: writes against the tokens in force, and fenced environments that live on. */
import { describe, expect, it } from "vitest";
import { fencedWrites } from "../../../src/invariants/catalog/fenced-writes.ts";
import { table, token } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, type Seen } from "../../support/hand-trace.ts";

const old = { generation: 1, epoch: 1 };
const newer = { generation: 2, epoch: 2 };

const committed = (writer: object, upper: number, process = "env-1#1"): Seen => [
  "catalog.committed",
  { ...writer, statement: "create-table", ids: ["u1"], upper },
  process,
];
const written = (writer: object, ts: number): Seen => ["table.written", { ...writer, ts, tables: ["u1"] }, "env-1#1"];
const fenced: Seen = ["env.fenced", { own: old, seen: newer, by: "generation" }, "env-1#1", 10];
const ended = (second: number): Seen => [
  "statement.ended",
  { session: "s", number: 1, kind: "select", ok: false, code: "57P01", ts: null },
  "env-1#1",
  second,
];

/** A token, a transaction at 9, another token at 10, and a step to 20. */
function takeover(): readonly [Seen, Seen, Seen, Seen] {
  const catalog = catalogHistory();
  return [
    catalog([], [token(1, 1)], 5),
    catalog([], [table("u1", "t")], 10),
    catalog([token(1, 1)], [token(2, 2)], 11),
    catalog([], [], 20),
  ];
}

describe("S-FEN-3", () => {
  it("accepts writes under the token in force, however late they are heard of", () => {
    const trace = [
      ...takeover(),
      committed(old, 10),
      committed(newer, 12, "env-2#1"),
      written(old, 9),
      written(newer, 15),
    ];
    expect(firstBreach(fencedWrites, trace)).toBeUndefined();
  });

  it("rejects a transaction behind another's token", () => {
    expect(firstBreach(fencedWrites, [...takeover(), committed(old, 20)])).toMatchObject({
      subject: "catalog",
      expected: newer,
      observed: old,
    });
  });

  it("rejects a transaction that claims another's place", () => {
    expect(firstBreach(fencedWrites, [...takeover(), committed(newer, 10)])?.expected).toEqual(old);
  });

  it("rejects rows at a time behind another's token", () => {
    expect(firstBreach(fencedWrites, [...takeover(), written(old, 9), written(old, 12)])?.subject).toBe("tables");
  });

  it("rejects rows at a time that the catalog has not reached", () => {
    const [first, second] = takeover();
    expect(firstBreach(fencedWrites, [first, second, written(old, 9)])).toBeUndefined();
    expect(firstBreach(fencedWrites, [first, second, written(old, 10)])?.message).toMatch("before the catalog");
  });

  it("rejects an environment that answers for long after it was fenced", () => {
    expect(firstBreach(fencedWrites, [fenced, ended(11)])).toBeUndefined();
    expect(firstBreach(fencedWrites, [fenced, ended(16)])?.subject).toBe("lives on");
    const another: Seen = ["env.fenced", { own: old, seen: newer, by: "generation" }, "env-1#2", 10];
    expect(firstBreach(fencedWrites, [another, ended(16)])).toBeUndefined();
  });

  it("forgives one that was paused meanwhile", () => {
    const paused: Seen = ["process.delayed", { host: "env-1", process: "env-1#1" }, "", 11];
    expect(firstBreach(fencedWrites, [fenced, paused, ended(40)])).toBeUndefined();
  });
});
