import { describe, expect, it } from "vitest";
import { ShrinkSession, withItems } from "../../../src/runner/shrink/session.ts";
import { fault, judge, judged, names, op, plan, type Rule } from "../../support/judged-plan.ts";

const rule: Rule = (p) => (names(p).includes("a") ? "A" : names(p).includes("b") ? "B" : null);
const both = plan([op(1, "a"), op(2, "b"), op(3, "c")]);

describe("a shrinking's session", () => {
  it("counts executions, not answers from memory", async () => {
    const system = judge(rule);
    const session = new ShrinkSession(judged(both, rule), system.run, 10);
    const alone = plan([op(1, "a")]);
    expect([await session.fails(alone), await session.fails(alone), await session.fails(both)]).toEqual([
      true,
      true,
      true,
    ]);
    expect(session.runs).toBe(1);
    expect(system.plans).toHaveLength(1);
  });

  it("adopts only plans that fail with its own signature, and puts other failures aside with their smallest plan", async () => {
    const session = new ShrinkSession(judged(both, rule), judge(rule).run, 10);
    expect(await session.adopt(plan([op(2, "b"), op(3, "c")]))).toBe(false);
    expect(await session.adopt(plan([op(2, "b")]))).toBe(false);
    expect(session.plan).toBe(both);
    expect([...session.alsoSeen].map(([signature, p]) => [signature, names(p)])).toEqual([["B", ["b"]]]);
    const smaller = plan([op(1, "a"), op(3, "c")]);
    expect(await session.adopt(smaller)).toBe(true);
    expect(session.plan).toBe(smaller);
    expect(session.record.plan).toBe(smaller);
  });

  it("adopts no plan twice", async () => {
    const session = new ShrinkSession(judged(both, rule), judge(rule).run, 10);
    const smaller = plan([op(1, "a")]);
    expect([await session.adopt(smaller), await session.adopt(both), await session.adopt(smaller)]).toEqual([
      true,
      false,
      false,
    ]);
  });

  it("answers nothing new once its budget is used up", async () => {
    const session = new ShrinkSession(judged(both, rule), judge(rule).run, 1);
    const first = plan([op(1, "a")]);
    await session.fails(first);
    expect(session.left).toBe(0);
    expect(await session.fails(plan([]))).toBeUndefined();
    expect(await session.passes(plan([]))).toBeUndefined();
    expect(await session.fails(first)).toBe(true);
  });

  it("tells a plan that passes from one that fails otherwise", async () => {
    const session = new ShrinkSession(judged(both, rule), judge(rule).run, 10);
    expect(await session.passes(plan([op(3, "c")]))).toBe(true);
    expect(await session.passes(plan([op(2, "b")]))).toBe(false);
  });

  it("takes plans with other knobs for other plans", async () => {
    const session = new ShrinkSession(judged(both, rule), judge(rule).run, 10);
    await session.fails(plan([op(1, "a")], { k: 1 }));
    await session.fails(plan([op(1, "a")], { k: 2 }));
    expect(session.runs).toBe(2);
  });

  it("refuses a run that passed", () => {
    expect(() => new ShrinkSession(judged(plan([]), rule), judge(rule).run, 1)).toThrow(TypeError);
  });
});

describe("a plan with other items", () => {
  it("is sorted by time, ops before faults at one moment, else in the order given", () => {
    const items = [fault(5, 9, "f"), op(5, "late"), op(1, "first"), op(5, "later")];
    expect(names(withItems(plan([]), items))).toEqual(["first", "late", "later", "f"]);
  });
});
