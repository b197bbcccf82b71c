/** S-CTL-1 and L-CTL-1: what replicas report, and what is let go of in the end. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { loadPgParser } from "../../../src/base/pg-parser.ts";
import { movingSinces } from "../../../src/invariants/control/moving-sinces.ts";
import { reportedFrontiers } from "../../../src/invariants/control/reported-frontiers.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";
import { head, item, reconciled } from "./traces.ts";

beforeAll(loadPgParser);

const reported = (id: string, upper: number | null, process = head): Seen => [
  "frontier.reported",
  { replica: "r1", id, upper },
  process,
];

describe("S-CTL-1", () => {
  const written = (): readonly Seen[] => {
    const change = shardHistory();
    return [
      catalogHistory()([], item("u1", "materialized-view")),
      change("u1", { upper: 5 }),
      change("u1", { upper: 9 }),
    ];
  };

  it("accepts what is durable, rises, and begins anew with each connection and life", () => {
    const trace = [
      ...written(),
      reported("u1", 5),
      reported("u1", 9),
      reconciled("n2", { kept: ["u1"] }),
      reported("u1", 6),
      reported("u1", 7, "clusterd-0#2"),
      reported("u9", 99),
    ];
    expect(firstBreach(reportedFrontiers, trace)).toBeUndefined();
  });

  it("accepts an empty frontier of what is finished alone", () => {
    const change = shardHistory();
    const trace = [catalogHistory()([], item("u1", "materialized-view")), change("u1", { upper: null })];
    expect(firstBreach(reportedFrontiers, [...trace, reported("u1", null)])).toBeUndefined();
    expect(firstBreach(reportedFrontiers, [...written(), reported("u1", null)])).toMatchObject({ observed: null });
  });

  it("rejects what is not durable, and what goes back on one connection", () => {
    expect(firstBreach(reportedFrontiers, [...written(), reported("u1", 10)])).toMatchObject({
      expected: { atMost: 9 },
    });
    const back = [...written(), reported("u1", 9), reported("u1", 8)];
    expect(firstBreach(reportedFrontiers, back)).toMatchObject({ expected: { atLeast: 9 }, observed: 8 });
  });
});

describe("L-CTL-1", () => {
  const now = 200_000;
  const applied: Seen = ["oracle.applied", { generation: 1, epoch: 1, ts: now }, "env-1#1"];
  const sql = 'CREATE MATERIALIZED VIEW "v" AS SELECT "a" FROM "t"';
  const replica: Json = { kind: "replica", key: "r1", value: { cluster: "c1", name: "r1", size: {} } };
  const objects = [
    ...item("t", "table", { name: "t", sql: 'CREATE TABLE "t" ("a" int)' }),
    ...item("v", "materialized-view", { name: "v", sql }),
  ];
  /** A table and a view over it, with these sinces, and how far the view is. */
  const world = (sinces: readonly [number, number], view = now, entries: readonly Json[] = [...objects, replica]) => {
    const change = shardHistory();
    return [
      catalogHistory()([], entries),
      change("t", { upper: now, since: sinces[0] }),
      change("v", { upper: view, since: sinces[1] }),
      applied,
    ];
  };

  it("accepts sinces that are as far behind as is kept readable, and a young world", () => {
    expect(firstBreach(movingSinces, world([now - 30_000, now - 34_000]))).toBeUndefined();
    const [catalog, table] = world([now, 0]);
    const finished = shardHistory()("v", { upper: null, since: null });
    expect(firstBreach(movingSinces, [catalog!, table!, finished, applied])).toBeUndefined();
    const change = shardHistory();
    const young = [catalogHistory()([], objects), change("t", { upper: 20_000 }), change("v", { upper: 20_000 })];
    expect(firstBreach(movingSinces, young)).toBeUndefined();
  });

  it("accepts that a view holds what it reads while its cluster has no replica, and that a sink does", () => {
    const other: Json = { kind: "replica", key: "r1", value: { cluster: "c2", name: "r1", size: {} } };
    expect(firstBreach(movingSinces, world([9_000, 9_000], 9_001, [...objects, other]))).toBeUndefined();
    const from = `CREATE SINK "s" FROM "t" INTO KAFKA CONNECTION "k" (TOPIC 'x') KEY ("a") FORMAT JSON ENVELOPE UPSERT`;
    const sink = item("s", "sink", { name: "s", sql: from });
    expect(firstBreach(movingSinces, world([0, now - 1], now, [...objects, ...sink, replica]))).toBeUndefined();
  });

  it("rejects a since that stands still, also where the view that holds it does", () => {
    expect(firstBreach(movingSinces, world([now, 0]))).toMatchObject({ subject: "v", observed: 0 });
    expect(firstBreach(movingSinces, world([9_000, 9_000], 9_001))).toMatchObject({ subject: "t", observed: 9_000 });
  });
});
