/** The pure core of a shard: its invariants over random histories, and its text. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json } from "../../../src/base/json.ts";
import { isBefore, type Frontier, type Update } from "../../../src/engine/collection.ts";
import { advance, consolidate, contentsAt } from "../../../src/engine/consolidation.ts";
import { isLower, persistPolicies } from "../../../src/engine/persist/policies.ts";
import {
  decodeBatch,
  decodeShardState,
  encodeBatch,
  encodeShardState,
} from "../../../src/engine/persist/shard-codec.ts";
import { shardChange } from "../../../src/engine/persist/shard-codec.ts";
import {
  batchesFrom,
  batchesUpTo,
  brokenRule,
  decideAppend,
  decideMerge,
  decideOwner,
  decideSince,
  emptyShard,
  isBlurred,
  planMerge,
  type Append,
  type ShardState,
} from "../../../src/engine/persist/shard-state.ts";

type Step =
  | { readonly kind: "append"; readonly off: number; readonly length: number; readonly data: readonly number[] }
  | { readonly kind: "since"; readonly to: number }
  | { readonly kind: "owner"; readonly generation: number; readonly epoch: number };

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      kind: fc.constant("append" as const),
      off: fc.constantFrom(0, 0, 0, 0, 1, -1),
      length: fc.integer({ min: 1, max: 3 }),
      data: fc.array(fc.nat(3), { maxLength: 3 }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant("since" as const), to: fc.nat(60) }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant("owner" as const), generation: fc.nat(2), epoch: fc.nat(2) }) },
);

function expectSame(actual: unknown, expected: unknown): void {
  expect(actual).toEqual(expected);
}

/** A shard with its blobs, and beside it everything that was ever appended. */
class Model {
  state: ShardState = emptyShard;
  readonly blobs = new Map<string, readonly Update<Json>[]>();
  readonly history: Update<Json>[] = [];
  #keys = 0;

  apply(next: Step): void {
    const before = this.state;
    if (next.kind === "append") this.#append(next);
    else if (next.kind === "since") this.#propose(decideSince(before, next.to, persistPolicies));
    else this.#propose(decideOwner(before, next, persistPolicies));
    const merge = planMerge(this.state, persistPolicies);
    if (merge !== undefined) {
      const updates = merge.keys.flatMap((key) => [...this.blobs.get(key)!]);
      const merged = consolidate(advance(updates, merge.since));
      this.#propose(decideMerge(this.state, merge, this.#store(merged)));
    }
    expectSame(brokenRule(this.state), undefined);
    expectSame(isBefore(this.state.upper, before.upper) || isBefore(this.state.since, before.since), false);
    expectSame(isLower(this.state.owner, before.owner), false);
  }

  #append({ off, length, data }: Step & { readonly kind: "append" }): void {
    const { upper } = this.state;
    const expectedUpper = upper! + off;
    if (expectedUpper < 0) return;
    const updates = data.map((item, place): Update<Json> => [item, expectedUpper + (place % length), 1]);
    const batch = consolidate(updates);
    const mark = { writer: "w", number: ++this.#keys };
    const append: Append = { mark, expectedUpper, newUpper: expectedUpper + length, blob: this.#store(batch) };
    const decision = decideAppend(this.state, append, persistPolicies);
    expectSame(decision.kind, off === 0 ? "propose" : "settled");
    expectSame(decision.outcome, off === 0 ? { ok: true } : { ok: false, upper });
    if (decision.kind === "settled") return;
    this.state = decision.state;
    this.history.push(...batch);
    expectSame(decideAppend(this.state, append, persistPolicies), { kind: "settled", outcome: { ok: true } });
  }

  #propose(decision: { readonly kind: string; readonly state?: ShardState }): void {
    if (decision.state === undefined) return;
    expectSame(decision.state.sequence, this.state.sequence + 1);
    this.state = decision.state;
  }

  #store(updates: readonly Update<Json>[]): Append["blob"] {
    if (updates.length === 0) return null;
    const key = `k${++this.#keys}`;
    this.blobs.set(key, updates);
    return { key, count: updates.length };
  }
}

const sorted = <T>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

describe("shard state", () => {
  it("holds what was appended, at every time from since on, whatever was merged", () => {
    let merges = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 120 }), (steps) => {
        const model = new Model();
        for (const next of steps) model.apply(next);
        const { state, blobs, history } = model;
        if (state.batches.some(({ since, lower }) => since > lower)) merges++;
        for (let asOf = state.since!; asOf < state.upper!; asOf++) {
          const updates = batchesUpTo(state, asOf).flatMap(({ key }) => [...blobs.get(key)!]);
          expect(sorted(contentsAt(updates, asOf))).toEqual(sorted(contentsAt(history, asOf)));
        }
      }),
      { numRuns: 60 },
    );
    expect(merges).toBeGreaterThan(5);
  });

  it("a listener is given exactly what it has not seen, or told that it cannot be", () => {
    let blurred = 0;
    fc.assert(
      fc.property(fc.array(step, { minLength: 40, maxLength: 120 }), fc.nat(80), (steps, frontier) => {
        const model = new Model();
        for (const next of steps) model.apply(next);
        const { state, blobs, history } = model;
        const wanted = batchesFrom(state, frontier);
        if (wanted.some((batch) => isBlurred(batch, frontier))) {
          blurred++;
          expect(isBefore(frontier, state.since)).toBe(true);
          return;
        }
        const got = wanted.flatMap(({ key }) => [...blobs.get(key)!]).filter(([, time]) => time >= frontier);
        expect(sorted(consolidate(got))).toEqual(sorted(consolidate(history.filter(([, time]) => time >= frontier))));
        expect(consolidate(got)).toHaveLength(got.length);
      }),
      { numRuns: 60 },
    );
    expect(blurred).toBeGreaterThan(0);
  });

  it("the number of batches stays logarithmic while a shard grows", () => {
    const model = new Model();
    for (let time = 0; time < 2_000; time++) {
      model.apply({ kind: "append", off: 0, length: 1, data: [time] });
      expect(model.state.batches.length).toBeLessThanOrEqual(17);
    }
    expect(batchesUpTo(model.state, 2_000).reduce((sum, { count }) => sum + count, 0)).toBe(2_000);
  });

  it("a shard without a since lets go of everything", () => {
    let state = emptyShard;
    const change = (decision: { readonly state?: ShardState }): void => void (state = decision.state!);
    const blob = { key: "a", count: 1 };
    change(
      decideAppend(
        state,
        { mark: { writer: "w", number: 1 }, expectedUpper: 0, newUpper: null, blob },
        persistPolicies,
      ) as never,
    );
    change(decideSince(state, null, persistPolicies) as never);
    change(decideMerge(state, planMerge(state, persistPolicies)!, null) as never);
    expect(state).toMatchObject({ since: null, upper: null, batches: [] });
    expect(planMerge(state, persistPolicies)).toBeUndefined();
  });

  it("since stops at the upper, whatever is wanted", () => {
    const decision = decideSince({ ...emptyShard, upper: 5 }, 9, persistPolicies);
    expect(decision.outcome).toBe(5);
    expect(decideSince({ ...emptyShard, upper: 5 }, null, persistPolicies).outcome).toBe(5);
  });

  it("an owner that was replaced moves no since any more", () => {
    const state = { ...emptyShard, upper: 9, owner: { generation: 2, epoch: 3 } };
    const asked = (generation: number, epoch: number) => decideSince(state, 5, persistPolicies, { generation, epoch });
    expect(asked(1, 9)).toEqual({ kind: "settled", outcome: 0 });
    expect(asked(2, 2)).toEqual({ kind: "settled", outcome: 0 });
    expect(asked(2, 3)).toMatchObject({ kind: "propose", outcome: 5 });
  });

  it("a run that somebody else has merged is left alone", () => {
    const batch = { key: "a", lower: 0, upper: 1 as Frontier, count: 1, since: 0 };
    const state = { ...emptyShard, upper: 2, batches: [batch] };
    const merge = { keys: ["a", "b"], lower: 0, upper: 2, since: 1 };
    expect(decideMerge(state, merge, { key: "m", count: 1 })).toEqual({ kind: "settled", outcome: false });
    const merged = { ...state, batches: [{ ...batch, key: "m" }] };
    expect(decideMerge(merged, merge, { key: "m", count: 1 })).toEqual({ kind: "settled", outcome: true });
  });

  it("states and batches survive their text", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const model = new Model();
        let before: ShardState | undefined;
        for (const next of steps) {
          model.apply(next);
          expect(decodeShardState(encodeShardState(model.state))).toEqual(model.state);
          const change = shardChange(before, model.state);
          if (before?.upper !== model.state.upper && model.state.upper !== 0) expect(change?.kind).toBe("append");
          before = model.state;
        }
        expect(decodeBatch(encodeBatch(model.history))).toEqual(model.history);
      }),
    );
    expect(() => decodeShardState('{"v":2}')).toThrow("the version of a shard's state is known");
    expect(() => decodeBatch('{"v":0}')).toThrow("the version of a batch is known");
  });
});
