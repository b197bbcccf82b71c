import { describe, expect, it } from "vitest";
import {
  abortedWithin,
  append,
  appendMarker,
  emptyLog,
  isInRange,
  lastStableOffset,
  raiseWatermark,
  read,
  type PartitionLog,
} from "../../../../src/sim/kafka/log/partition-log.ts";
import { kafkaPolicies as policies } from "../../../../src/sim/kafka/policies.ts";
import { record } from "../brokers.ts";

const producer = (id: number, sequence = 0) => ({ id, epoch: 0, sequence, transactionalId: `tx${id}` });

function batch(log: PartitionLog, values: string, id?: number): number {
  const records = [...values].map(record);
  const sequence = log.producers.get(id ?? -1)?.batches.at(-1)?.last ?? -1;
  const at = append(log, records, id === undefined ? undefined : producer(id, sequence + 1));
  raiseWatermark(log, log.endOffset);
  return at;
}

function mark(log: PartitionLog, producerId: number, control: "commit" | "abort", round = 1): number | undefined {
  const offset = appendMarker(log, { producerId, epoch: 0, round, control }, policies);
  raiseWatermark(log, log.endOffset);
  return offset;
}

const offsetsFrom = (log: PartitionLog, offset: number, isolation: "read_committed" | "read_uncommitted") =>
  read(log, { offset, isolation, maxRecords: 100 }, policies).map(({ baseOffset }) => baseOffset);

describe("a partition's log", () => {
  it("appends at its end and gives markers one offset (Kafka 1, 2)", () => {
    const log = emptyLog();
    expect(batch(log, "ab", 1)).toBe(0);
    expect(mark(log, 1, "commit")).toBe(2);
    expect(batch(log, "c")).toBe(3);
    expect(log.endOffset).toBe(4);
  });

  it("shows nothing above the high watermark, which only rises (Kafka 3)", () => {
    const log = emptyLog();
    append(log, [record("a")]);
    expect(offsetsFrom(log, 0, "read_uncommitted")).toEqual([]);
    expect(raiseWatermark(log, 1)).toBe(true);
    expect(offsetsFrom(log, 0, "read_uncommitted")).toEqual([0]);
    expect(raiseWatermark(log, 0)).toBe(false);
    expect(log.highWatermark).toBe(1);
  });

  it("is stable up to the earliest open transaction, or to the high watermark (Kafka 4, 37, 39)", () => {
    const log = emptyLog();
    batch(log, "a");
    expect(lastStableOffset(log)).toBe(1);
    batch(log, "b", 1);
    batch(log, "c", 2);
    mark(log, 2, "commit");
    expect(lastStableOffset(log)).toBe(1);
    mark(log, 1, "abort");
    expect(lastStableOffset(log)).toBe(log.endOffset);
    append(log, [record("d")]);
    expect(lastStableOffset(log)).toBe(log.endOffset - 1);
  });

  it("gives read_committed the aborted ranges and read_uncommitted everything (Kafka 5, 6)", () => {
    const log = emptyLog();
    batch(log, "a", 1);
    batch(log, "b", 2);
    mark(log, 2, "abort");
    mark(log, 1, "abort");
    batch(log, "c", 1);
    expect(offsetsFrom(log, 0, "read_uncommitted")).toEqual([0, 1, 2, 3, 4]);
    expect(offsetsFrom(log, 0, "read_committed")).toEqual([0, 1, 2, 3]);
    expect(abortedWithin(log, 0, 4)).toEqual([
      { producerId: 1, firstOffset: 0 },
      { producerId: 2, firstOffset: 1 },
    ]);
    expect(abortedWithin(log, 3, 4)).toEqual([{ producerId: 1, firstOffset: 0 }]);
    expect(abortedWithin(log, 4, 5)).toEqual([]);
  });

  it("can be read from its start to its end, and nowhere else (Kafka 10, 11)", () => {
    const log = emptyLog();
    batch(log, "ab");
    expect([-1, 0, 2, 3].map((offset) => isInRange(log, offset))).toEqual([false, true, true, false]);
    expect(offsetsFrom(log, 2, "read_uncommitted")).toEqual([]);
  });

  it("gives whole batches, also one that begins below the offset, and one that is too large (Kafka 12, 13)", () => {
    const log = emptyLog();
    batch(log, "abc");
    batch(log, "de");
    expect(offsetsFrom(log, 1, "read_uncommitted")).toEqual([0, 3]);
    const some = (maxRecords: number) =>
      read(log, { offset: 1, isolation: "read_uncommitted", maxRecords }, policies).map(
        ({ records }) => records.length,
      );
    expect([1, 4, 5].map(some)).toEqual([[3], [3], [3, 2]]);
  });

  it("keeps keys, values, headers and tombstones as they are (Kafka 15)", () => {
    const log = emptyLog();
    const odd = {
      key: "ключ",
      value: null,
      headers: [
        ["a", ""],
        ["a", "b"],
      ] as const,
      timestamp: 7,
    };
    append(log, [odd]);
    raiseWatermark(log, 1);
    const [first] = read(log, { offset: 0, isolation: "read_uncommitted", maxRecords: 1 }, policies);
    expect(first!.records).toEqual([{ ...odd, offset: 0 }]);
  });

  it("writes a transaction's marker once, however often and late it comes", () => {
    const log = emptyLog();
    batch(log, "a", 1);
    expect(mark(log, 1, "commit", 1)).toBe(1);
    expect(mark(log, 1, "commit", 1)).toBeUndefined();
    batch(log, "b", 1);
    expect(mark(log, 1, "commit", 1)).toBeUndefined();
    expect(lastStableOffset(log)).toBe(2);
    expect(mark(log, 1, "abort", 2)).toBe(3);
    expect(abortedWithin(log, 0, 4)).toEqual([{ producerId: 1, firstOffset: 2 }]);
  });
});
