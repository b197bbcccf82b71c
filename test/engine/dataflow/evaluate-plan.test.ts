import { describe, expect, it } from "vitest";
import type { Plan, Scalar } from "../../../src/engine/sql/plan.ts";
import { evaluatePlan } from "../../../src/engine/dataflow/evaluate-plan.ts";

const column = (index: number): Scalar => ({ kind: "column", index });
const call = (fn: "=" | "/", ...args: readonly Scalar[]): Scalar => ({ kind: "call", fn, args });

describe("a plan over contents at hand", () => {
  const relations = new Map([
    ["objects", [[["u1", "view"], 1] as const, [["u2", "table"], 1] as const]],
    ["frontiers", [[["u1", 0], 1] as const, [["u2", 7], 2] as const]],
  ]);
  const join: Plan = {
    kind: "join",
    left: { kind: "get", id: "objects" },
    right: { kind: "get", id: "frontiers" },
    leftKey: [0],
    rightKey: [0],
  };

  it("joins, filters and maps as a dataflow does", () => {
    const predicate = call("=", column(1), { kind: "literal", value: "table" });
    const plan: Plan = {
      kind: "map",
      input: { kind: "filter", input: join, predicate },
      scalars: [column(0), column(3)],
    };
    expect(evaluatePlan(plan, relations)).toEqual({ ok: true, rows: [[["u2", 7], 2]] });
  });

  it("is an error when an expression has no value for one of its rows", () => {
    const plan: Plan = { kind: "map", input: join, scalars: [call("/", { kind: "literal", value: 1 }, column(3))] };
    expect(evaluatePlan(plan, relations)).toMatchObject({ ok: false, errors: [{ code: "22012" }] });
  });

  it("reads what it is not given as empty", () => {
    const plan: Plan = { kind: "reduce", input: { kind: "get", id: "none" }, key: [], aggregates: [{ fn: "count" }] };
    expect(evaluatePlan(plan, relations)).toEqual({ ok: true, rows: [[[0], 1]] });
  });

  it("of constants needs no relation", () => {
    const plan: Plan = { kind: "constant", rows: [[1], [1], [2]], width: 1 };
    expect(evaluatePlan(plan, new Map())).toEqual({
      ok: true,
      rows: [
        [[1], 2],
        [[2], 1],
      ],
    });
  });
});
