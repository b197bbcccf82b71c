/** S-LIN-2: times of writes, reads and answers. */
import { describe, expect, it } from "vitest";
import { oracleTimes } from "../../../src/invariants/time/oracle-times.ts";
import { table } from "../../support/catalog-entries.ts";
import { catalogHistory, firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";

const oracle = (kind: string, ts: number, process = "env-1#1"): Seen => [
  `oracle.${kind}`,
  { generation: 1, epoch: 1, ts },
  process,
];
const asked = (number: number, sql: string): Seen => ["client.asked", { session: "s", number, sql }];
const answered = (number: number, sql: string, ts: number | null, ok = true): Seen => [
  "client.answered",
  { session: "s", number, sql, ok, code: ok ? null : "57014", rows: [], ts },
];

const insert = "INSERT INTO t VALUES (1)";
const read = "SELECT * FROM t";

describe("S-LIN-2", () => {
  it("accepts a table write: given, durable, applied, read, by any process", () => {
    const change = shardHistory();
    const trace = [
      oracle("read", 0),
      oracle("write-allocated", 7),
      change("tables", { upper: 8 }),
      oracle("applied", 7),
      oracle("read", 7, "env-1#2"),
      oracle("write-allocated", 9, "env-1#2"),
      oracle("write-allocated", 8, "env-2#1"),
      oracle("read", 7),
    ];
    expect(firstBreach(oracleTimes, trace)).toBeUndefined();
  });

  it("accepts a transaction of the catalog at a time that the tables have not reached", () => {
    const trace = [oracle("write-allocated", 7), catalogHistory()([], [table("u1", "t")], 8), oracle("applied", 7)];
    expect(firstBreach(oracleTimes, trace)).toBeUndefined();
  });

  it("accepts that a read finds what was applied by one that died before it could say so", () => {
    const trace = [oracle("write-allocated", 7), shardHistory()("tables", { upper: 8 }), oracle("read", 7, "env-1#2")];
    expect(firstBreach(oracleTimes, trace)).toBeUndefined();
  });

  it.each([
    ["a time twice", [oracle("write-allocated", 7), oracle("write-allocated", 7, "env-2#1")], "allocated twice"],
    ["a time below the one before", [oracle("write-allocated", 7), oracle("write-allocated", 6)], "allocated"],
    ["the application of another's time", [oracle("write-allocated", 7), oracle("applied", 7, "env-2#1")], "applied"],
    ["an application before the write", [oracle("write-allocated", 7), oracle("applied", 7)], "applied early"],
    ["a read at a time that nobody was given", [oracle("write-allocated", 7), oracle("read", 8)], "read"],
    ["a read before the write", [oracle("write-allocated", 7), oracle("read", 7, "env-2#1")], "read early"],
  ] as const)("rejects %s", (_, trace, subject) => {
    expect(firstBreach(oracleTimes, trace)?.subject).toBe(subject);
  });

  it("rejects an application when only an empty step of the catalog is durable", () => {
    const trace = [oracle("write-allocated", 7), catalogHistory()([], [], 8), oracle("applied", 7)];
    expect(firstBreach(oracleTimes, trace)?.subject).toBe("applied early");
  });

  it("accepts answers that follow real time, and reads beside a write at either side of it", () => {
    const trace = [
      asked(1, insert),
      asked(2, read),
      answered(1, insert, 7),
      answered(2, read, 5),
      asked(3, read),
      answered(3, read, 7),
      asked(4, insert),
      answered(4, insert, 8),
      asked(5, "SELECT * FROM mz_objects"),
      answered(5, "SELECT * FROM mz_objects", null),
    ];
    expect(firstBreach(oracleTimes, trace)).toBeUndefined();
  });

  it("rejects a read below a write that was answered before it was asked", () => {
    const trace = [asked(1, insert), answered(1, insert, 7), asked(2, read), answered(2, read, 6)];
    expect(firstBreach(oracleTimes, trace)).toMatchObject({ subject: "read", expected: { atLeast: 7 }, observed: 6 });
  });

  it("rejects a write at a time that was read before", () => {
    const trace = [asked(1, read), answered(1, read, 7), asked(2, insert), answered(2, insert, 7)];
    expect(firstBreach(oracleTimes, trace)).toMatchObject({ subject: "write", expected: { above: 7 } });
  });

  it("neither judges nor believes a read that names its time", () => {
    const past = "SELECT * FROM t AS OF 3";
    const future = "SELECT * FROM t AS OF 99";
    const trace = [
      asked(1, insert),
      answered(1, insert, 7),
      asked(2, past),
      answered(2, past, 3),
      asked(3, future),
      answered(3, future, 99),
      asked(4, read),
      answered(4, read, 7),
    ];
    expect(firstBreach(oracleTimes, trace)).toBeUndefined();
  });
});
