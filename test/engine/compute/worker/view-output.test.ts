import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry, Frontier, Update } from "../../../../src/engine/collection.ts";
import type { ViewOutput } from "../../../../src/engine/compute/worker/running/view-output.ts";
import { grown, nextAppend, written } from "../../../../src/engine/compute/worker/running/view-output.ts";
import { replicaPolicies } from "../../../../src/engine/compute/worker/policies.ts";

const at = (time: number): Update<Entry> => [[time], time, 1];

describe("the output of a view", () => {
  it("is written from the shard's upper up to where the result is known", () => {
    const output: ViewOutput = { pending: [], frontier: 10, upper: 0 };
    expect(nextAppend(output, replicaPolicies)).toEqual({ updates: [], lower: 0, upper: 10 });
    const more = grown(written(output, 10, replicaPolicies), [at(10), at(12)], 12);
    expect(nextAppend(more, replicaPolicies)).toEqual({ updates: [at(10)], lower: 10, upper: 12 });
    expect(nextAppend(written(more, 12, replicaPolicies), replicaPolicies)).toBeUndefined();
    expect(nextAppend(grown(more, [], null), replicaPolicies)).toEqual({
      updates: [at(10), at(12)],
      lower: 10,
      upper: null,
    });
  });

  it("is nothing once the shard is finished", () => {
    expect(nextAppend({ pending: [at(10)], frontier: 12, upper: null }, replicaPolicies)).toBeUndefined();
  });

  it("of several writers of one shard is there once, whoever comes first", () => {
    const times = [3, 5, 5, 8, 9];
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(2), fc.nat(2), fc.nat(6)), { maxLength: 40 }), (steps) => {
        const shard: { upper: Frontier; updates: Update<Entry>[] } = { upper: 0, updates: [] };
        const outputs: ViewOutput[] = [0, 1, 2].map(() => ({ pending: [], frontier: 0, upper: 0 }));
        const act = (writer: number, what: number, by: number): void => {
          const output = outputs[writer]!;
          const frontier = Math.min(12, output.frontier! + by);
          const fresh = times.filter((time) => time >= output.frontier! && time < frontier).map(at);
          if (what === 0) outputs[writer] = grown(output, fresh, frontier);
          else if (what === 1) outputs[writer] = written(output, shard.upper, replicaPolicies);
          else append(writer);
        };
        const append = (writer: number): void => {
          const next = nextAppend(outputs[writer]!, replicaPolicies);
          if (next === undefined) return;
          expect(next.updates.every(([, time]) => time >= next.lower)).toBe(true);
          if (next.lower === shard.upper) Object.assign(shard, { upper: next.upper }).updates.push(...next.updates);
          outputs[writer] = written(outputs[writer]!, shard.upper, replicaPolicies);
        };
        for (const step of steps) act(...step);
        act(0, 0, 12);
        append(0);
        append(0);
        expect(shard.upper).toBe(12);
        expect(shard.updates.map(([, time]) => time).toSorted((a, b) => a - b)).toEqual(times);
      }),
      { numRuns: 500 },
    );
  });
});
