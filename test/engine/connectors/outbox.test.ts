import { describe, expect, it } from "vitest";
import fc from "fast-check";
import type { Entry, ErrorValue, Row, Update } from "../../../src/engine/collection.ts";
import type { Outbox, Release } from "../../../src/engine/connectors/sink/outbox.ts";
import { isError } from "../../../src/engine/collection.ts";
import { newOutbox, receive, release } from "../../../src/engine/connectors/sink/outbox.ts";
import { contentsAt, dataKey } from "../../../src/engine/consolidation.ts";

const boom = (identity: string): ErrorValue => ({ code: "22012", message: "division by zero", identity });

/** Feeds changes time by time, with a release after each; what was revealed, and where the sink stood each time. */
function drive(updates: readonly Update<Entry>[], frontiers: readonly number[], start: Outbox = newOutbox([])) {
  let outbox = start;
  let from = 0;
  const released: Release[] = [];
  let fed = 0;
  for (const frontier of frontiers) {
    const due = updates.filter(([, time], index) => index >= fed && time < frontier);
    fed += due.length;
    outbox = receive(outbox, due);
    const [rest, step] = release(outbox, from, frontier);
    outbox = rest;
    from = step.upper ?? Infinity;
    released.push(step);
  }
  return { released, outbox };
}

describe("what a sink may send", () => {
  it("is whole times, in order, each consolidated", () => {
    const updates: Update<Entry>[] = [
      [["a", 1], 3, 1],
      [["a", 0], 3, -1],
      [["b", 1], 3, 1],
      [["b", 1], 3, -1],
      [["c", 1], 5, 1],
    ];
    const { released } = drive(updates, [4, 6]);
    expect(released.map(({ batches }) => batches)).toEqual([
      [
        [
          3,
          [
            [["a", 1], 3, 1],
            [["a", 0], 3, -1],
          ],
        ],
      ],
      [[5, [[["c", 1], 5, 1]]]],
    ]);
    expect(released.map(({ upper }) => upper)).toEqual([4, 6]);
  });

  it("is nothing while an error holds, and then everything that changed meanwhile, at the time when it went", () => {
    const updates: Update<Entry>[] = [
      [["a", 1], 1, 1],
      [["a", 1], 2, -1],
      [["a", 2], 2, 1],
      [boom("k"), 2, 1],
      [["a", 2], 3, -1],
      [["a", 3], 3, 1],
      [boom("k"), 4, -1],
    ];
    const { released } = drive(updates, [2, 3, 4, 5]);
    expect(released.map(({ upper, error }) => [upper, error?.identity])).toEqual([
      [2, undefined],
      [2, "k"],
      [2, "k"],
      [5, undefined],
    ]);
    expect(released.flatMap(({ batches }) => batches).map(([time]) => time)).toEqual([1, 4]);
    expect(released[3]!.batches[0]![1].map(([row, , diff]) => [row, diff])).toEqual([
      [["a", 1], -1],
      [["a", 3], 1],
    ]);
  });

  it("counts errors of equal text and different cause one by one", () => {
    const updates: Update<Entry>[] = [
      [boom("k"), 1, 1],
      [boom("l"), 1, 1],
      [["a", 1], 1, 1],
      [boom("k"), 2, -1],
      [boom("l"), 3, -1],
    ];
    const { released } = drive(updates, [2, 3, 4]);
    expect(released.map(({ upper }) => upper)).toEqual([1, 1, 4]);
    expect(released.map(({ error }) => error?.identity)).toEqual(["k", "l", undefined]);
  });

  it("waits for the end of an error that held when the sink resumed", () => {
    const start = newOutbox([
      [boom("k"), 0, 1],
      [["a", 1], 0, 1],
    ]);
    const { released } = drive([[boom("k"), 7, -1]], [5, 8], start);
    expect(released.map(({ upper, batches }) => [upper, batches])).toEqual([
      [0, []],
      [8, []],
    ]);
  });

  const entry: fc.Arbitrary<Entry> = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(fc.constantFrom("a", "b"), fc.nat(2)) as fc.Arbitrary<Row> },
    { weight: 1, arbitrary: fc.constantFrom(boom("k"), boom("l")) },
  );

  /** Changes of a collection whose multiplicities are never negative. */
  const history = fc.array(fc.tuple(entry, fc.nat(12), fc.boolean()), { maxLength: 30 }).map((drawn) => {
    const held = new Map<string, number>();
    const updates: Update<Entry>[] = [];
    for (const [data, time, isInsert] of drawn.toSorted((a, b) => a[1] - b[1])) {
      const key = dataKey(data);
      const count = held.get(key) ?? 0;
      const diff = isInsert || count === 0 ? 1 : -1;
      held.set(key, count + diff);
      updates.push([data, time + 1, diff]);
    }
    return updates;
  });

  it("adds up to the contents wherever the sink stands, and stands at the first time with an error", () => {
    fc.assert(
      fc.property(history, fc.uniqueArray(fc.integer({ min: 1, max: 15 }), { minLength: 1 }), (updates, cuts) => {
        const frontiers = cuts.toSorted((a, b) => a - b);
        const { released } = drive(updates, frontiers);
        const sent: Update<Row>[] = [];
        for (const [index, { batches, upper }] of released.entries()) {
          for (const [time, changes] of batches) {
            expect(time).toBeLessThan(upper!);
            sent.push(...changes);
          }
          const errorsAt = (time: number) => contentsAt(updates, time).filter(([data]) => isError(data)).length;
          const rowsAt = (time: number) => contentsAt(updates, time).filter(([data]) => !isError(data));
          if (upper === frontiers[index]) expect(errorsAt(upper - 1)).toBe(0);
          else expect(errorsAt(frontiers[index]! - 1)).toBeGreaterThan(0);
          if (errorsAt(upper! - 1) > 0) continue;
          const sorted = (rows: readonly (readonly [unknown, number])[]) =>
            rows.map((each) => JSON.stringify(each)).toSorted();
          expect(sorted(contentsAt(sent, Infinity))).toEqual(sorted(rowsAt(upper! - 1)));
        }
      }),
      { numRuns: 500 },
    );
  });
});
