import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Entry, Time, Update } from "../../../src/engine/collection.ts";
import type { Plan, Scalar } from "../../../src/engine/sql/plan.ts";
import { dataflowPolicies } from "../../../src/engine/dataflow/policies.ts";
import { bag, naive, texts, type Bag } from "./naive.ts";
import { MemoryReplica, type ReplicaShape } from "./replica.ts";

const asOf = 10;

type History = ReadonlyMap<string, readonly Update<Entry>[]>;

const value = fc.oneof({ weight: 6, arbitrary: fc.integer({ min: 0, max: 2 }) }, fc.constant(null));
const entry: fc.Arbitrary<Entry> = fc.oneof(
  { weight: 12, arbitrary: fc.tuple(value, value) },
  fc.integer({ min: 0, max: 1 }).map((place) => ({ code: "22P02", message: "bad", identity: `0 ${place}` })),
);

/** Elements that come, and some of them go, at times from the first one on. */
const source: fc.Arbitrary<readonly Update<Entry>[]> = fc
  .array(fc.tuple(entry, fc.integer({ min: 0, max: 5 }), fc.option(fc.integer({ min: 0, max: 3 }))), { maxLength: 14 })
  .map((lives) =>
    lives
      .flatMap(([data, from, length]): Update<Entry>[] => {
        const born: Update<Entry> = [data, asOf + from, 1];
        return length === null ? [born] : [born, [data, asOf + from + length, -1]];
      })
      .toSorted((a, b) => a[1] - b[1]),
  );
const history: fc.Arbitrary<History> = fc.tuple(source, source).map(
  ([a, b]) =>
    new Map([
      ["a", a],
      ["b", b],
    ]),
);

const column = (index: number): Scalar => ({ kind: "column", index });
/** Expressions over rows of two columns. */
const scalar: fc.Arbitrary<Scalar> = fc.oneof(
  fc.integer({ min: 0, max: 1 }).map(column),
  value.map((literal): Scalar => ({ kind: "literal", value: literal })),
  fc
    .tuple(fc.constantFrom("+" as const, "/" as const), fc.nat(1), fc.nat(1))
    .map(([fn, a, b]): Scalar => ({ kind: "call", fn, args: [column(a), column(b)] })),
);
const predicate: fc.Arbitrary<Scalar> = fc
  .tuple(scalar, scalar)
  .map(([a, b]): Scalar => ({ kind: "call", fn: "<", args: [a, b] }));

/** Plans whose rows have two columns at every step. */
const { plan } = fc.letrec<{ plan: Plan; joined: Plan }>((tie) => ({
  plan: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Plan>({ kind: "get", id: "a" }, { kind: "get", id: "b" }),
    fc.array(fc.tuple(value, value), { maxLength: 2 }).map((rows): Plan => ({ kind: "constant", rows, width: 2 })),
    fc.record({ kind: fc.constant("filter" as const), input: tie("plan"), predicate }),
    fc.record({ kind: fc.constant("map" as const), input: tie("plan"), scalars: fc.tuple(scalar, scalar) }),
    tie("joined"),
    fc
      .tuple(tie("plan"), scalar, fc.constantFrom("count" as const, "sum" as const), scalar)
      .map(([input, key, fn, argument]): Plan => ({
        kind: "reduce",
        input,
        key: [key],
        aggregates: [{ fn, argument }],
      })),
    fc.tuple(tie("plan"), scalar).map(([input, argument]): Plan => ({
      kind: "reduce",
      input,
      key: [],
      aggregates: [{ fn: "count" }, { fn: "sum", argument }],
    })),
    fc
      .tuple(tie("plan"), scalar, scalar)
      .map(([input, a, b]): Plan => ({ kind: "reduce", input, key: [a, b], aggregates: [] })),
  ),
  joined: fc
    .tuple(tie("plan"), tie("plan"), fc.nat(1), fc.nat(1), fc.nat(3), fc.nat(3))
    .map(([left, right, leftKey, rightKey, a, b]): Plan => ({
      kind: "map",
      input: { kind: "join", left, right, leftKey: [leftKey], rightKey: [rightKey] },
      scalars: [column(a), column(b)],
    })),
}));

const shape: fc.Arbitrary<ReplicaShape> = fc
  .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 2 }), fc.option(fc.nat(5)), fc.nat(5))
  .map(([processes, workersPerProcess, writer, turn]) => ({
    processes,
    workersPerProcess,
    writer: writer === null ? null : writer % (processes * workersPerProcess),
    // The group without a key has the same worker for most numbers of workers: turned, it has others.
    policies: { route: (key, workers) => (dataflowPolicies.route(key, workers) + turn) % workers },
  }));

const end = asOf + 10;

/** Feeds every process at its own pace, delivers in between as the numbers fall, and all that is left at the end. */
function runThrough(replica: MemoryReplica, inputs: History, processes: number, steps: readonly number[]): void {
  const cursors = Array.from({ length: processes }, (_, process) =>
    [...inputs].map(([id, updates]) => ({ process, id, updates, at: asOf })),
  ).flat();
  const advance = (cursor: (typeof cursors)[number], to: Time): void => {
    const fresh = cursor.updates.filter(([, time]) => time >= cursor.at && time < to);
    cursor.at = to;
    replica.feed(cursor.process, cursor.id, fresh, to === end ? null : to);
  };
  for (const step of steps) {
    const cursor = cursors[step % cursors.length]!;
    if (step % 3 === 0) replica.deliver(step);
    else if (cursor.at < end - 1) advance(cursor, Math.min(end - 1, cursor.at + 1 + (step % 4)));
  }
  for (const cursor of cursors) advance(cursor, end);
  let pick = steps.length;
  while (replica.deliver(pick)) pick++;
}

const upTo = (updates: readonly Update<Entry>[], time: Time): Bag =>
  bag(updates.filter(([, at]) => at <= time).map(([data, , diff]) => [data, diff]));

const schedule = fc.array(fc.nat(1_000), { maxLength: 60 });

describe("a dataflow", () => {
  it("accumulates to what a batch computes, at each time, whatever the workers, the batches and the delays", () => {
    fc.assert(
      fc.property(plan, history, shape, schedule, (query, inputs, replicaShape, steps) => {
        const replica = new MemoryReplica(query, asOf, replicaShape);
        runThrough(replica, inputs, replicaShape.processes, steps);
        for (let time = asOf; time < end; time++) {
          const contents = new Map([...inputs].map(([id, updates]) => [id, upTo(updates, time)]));
          expect(texts(upTo(replica.result, time))).toEqual(texts(naive(query, contents)));
        }
        expect(replica.late).toBe(0);
      }),
      { numRuns: 400 },
    );
  });

  it("says the same changes at the same times on three processes of two workers as on one worker", () => {
    const changes = ({ result }: MemoryReplica): readonly string[] =>
      result.map(([data, time, diff]) => `${time} ${JSON.stringify(data)} ${diff}`).toSorted();
    fc.assert(
      fc.property(plan, history, schedule, fc.nat(5), (query, inputs, steps, writer) => {
        const one = new MemoryReplica(query, asOf, { processes: 1, workersPerProcess: 1, writer: 0 });
        runThrough(one, inputs, 1, []);
        const six = new MemoryReplica(query, asOf, { processes: 3, workersPerProcess: 2, writer });
        runThrough(six, inputs, 3, steps);
        expect(changes(six)).toEqual(changes(one));
        expect(six.frontiers[Math.floor(writer / 2)]).toBe(null);
      }),
      { numRuns: 200 },
    );
  });

  it("spreads groups over all workers", () => {
    const byFirst: Plan = { kind: "reduce", input: { kind: "get", id: "a" }, key: [column(0)], aggregates: [] };
    const replica = new MemoryReplica(byFirst, asOf, { processes: 3, workersPerProcess: 2, writer: null });
    const rows = Array.from({ length: 60 }, (_, id): Update<Entry> => [[id, 0], asOf, 1]);
    for (const process of [0, 1, 2]) replica.feed(process, "a", rows, null);
    while (replica.deliver(0)) expect(replica.late).toBe(0);
    expect(replica.result).toHaveLength(60);
    for (const process of [0, 1, 2]) expect(replica.results[process]).toBeGreaterThan(5);
  });

  it("is not further than its slowest input, and as far as that once all was delivered", () => {
    const join: Plan = {
      kind: "join",
      left: { kind: "get", id: "a" },
      right: { kind: "get", id: "b" },
      leftKey: [0],
      rightKey: [0],
    };
    const replica = new MemoryReplica(join, asOf, { processes: 2, workersPerProcess: 1, writer: 1 });
    const settle = (): void => {
      while (replica.deliver(0)) expect(replica.late).toBe(0);
    };
    for (const process of [0, 1]) replica.feed(process, "a", [[[1, 2], 11, 1]], 20);
    replica.feed(0, "b", [[[1, 3], 11, 1]], 15);
    settle();
    expect([replica.frontiers[1], replica.result]).toEqual([10, []]);
    replica.feed(1, "b", [[[1, 3], 11, 1]], 13);
    settle();
    expect([replica.frontiers[1], replica.result]).toEqual([13, [[[1, 2, 1, 3], 11, 1]]]);
  });
});
