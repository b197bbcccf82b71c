/** S-CONN-2: histories against the lifecycle and what connectors said. */
import { describe, expect, it } from "vitest";
import { statusPath } from "../../../src/invariants/connectors/status-path.ts";
import { firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { recorded, said, statusRow, type Told } from "../../support/status-rows.ts";

const of = (status: Told["status"]): Told => {
  const isWell = status !== "stalled" && status !== "failed" && status !== "degraded";
  return { id: "u3", status, error: isWell ? null : `${status} for a reason` };
};

/** Stores these statuses one by one, numbered from 1. */
function stored(statuses: readonly Told["status"][]): readonly Seen[] {
  const change = shardHistory();
  return statuses.map((status, at) =>
    change("tables", { upper: (at + 1) * 10, updates: [[statusRow(at + 1, of(status)), at * 10, 1]] }),
  );
}

function told(statuses: readonly Told["status"][]): readonly Seen[] {
  return statuses.map((status) => said(of(status)));
}

describe("S-CONN-2", () => {
  it("accepts what a connector said, in its order, with reports that were lost", () => {
    const all = ["starting", "stalled", "running", "failed", "starting", "running"] as const;
    expect(firstBreach(statusPath, [...told(all), ...stored(all)])).toBeUndefined();
    expect(firstBreach(statusPath, [...told(all), ...stored(["running", "failed", "running"])])).toBeUndefined();
    const [first, ...rest] = stored(["starting", "dropped"]);
    expect(
      firstBreach(statusPath, [...told(["starting"]), first!, recorded(1, of("starting")), ...rest]),
    ).toBeUndefined();
  });

  it.each<readonly [string, readonly Told["status"][], readonly Told["status"][]]>([
    ["anything behind the end", ["starting", "running"], ["starting", "dropped", "running"]],
    ["an end of failure without a new rendering", ["starting", "failed", "running"], ["failed", "running"]],
    ["what its connector never said", ["starting"], ["starting", "running"]],
    ["the same status twice", ["starting", "running"], ["running", "running"]],
    ["a status that nobody knows", [], ["degenerate" as "running"]],
  ])("rejects %s", (_what, sayings, rows) => {
    expect(firstBreach(statusPath, [...told(sayings), ...stored(rows)])?.subject).toBe("u3");
  });

  it("accepts what is degraded between running and running, or stalled", () => {
    const all = ["starting", "running", "degraded", "running", "degraded", "stalled", "running"] as const;
    expect(firstBreach(statusPath, [...told(all), ...stored(all)])).toBeUndefined();
    expect(firstBreach(statusPath, [...told(all), ...stored(["starting", "degraded", "running"])])).toBeUndefined();
  });

  it.each<readonly [Told["status"], Told["status"]]>([
    ["starting", "degraded"],
    ["stalled", "degraded"],
    ["failed", "running"],
    ["failed", "degraded"],
  ])("rejects a rendering that was %s and says %s", (before, after) => {
    const path = told(before === "starting" ? [before, after] : ["starting", before, after]);
    expect(firstBreach(statusPath, path)).toMatchObject({ subject: "u3", observed: after });
    const [rendered, first] = told(["starting", after]);
    const elsewhere: readonly Seen[] = [
      [...rendered!.slice(0, 2), "clusterd-1#1"] as unknown as Seen,
      ...path.slice(0, -1),
      [...first!.slice(0, 2), "clusterd-1#1"] as unknown as Seen,
    ];
    const isOk = after === "running";
    expect(firstBreach(statusPath, elsewhere) === undefined).toBe(isOk);
  });

  it("rejects rows that are not numbered upwards, or of an earlier incarnation", () => {
    const change = shardHistory();
    const row = (seq: number, incarnation: number, upper: number): Seen =>
      change("tables", {
        upper,
        updates: [[statusRow(seq, { id: "u3", status: "starting", incarnation }), upper - 1, 1]],
      });
    const both = [said({ id: "u3", status: "starting", incarnation: 2 }), said({ id: "u3", status: "starting" })];
    const first = [...both, row(5, 2, 10)];
    expect(firstBreach(statusPath, [...first, row(5, 2, 20)])?.message).toContain("numbered");
    expect(firstBreach(statusPath, [...first, row(6, 1, 20)])?.message).toContain("incarnation");
  });

  it("rejects an error of what is well, and what is not well without one", () => {
    const change = shardHistory();
    for (const [at, row] of [
      { id: "a", status: "running", error: "x" } as const,
      { id: "b", status: "stalled" } as const,
    ].entries()) {
      const stores = change("tables", { upper: at + 1, updates: [[statusRow(at + 1, row), at, 1]] });
      expect(firstBreach(statusPath, [said(row), stores])?.subject).toBe(row.id);
    }
  });

  it("rejects a row that says what the row before said, however often its connector said so", () => {
    const many = ["starting", "stalled", "stalled", "stalled"] as const;
    expect(firstBreach(statusPath, [...told(many), ...stored(["starting", "stalled"])])).toBeUndefined();
    expect(firstBreach(statusPath, [...told(many), ...stored(["stalled", "stalled"])])?.message).toContain("no news");
  });

  it("rejects the word of an environment that is not stored", () => {
    const trace = [...told(["starting", "running"]), ...stored(["starting"]), recorded(1, of("running"))];
    expect(firstBreach(statusPath, trace)?.message).toContain("is not");
  });
});
