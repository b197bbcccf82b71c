/** Every invariant tells right from wrong: one hand-written trace that it accepts, and one that it rejects at the end. */
import { describe, expect, it } from "vitest";
import { micros } from "../../src/base/time.ts";
import type { Json } from "../../src/base/json.ts";
import type { Breach, InvariantDefinition } from "../../src/runner/definition.ts";
import { catalogue, invariantRows, type HandTrace } from "./scenarios.ts";

/** The first breach and the place of the observation that showed it; the length of the trace for its end. */
function judge(invariant: InvariantDefinition, trace: HandTrace): { at: number; breach: Breach } | null {
  const state = invariant.state();
  for (const [at, [kind, data]] of trace.entries()) {
    const seen = { event: at + 1, at: micros(at * 1_000), process: "", kind, data: data as Json };
    const breach = invariant.on[kind]?.(state, data as never, seen);
    if (breach !== undefined) return { at, breach };
  }
  const breach = invariant.atEnd?.(state);
  return breach === undefined ? null : { at: trace.length, breach };
}

describe("invariants", () => {
  it.each(invariantRows)("$name, $id: accepts what is right", ({ id, invariant, traces }) => {
    const { accepted } = traces[id]!;
    expect(accepted.filter(([kind]) => invariant.on[kind] !== undefined).length).toBeGreaterThan(1);
    expect(judge(invariant, accepted)).toBeNull();
  });

  it.each(invariantRows)("$name, $id: rejects what is wrong, where it shows", ({ id, invariant, traces }) => {
    const { rejected } = traces[id]!;
    const judged = judge(invariant, rejected);
    const last = invariant.atEnd === undefined ? rejected.length - 1 : rejected.length;
    expect([rejected.length - 1, last]).toContain(judged?.at);
  });

  it.each(invariantRows)("$name, $id: knows nothing of an earlier run", ({ id, invariant, traces }) => {
    judge(invariant, traces[id]!.rejected);
    expect(judge(invariant, traces[id]!.accepted)).toBeNull();
  });

  it.each(catalogue)("$name: every trace belongs to an invariant", ({ definition, traces }) => {
    expect(Object.keys(traces).toSorted()).toEqual(definition.invariants.map(({ id }) => id).toSorted());
  });
});
