import { describe, expect, it } from "vitest";
import type { StoredRecord } from "../../../src/ports/kafka-rpc.ts";
import type { Column, Entry } from "../../../src/engine/collection.ts";
import { rebind, splitSnapshot } from "../../../src/engine/connectors/ingestion/binding.ts";
import { envelope } from "../../../src/engine/connectors/ingestion/envelope.ts";
import { Intake } from "../../../src/engine/connectors/ingestion/intake.ts";
import { decodeValue } from "../../../src/engine/sql/decode.ts";

const columns: readonly Column[] = [
  { name: "key", type: "text" },
  { name: "amount", type: "int" },
];
const record = (offset: number, key: string | null, value: string | null): StoredRecord => ({
  offset,
  key,
  value,
  headers: [],
  timestamp: 0,
});
const fetched = (records: readonly StoredRecord[], nextOffset: number) => ({
  records,
  nextOffset,
  highWatermark: nextOffset,
  lastStableOffset: nextOffset,
  logStartOffset: 0,
});

describe("the envelope none", () => {
  const none = envelope("none", columns.slice(1), decodeValue, []);

  it("makes every record a row, and one that cannot be decoded an error of its own that stays", () => {
    expect(none.apply(0, record(1, null, '{"amount":3}'))).toEqual([[[3], 1]]);
    const [[first]] = none.apply(0, record(2, null, "{")) as [[Entry, number]];
    const [[second]] = none.apply(0, record(3, null, "{")) as [[Entry, number]];
    expect(first).toMatchObject({ code: "22P02", identity: "partition 0, offset 2" });
    expect(second).toMatchObject({ identity: "partition 0, offset 3" });
    expect(none.apply(1, record(4, "k", null))).toMatchObject([[{ identity: "partition 1, offset 4" }, 1]]);
  });
});

describe("the envelope upsert", () => {
  const upsert = (contents: readonly (readonly [Entry, number])[] = []) =>
    envelope("upsert", columns, decodeValue, contents);

  it("keeps the last value of a key, retracting the one before, across a resume too", () => {
    const first = upsert();
    expect(first.apply(0, record(0, "a", '{"amount":1}'))).toEqual([[["a", 1], 1]]);
    expect(first.apply(0, record(1, "a", '{"amount":2}'))).toEqual([
      [["a", 1], -1],
      [["a", 2], 1],
    ]);
    expect(first.apply(0, record(2, "a", '{"amount":2}'))).toEqual([]);
    const resumed = upsert([[["a", 2], 1]]);
    expect(resumed.apply(0, record(3, "a", null))).toEqual([[["a", 2], -1]]);
    expect(resumed.apply(0, record(4, "a", null))).toEqual([]);
  });

  it("keeps an undecodable value as the key's error, which its next value or a tombstone retracts", () => {
    const one = upsert();
    const [[error]] = one.apply(0, record(0, "a", "{")) as [[Entry, number]];
    expect(error).toMatchObject({ identity: "a" });
    expect(upsert([[error, 1]]).apply(0, record(1, "a", '{"amount":1}'))).toEqual([
      [error, -1],
      [["a", 1], 1],
    ]);
    expect(one.apply(0, record(1, "a", null))).toEqual([[error, -1]]);
  });

  it("names nothing in the error of a NULL key that its retraction could not repeat (B11)", () => {
    const one = upsert();
    const [[error]] = one.apply(3, record(7, null, '{"amount":1}')) as [[Entry, number]];
    expect(error).toMatchObject({ identity: "NULL key, partition 3" });
    expect(one.apply(3, record(8, null, null))).toEqual([[error, -1]]);
  });
});

describe("bindings", () => {
  it("are told apart from rows and errors in a snapshot", () => {
    const error = { code: "22P02", message: "no", identity: "x" };
    const { bindings, contents } = splitSnapshot([
      [{ partition: 1, offset: 4 }, 1],
      [[1], 2],
      [error, 1],
    ]);
    expect([...bindings]).toEqual([[1, 4]]);
    expect(contents).toEqual([
      [[1], 2],
      [error, 1],
    ]);
  });

  it("move by retracting the old offset, and only where something moved", () => {
    const before = new Map([
      [0, 2],
      [1, 5],
    ]);
    const after = new Map([
      [0, 2],
      [1, 7],
      [2, 0],
    ]);
    expect(rebind(before, after, 9)).toEqual([
      [{ partition: 1, offset: 5 }, 9, -1],
      [{ partition: 1, offset: 7 }, 9, 1],
      [{ partition: 2, offset: 0 }, 9, 1],
    ]);
  });
});

describe("the intake of a source", () => {
  const intake = (bound: ReadonlyMap<number, number>, resume = bound) =>
    new Intake(envelope("none", columns.slice(1), decodeValue, []), bound, resume);

  it("binds rows and offsets together, once", () => {
    const one = intake(new Map([[0, 2]]));
    expect(one.hasNews).toBe(false);
    one.take(0, fetched([record(2, null, '{"amount":1}'), record(4, null, '{"amount":1}')], 6));
    expect(one.hasNews).toBe(true);
    expect(one.bind(7)).toEqual([
      [[1], 7, 2],
      [{ partition: 0, offset: 2 }, 7, -1],
      [{ partition: 0, offset: 6 }, 7, 1],
    ]);
    expect(one.hasNews).toBe(false);
    expect(one.bind(8)).toEqual([]);
    expect(one.position(0)).toBe(6);
  });

  it("is not whole before every new partition was read up to where it ended when it was found", () => {
    const one = intake(new Map());
    one.discover(0, 0, 3);
    one.discover(1, 0, 0);
    expect(one.isWhole).toBe(false);
    one.take(0, fetched([record(0, null, '{"amount":1}')], 1));
    expect(one.isWhole).toBe(false);
    one.take(0, fetched([], 3));
    expect(one.isWhole).toBe(true);
    expect(one.bind(5)).toContainEqual([{ partition: 1, offset: 0 }, 5, 1]);
  });
});
