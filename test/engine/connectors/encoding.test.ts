import { describe, expect, it } from "vitest";
import type { Row, Update } from "../../../src/engine/collection.ts";
import type { SinkObject } from "../../../src/engine/compute/protocol.ts";
import { encode } from "../../../src/engine/connectors/sink/encoding.ts";

const sink = (more: Partial<SinkObject> = {}): SinkObject => ({
  kind: "sink",
  id: "u4",
  incarnation: 1,
  brokers: [],
  topic: "out",
  connection: "u1",
  from: { id: "u3", shard: "u3" },
  columns: [
    { name: "customer", type: "int" },
    { name: "total", type: "int" },
  ],
  key: [0],
  envelope: "upsert",
  partitions: 3,
  asOf: 0,
  shard: "u4",
  ...more,
});
const at = (changes: readonly (readonly [Row, number])[]): Update<Row>[] =>
  changes.map(([row, diff]) => [row, 7, diff]);
const told = (...args: Parameters<typeof encode>) =>
  encode(...args).map(({ record }) => [record.key, record.value] as const);

describe("messages of a sink", () => {
  it("hold the last value of each key, and null for one that is gone, under their time", () => {
    const changes = at([
      [[1, 10], -1],
      [[1, 12], 1],
      [[2, 5], -1],
      [[3, null], 1],
    ]);
    expect(told(sink(), 7, changes, 3)).toEqual([
      ['{"customer":1}', '{"customer":1,"total":12}'],
      ['{"customer":2}', null],
      ['{"customer":3}', '{"customer":3,"total":null}'],
    ]);
    for (const { record } of encode(sink(), 7, changes, 3)) expect(record.headers).toEqual([["wavetank-time", "7"]]);
  });

  it("hold before and after for debezium", () => {
    const changes = at([
      [[1, 10], -1],
      [[1, 12], 1],
      [[2, 5], -1],
    ]);
    expect(told(sink({ envelope: "debezium" }), 7, changes, 1).map(([, value]) => value)).toEqual([
      '{"before":{"customer":1,"total":10},"after":{"customer":1,"total":12}}',
      '{"before":{"customer":2,"total":5},"after":null}',
    ]);
  });

  it("of one key always go to one partition", () => {
    const partitions = new Set<number>();
    for (let total = 0; total < 20; total++) {
      for (const { partition } of encode(sink(), 7, at([[[4, total], 1]]), 3)) partitions.add(partition);
    }
    expect(partitions.size).toBe(1);
    const spread = new Set<number>();
    for (let customer = 0; customer < 50; customer++) {
      for (const { partition } of encode(sink(), 7, at([[[customer, 1], 1]]), 3)) spread.add(partition);
    }
    expect(spread).toEqual(new Set([0, 1, 2]));
  });

  it("cannot be made of a key that is not unique", () => {
    const twice = at([
      [[1, 10], 1],
      [[1, 12], 1],
    ]);
    expect(() => encode(sink(), 7, twice, 1)).toThrow('key {"customer":1} is not unique');
  });
});
