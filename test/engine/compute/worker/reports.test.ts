import { describe, expect, it } from "vitest";
import type { HealthUpdate } from "../../../../src/engine/compute/protocol.ts";
import { Reports } from "../../../../src/engine/compute/worker/head/reports.ts";
import { replicaPolicies } from "../../../../src/engine/compute/worker/policies.ts";
import { ingestion, view } from "./objects.ts";

const status: HealthUpdate = {
  id: "b",
  incarnation: 1,
  status: "running",
  error: null,
  class: null,
  code: null,
  namespace: "kafka",
  hint: null,
  occurrences: 0,
  at: 5,
};

function reports(): Reports {
  const made = new Reports(replicaPolicies);
  made.expect({ number: 1, object: view("a") }, [0, 2]);
  made.expect({ number: 2, object: ingestion("b") }, [1]);
  return made;
}

describe("reports on objects", () => {
  it("are merged: an object is as far as the last of its parts", () => {
    const made = reports();
    const say = (process: number, upper: number | null) => made.heard(process, { kind: "frontier", number: 1, upper });
    expect(say(0, 7)).toBeUndefined();
    expect(say(2, 5)).toEqual({ kind: "frontier", id: "a", incarnation: 1, upper: 5 });
    expect(say(2, null)).toMatchObject({ upper: 7 });
    expect(say(2, null)).toBeUndefined();
    expect(say(0, null)).toMatchObject({ upper: null });
  });

  it("of what was dropped, or of processes that have no part in it, are ignored", () => {
    const made = reports();
    expect(made.heard(2, { kind: "frontier", number: 2, upper: 9 })).toBeUndefined();
    made.forget(2);
    expect(made.heard(1, { kind: "frontier", number: 2, upper: 9 })).toBeUndefined();
    expect(made.heard(1, { kind: "status", number: 2, update: status })).toBeUndefined();
  });

  it("are told again to a new controller, for what is kept alone", () => {
    const made = reports();
    const installed = [
      { number: 1, object: view("a") },
      { number: 2, object: ingestion("b") },
    ];
    expect(made.resent(installed)).toEqual([]);
    made.heard(1, { kind: "frontier", number: 2, upper: 9 });
    made.heard(1, { kind: "status", number: 2, update: status });
    const told = made.resent(installed);
    expect(told).toEqual([
      { kind: "frontier", id: "b", incarnation: 1, upper: 9 },
      { kind: "status", update: status },
    ]);
    expect(made.resent([installed[0]!])).toEqual([]);
  });
});

describe("parts of a peek", () => {
  it("make an outcome when the last is there, consolidated over all", () => {
    const made = new Reports(replicaPolicies);
    made.expectPeek(3, 2);
    expect(
      made.gathered(1, 3, {
        changes: [
          [["x"], 1],
          [["y"], 1],
        ],
      }),
    ).toBeUndefined();
    expect(
      made.gathered(0, 3, {
        changes: [
          [["x"], -1],
          [["a"], 2],
        ],
      }),
    ).toEqual({
      ok: true,
      rows: [
        [["a"], 2],
        [["y"], 1],
      ],
    });
    expect(made.gathered(0, 3, { changes: [] })).toBeUndefined();
  });

  it("make a failure when one failed", () => {
    const made = new Reports(replicaPolicies);
    made.expectPeek(3, 2);
    const failure = { code: "72000", message: "gone", identity: "" };
    expect(made.gathered(1, 3, { failure })).toEqual({ ok: false, errors: [failure] });
    expect(made.gathered(0, 3, { failure })).toBeUndefined();
  });
});
