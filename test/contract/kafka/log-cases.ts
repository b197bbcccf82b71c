/** Logs, offsets and what readers see of them. */
import { expect } from "vitest";
import type { KafkaCaseRow } from "./backend.ts";
import { askLeader, ending, errorOf, freshTopic, RawProducer, readAll, record, valueOf } from "./requests.ts";

const open = { isolation: "read_uncommitted", maxWait: "0ms" } as const;
const settled = { isolation: "read_committed", maxWait: "0ms" } as const;
const fetchAll = { partition: 0, offset: 0, maxWaitMillis: 0, maxRecords: 100 };

export const logCases: readonly KafkaCaseRow[] = [
  [
    [1, 14],
    "batches follow each other at the log's end, in the order in which one producer sent them",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      const sent = ["a", "b", "c", "d", "e"].map((value) => client.produce(topic, 0, [record(value), record(value)]));
      expect(await Promise.all(sent)).toEqual([0, 2, 4, 6, 8]);
      expect((await readAll(client, topic, "read_committed")).join("")).toBe("aabbccddee");
    },
  ],
  [
    [2, 5, 51],
    "markers take an offset each and are never shown; the position passes them and reaches the high watermark",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      const producer = client.producer(session.unique("sink"), { transactionTimeout: "30s" });
      await producer.init();
      producer.begin();
      await producer.send(topic, 0, [record("a"), record("b")]);
      await producer.commit();
      producer.begin();
      await producer.send(topic, 0, [record("c")]);
      await producer.abort();
      await session.sleep("2s");
      const fetched = await client.fetch({ topic, partition: 0 }, 0, settled);
      expect(fetched.records.map(({ offset }) => offset)).toEqual([0, 1]);
      expect(fetched).toMatchObject({ nextOffset: 5, highWatermark: 5, lastStableOffset: 5 });
      const { records } = await client.fetch({ topic, partition: 0 }, 0, open);
      expect(records.map(({ offset }) => offset)).toEqual([0, 1, 3]);
    },
  ],
  [
    [3],
    "a batch is answered when the high watermark has passed it, and nobody sees it before",
    async (session) => {
      const client = session.client();
      const reader = session.client();
      const topic = await freshTopic(session);
      const log = { topic, partition: 0 };
      const sending = client.produce(topic, 0, [record("a")]);
      const early = await reader.fetch(log, 0, open);
      expect(early.nextOffset).toBeLessThanOrEqual(early.highWatermark);
      expect(early.records.every(({ offset }) => offset < early.highWatermark)).toBe(true);
      await sending;
      expect((await reader.watermarks(log)).highWatermark).toBe(1);
    },
  ],
  [
    [4, 5, 6, 7, 39],
    "the earliest open transaction of any producer holds the last stable offset, and only that",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      const log = { topic, partition: 0 };
      const first = await RawProducer.init(session, session.unique("first"));
      const second = await RawProducer.init(session, session.unique("second"));
      await client.produce(topic, 0, [record("plain")]);
      for (const producer of [first, second]) {
        valueOf(await producer.add(topic));
        valueOf(await producer.produce(topic, 0, [producer.transactionalId]));
      }
      expect(await client.watermarks(log)).toEqual({ logStartOffset: 0, lastStableOffset: 1, highWatermark: 3 });
      valueOf(await second.end(true));
      await session.sleep("2s");
      expect(await client.watermarks(log)).toMatchObject({ lastStableOffset: 1, highWatermark: 4 });
      expect((await client.fetch(log, 0, settled)).records.map(({ value }) => value)).toEqual(["plain"]);
      expect((await client.fetch(log, 0, open)).records).toHaveLength(3);
      valueOf(await first.end(false));
      await session.sleep("2s");
      expect(await client.watermarks(log)).toMatchObject({ lastStableOffset: 5, highWatermark: 5 });
      expect(await readAll(client, topic, "read_committed")).toEqual(["plain", second.transactionalId]);
    },
  ],
  [
    [5],
    "the broker names aborted transactions and leaves it to the reader to drop them",
    async (session) => {
      const topic = await freshTopic(session);
      const producer = await RawProducer.init(session, session.unique("sink"));
      valueOf(await producer.add(topic));
      valueOf(await producer.produce(topic, 0, ["a"]));
      valueOf(await producer.end(false));
      await session.sleep("2s");
      const request = { ...fetchAll, topic, isolation: "read_committed" } as const;
      const reply = valueOf(await askLeader(session, "fetch", request));
      expect(reply.aborted).toEqual([{ producerId: producer.producerId, firstOffset: 0 }]);
      expect(reply.batches.map(({ control }) => control)).toEqual([null, "abort"]);
    },
  ],
  [
    [7, 8],
    "a new log begins and ends at 0",
    async (session) => {
      const topic = await freshTopic(session);
      const nothing = { logStartOffset: 0, lastStableOffset: 0, highWatermark: 0 };
      expect(await session.client().watermarks({ topic, partition: 0 })).toEqual(nothing);
    },
  ],
  [
    [9, 15],
    "keys, values, tombstones, headers and times come back as they were sent",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      const sent = [
        record("größer\u0000\ud83d\ude80", {
          key: "ключ",
          headers: [
            ["a", ""],
            ["a", "\n"],
          ],
          timestamp: 1_700_000_000_000,
        }),
        record(null, { key: "ключ", timestamp: 5 }),
        record("", { key: "", timestamp: 1_600_000_000_000 }),
      ];
      await client.produce(topic, 0, sent);
      const { records } = await client.fetch({ topic, partition: 0 }, 0, settled);
      expect(records).toEqual(sent.map((each, offset) => ({ ...each, offset })));
    },
  ],
  [
    [10],
    "a reader at the end waits as long as it said, and then gets nothing, which is no error",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      await client.watermarks({ topic, partition: 0 });
      const startedAt = session.clock();
      const fetched = await client.fetch({ topic, partition: 0 }, 0, { ...settled, maxWait: "700ms" });
      const waited = session.clock() - startedAt;
      expect(fetched).toMatchObject({ records: [], nextOffset: 0 });
      expect(waited).toBeGreaterThanOrEqual(700_000);
      expect(waited).toBeLessThan(1_700_000);
    },
  ],
  [
    [10],
    "a reader at the end is woken by what is appended",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      const startedAt = session.clock();
      const fetching = session.client().fetch({ topic, partition: 0 }, 0, { ...settled, maxWait: "30s" });
      await session.sleep("300ms");
      await client.produce(topic, 0, [record("a")]);
      expect((await fetching).records.map(({ value }) => value)).toEqual(["a"]);
      expect(session.clock() - startedAt).toBeLessThan(5_000_000);
    },
  ],
  [
    [11],
    "beyond the end is out of range, and nothing moves the reader",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      await client.produce(topic, 0, [record("a")]);
      const call = client.fetch({ topic, partition: 0 }, 2, { ...open, maxWait: "5s" });
      expect(await ending(call)).toBe("OFFSET_OUT_OF_RANGE permanent");
      const request = { ...fetchAll, topic, offset: 2, isolation: "read_uncommitted" } as const;
      expect(errorOf(await askLeader(session, "fetch", request))).toBe("OFFSET_OUT_OF_RANGE");
    },
  ],
  [
    [12, 13],
    "batches come whole, however little was asked for; the client drops what is below its position",
    async (session) => {
      const client = session.client();
      const topic = await freshTopic(session);
      await client.produce(
        topic,
        0,
        ["a", "b", "c", "d"].map((value) => record(value)),
      );
      const request = { ...fetchAll, topic, offset: 2, maxRecords: 1, isolation: "read_committed" } as const;
      const { batches } = valueOf(await askLeader(session, "fetch", request));
      expect(batches).toMatchObject([{ baseOffset: 0, nextOffset: 4 }]);
      expect(batches[0]!.records).toHaveLength(4);
      const fetched = await client.fetch({ topic, partition: 0 }, 2, { ...settled, maxRecords: 1 });
      expect(fetched.records.map(({ value }) => value)).toEqual(["c", "d"]);
      expect(fetched.nextOffset).toBe(4);
    },
  ],
];
