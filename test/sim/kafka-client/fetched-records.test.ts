import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { FetchedBatch, KafkaApis } from "../../../src/ports/kafka-rpc.ts";
import { fetchedRecords } from "../../../src/sim/kafka/client/fetched-records.ts";
import { kafkaClientPolicies } from "../../../src/sim/kafka/client/policies.ts";

type Reply = KafkaApis["fetch"]["reply"];

function data(baseOffset: number, count: number, producerId: number | null, isTransactional = true): FetchedBatch {
  const records = Array.from({ length: count }, (_, at) => ({
    key: null,
    value: `${producerId}@${baseOffset + at}`,
    headers: [],
    timestamp: 0,
    offset: baseOffset + at,
  }));
  return { baseOffset, producerId, isTransactional, control: null, nextOffset: baseOffset + count, records };
}

function marker(baseOffset: number, producerId: number, control: "commit" | "abort"): FetchedBatch {
  return { baseOffset, producerId, isTransactional: true, control, nextOffset: baseOffset + 1, records: [] };
}

function reply(batches: readonly FetchedBatch[], aborted: Reply["aborted"] = []): Reply {
  const end = batches.at(-1)?.nextOffset ?? 0;
  return { batches, aborted, logStartOffset: 0, lastStableOffset: end, highWatermark: end };
}

const offsets = (from: Reply, offset: number, isolation: "read_committed" | "read_uncommitted"): number[] =>
  fetchedRecords(from, offset, isolation, kafkaClientPolicies).records.map((record) => record.offset);

describe("records of a fetch", () => {
  const mixed = reply(
    [
      data(0, 2, 1),
      data(2, 1, 2),
      marker(3, 1, "abort"),
      data(4, 1, 1),
      marker(5, 2, "commit"),
      marker(6, 1, "commit"),
    ],
    [{ producerId: 1, firstOffset: 0 }],
  );

  it("leave out aborted transactions for read_committed, and only up to their marker", () => {
    expect(offsets(mixed, 0, "read_committed")).toEqual([2, 4]);
  });

  it("hold everything but control records for read_uncommitted", () => {
    expect(offsets(mixed, 0, "read_uncommitted")).toEqual([0, 1, 2, 4]);
  });

  it("leave the position behind control records and aborted data", () => {
    const aborted = reply([data(0, 2, 1), marker(2, 1, "abort")], [{ producerId: 1, firstOffset: 0 }]);
    const fetched = fetchedRecords(aborted, 0, "read_committed", kafkaClientPolicies);
    expect(fetched).toMatchObject({ records: [], nextOffset: 3, highWatermark: 3 });
    expect(fetchedRecords(reply([]), 7, "read_committed", kafkaClientPolicies).nextOffset).toBe(7);
  });

  it("begin where it was asked for, though batches come whole", () => {
    expect(offsets(reply([data(0, 5, null, false)]), 3, "read_committed")).toEqual([3, 4]);
    expect(offsets(mixed, 1, "read_committed")).toEqual([2, 4]);
  });

  it("keep what a producer with an aborted transaction wrote outside of it", () => {
    const from = reply(
      [data(0, 1, 1, false), data(1, 1, 1), marker(2, 1, "abort")],
      [{ producerId: 1, firstOffset: 0 }],
    );
    expect(offsets(from, 0, "read_committed")).toEqual([0]);
  });

  it("are those of committed transactions, whatever was written and wherever the reader cuts", () => {
    const step = fc.record({
      producer: fc.integer({ min: 1, max: 3 }),
      act: fc.constantFrom("write", "commit", "abort"),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.array(fc.nat(60), { maxLength: 4 }), (steps, cuts) => {
        const { log, aborted, committed } = written(steps);
        const seen: number[] = [];
        for (let offset = 0; offset < log.length;) {
          const end = cuts.filter((cut) => cut > offset).toSorted((a, b) => a - b)[0] ?? log.length;
          const part = log.slice(offset, Math.min(end, log.length));
          const last = part.at(-1)!.nextOffset;
          const ranges = aborted.filter((range) => range.firstOffset < last && range.marker >= offset);
          const fetched = fetchedRecords(reply(part, ranges), offset, "read_committed", kafkaClientPolicies);
          seen.push(...fetched.records.map((record) => record.offset));
          expect(fetched.nextOffset).toBe(last);
          offset = fetched.nextOffset;
        }
        expect(seen).toEqual(committed);
      }),
    );
  });
});

/** A log of single-record batches in which nothing is open at the end, and which of its offsets were committed. */
function written(steps: readonly { readonly producer: number; readonly act: string }[]): {
  log: FetchedBatch[];
  aborted: { producerId: number; firstOffset: number; marker: number }[];
  committed: number[];
} {
  const log: FetchedBatch[] = [];
  const open = new Map<number, number[]>();
  const aborted: { producerId: number; firstOffset: number; marker: number }[] = [];
  const committed: number[] = [];
  const close = (producerId: number, commit: boolean): void => {
    const offsetsOf = open.get(producerId);
    if (offsetsOf === undefined) return;
    open.delete(producerId);
    if (commit) committed.push(...offsetsOf);
    else aborted.push({ producerId, firstOffset: offsetsOf[0]!, marker: log.length });
    log.push(marker(log.length, producerId, commit ? "commit" : "abort"));
  };
  for (const { producer, act } of steps) {
    if (act !== "write") {
      close(producer, act === "commit");
      continue;
    }
    open.set(producer, [...(open.get(producer) ?? []), log.length]);
    log.push(data(log.length, 1, producer));
  }
  for (const producer of open.keys()) close(producer, false);
  return { log, aborted, committed: committed.toSorted((a, b) => a - b) };
}
