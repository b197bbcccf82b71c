import { describe, expect, it } from "vitest";
import type { Entry, Update } from "../../../src/engine/collection.ts";
import type { DataflowPolicies } from "../../../src/engine/dataflow/policies.ts";
import type { Plan, Scalar } from "../../../src/engine/sql/plan.ts";
import { isError } from "../../../src/engine/collection.ts";
import { sourcesOf } from "../../../src/engine/dataflow/layout.ts";
import { consolidateChanges, entryKey, sortChanges } from "../../../src/engine/dataflow/multiset.ts";
import { outcomeOf } from "../../../src/engine/dataflow/outcome.ts";
import { MemoryReplica } from "./replica.ts";

const source: Plan = { kind: "get", id: "t" };
const column = (index: number): Scalar => ({ kind: "column", index });
const quotient: Scalar = { kind: "call", fn: "/", args: [column(0), column(1)] };

/** What one worker says of these updates, with times from 1 to 9. */
function changes(plan: Plan, updates: readonly Update<Entry>[], policies: Partial<DataflowPolicies> = {}) {
  const replica = new MemoryReplica(plan, 1, { processes: 1, workersPerProcess: 1, writer: null, policies });
  replica.feed(0, "t", updates, 10);
  return replica.result;
}

const errorsAt = (updates: readonly Update<Entry>[], time: number): number =>
  updates.filter(([entry, at]) => isError(entry) && at <= time).reduce((total, [, , diff]) => total + diff, 0);

describe("an evaluation error", () => {
  const plan: Plan = { kind: "map", input: source, scalars: [quotient] };

  it("goes with the row that made it, and with no other", () => {
    const said = changes(plan, [
      [[1, 0], 1, 1],
      [[2, 0], 2, 1],
      [[1, 0], 3, -1],
    ]);
    expect([1, 2, 3].map((time) => errorsAt(said, time))).toEqual([1, 2, 1]);
    expect(said.map(([entry]) => (isError(entry) ? entry.identity : ""))).toEqual(["[1,0]", "[2,0]", "[1,0]"]);
  });

  it("is lost with another of equal text when errors are told apart by their text and kept as a set", () => {
    const bug: Partial<DataflowPolicies> = {
      errorIdentity: ({ message }) => message,
      errorChanges: (held, error, diff) => {
        const key = entryKey(error);
        const before = held.get(key) ?? 0;
        const after = diff > 0 ? 1 : 0;
        held.set(key, after);
        return after === before ? [] : [[error, after - before]];
      },
    };
    const said = changes(
      plan,
      [
        [[1, 0], 1, 1],
        [[2, 0], 2, 1],
        [[1, 0], 3, -1],
      ],
      bug,
    );
    expect([1, 2, 3].map((time) => errorsAt(said, time))).toEqual([1, 1, 0]);
  });

  it("of an input is not filtered away by a predicate", () => {
    const error = { code: "22P02", message: "bad", identity: "0 7" };
    const never: Plan = { kind: "filter", input: source, predicate: { kind: "literal", value: false } };
    expect(
      changes(never, [
        [error, 2, 1],
        [[1, 1], 2, 1],
      ]),
    ).toEqual([[error, 2, 1]]);
  });
});

describe("groups", () => {
  it("take the old result back and say the new one at the time of the change", () => {
    const plan: Plan = { kind: "reduce", input: source, key: [column(0)], aggregates: [{ fn: "count" }] };
    expect(
      changes(plan, [
        [["a"], 2, 1],
        [["a"], 4, 2],
        [["a"], 6, -3],
      ]),
    ).toEqual([
      [["a", 1], 2, 1],
      [["a", 1], 4, -1],
      [["a", 3], 4, 1],
      [["a", 3], 6, -1],
    ]);
  });

  it("without a key are one row from the first time on, also over nothing", () => {
    const sum = { fn: "sum", argument: column(0) } as const;
    const plan: Plan = { kind: "reduce", input: source, key: [], aggregates: [{ fn: "count" }, sum] };
    expect(changes(plan, [[[5], 3, 1]])).toEqual([
      [[0, null], 1, 1],
      [[0, null], 3, -1],
      [[1, 5], 3, 1],
    ]);
  });

  it("are errors while a sum is beyond what an integer holds, in whatever order it got there", () => {
    const sum = { fn: "sum", argument: column(0) } as const;
    const plan: Plan = { kind: "reduce", input: source, key: [], aggregates: [sum] };
    const max = Number.MAX_SAFE_INTEGER;
    const said = changes(plan, [
      [[max], 2, 1],
      [[max], 2, 1],
      [[-max], 2, 1],
      [[7], 3, 1],
      [[7], 4, -1],
    ]);
    expect([2, 3, 4].map((time) => errorsAt(said, time))).toEqual([0, 1, 0]);
    expect(said.at(-1)).toEqual([[max], 4, 1]);
  });

  it("with less than no rows are errors until they are whole again", () => {
    const plan: Plan = { kind: "reduce", input: source, key: [column(0)], aggregates: [] };
    const said = changes(plan, [
      [["a"], 2, -1],
      [["a"], 3, 2],
    ]);
    expect([2, 3].map((time) => errorsAt(said, time))).toEqual([1, 0]);
    expect(said.at(-1)).toEqual([["a"], 3, 1]);
  });
});

describe("a join", () => {
  const plan: Plan = { kind: "join", left: source, right: source, leftKey: [0], rightKey: [1] };

  it("of a collection with itself counts what comes on both sides at once", () => {
    expect(changes(plan, [[[1, 1], 2, 2]])).toEqual([[[1, 1, 1, 1], 2, 4]]);
  });

  it("matches no NULL", () => {
    expect(changes(plan, [[[null, null], 2, 1]])).toEqual([]);
  });
});

describe("times", () => {
  it("that are worked on before they are complete show", () => {
    const plan: Plan = { kind: "reduce", input: source, key: [], aggregates: [{ fn: "count" }] };
    const run = (policies: Partial<DataflowPolicies>) => {
      const replica = new MemoryReplica(plan, 1, { processes: 1, workersPerProcess: 1, writer: null, policies });
      for (const row of [[1], [2]]) replica.feed(0, "t", [[row, 4, 1]], 2);
      replica.feed(0, "t", [], 9);
      return { updates: replica.result.length, late: replica.late };
    };
    expect(run({})).toEqual({ updates: 3, late: 0 });
    expect(run({ isComplete: () => true })).not.toEqual({ updates: 3, late: 0 });
  });
});

describe("multisets", () => {
  it("keep rows and errors apart that look alike", () => {
    const error = { code: "a", message: "b", identity: "c" };
    expect(entryKey(["a", "b", "c"])).not.toBe(entryKey(error));
    expect(entryKey([1])).not.toBe(entryKey(["1"]));
    expect(
      consolidateChanges([
        [error, 1],
        [["a", "b", "c"], 1],
        [error, -1],
      ]),
    ).toEqual([[["a", "b", "c"], 1]]);
  });

  it("are sorted by key, errors by code and text first", () => {
    const error = (code: string, identity: string) => ({ code, message: "m", identity });
    const sorted = sortChanges([
      [error("2", "a"), 1],
      [error("1", "z"), 1],
      [error("1", "b"), 1],
    ]);
    expect(sorted.map(([entry]) => entry)).toEqual([error("1", "b"), error("1", "z"), error("2", "a")]);
  });
});

describe("an outcome", () => {
  it("is all rows with their counts, or all errors and no row", () => {
    expect(
      outcomeOf([
        [["b"], 1],
        [["a"], 1],
        [["b"], 1],
      ]),
    ).toEqual({
      ok: true,
      rows: [
        [["a"], 1],
        [["b"], 2],
      ],
    });
    const error = { code: "22012", message: "division by zero", identity: "x" };
    expect(
      outcomeOf([
        [["b"], 1],
        [error, 2],
      ]),
    ).toEqual({ ok: false, errors: [error] });
  });

  it("with a row that is there less than no time is an error", () => {
    expect(outcomeOf([[["b"], -1]])).toMatchObject({ ok: false, errors: [{ code: "XX001", identity: '["b"]' }] });
  });
});

describe("the sources of a plan", () => {
  it("are named once each", () => {
    const plan: Plan = { kind: "join", left: source, right: { kind: "get", id: "u" }, leftKey: [0], rightKey: [0] };
    expect(sourcesOf({ kind: "join", left: plan, right: source, leftKey: [0], rightKey: [0] })).toEqual(["t", "u"]);
  });
});
