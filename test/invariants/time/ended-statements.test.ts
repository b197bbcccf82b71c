/** L-QRY-1: statements that end. */
import { describe, expect, it } from "vitest";
import { endedStatements } from "../../../src/invariants/time/ended-statements.ts";
import { firstBreach, type Seen } from "../../support/hand-trace.ts";

const client = (kind: string, number: number, second: number, session = "s"): Seen => [
  `client.${kind}`,
  { session, number, sql: "SELECT 1" },
  "driver#1",
  second,
];
const over: Seen = ["faults.over", {}, "", 100];

describe("L-QRY-1", () => {
  it("accepts statements that are answered, or given up while there are faults", () => {
    const trace = [
      client("asked", 1, 0),
      client("asked", 1, 1, "other"),
      client("answered", 1, 30),
      client("unknown", 1, 61, "other"),
      client("asked", 2, 62),
      client("unknown", 2, 120),
      over,
    ];
    expect(firstBreach(endedStatements, trace)).toBeUndefined();
  });

  it("rejects one that neither ends nor is given up, wherever time shows", () => {
    expect(firstBreach(endedStatements, [client("asked", 1, 0), client("asked", 1, 76, "other")])?.subject).toBe(
      "overdue",
    );
    const late: Seen = ["shard.changed", { shard: "s" }, "", 76];
    expect(firstBreach(endedStatements, [client("asked", 1, 0), late])?.subject).toBe("overdue");
    expect(firstBreach(endedStatements, [client("asked", 1, 0), client("answered", 1, 76)])?.subject).toBe("overdue");
  });

  it("rejects one that is open at the end", () => {
    expect(firstBreach(endedStatements, [client("asked", 1, 0)])?.subject).toBe("outstanding");
  });

  it("rejects a second one of a session that hangs once faults are over", () => {
    const first = [over, client("asked", 1, 101), client("unknown", 1, 161)];
    expect(firstBreach(endedStatements, first)).toBeUndefined();
    const again = [...first, client("asked", 2, 161)];
    expect(firstBreach(endedStatements, [...again, client("unknown", 2, 165)])).toBeUndefined();
    expect(firstBreach(endedStatements, [...again, client("unknown", 2, 221)])?.subject).toBe("hangs");
  });
});
