/** Batches that are sent again, by producers that number them and by those that do not. */
import { expect } from "vitest";
import type { KafkaAnswer, ProducerState } from "../../../src/ports/kafka-rpc.ts";
import type { KafkaCaseRow, KafkaSession } from "./backend.ts";
import {
  askLeader,
  ending,
  errorOf,
  freshTopic,
  leaderOf,
  losingAnswers,
  RawProducer,
  readAll,
  record,
  valueOf,
} from "./requests.ts";

/** Sends batches of one record each, whose value is their sequence number, outside transactions. */
async function numbered(
  session: KafkaSession,
  topic: string,
): Promise<(sequence: number, epoch?: number) => Promise<KafkaAnswer<"produce">>> {
  const request = { transactionalId: null, timeoutMillis: 60_000 };
  const { producerId: id } = valueOf(await session.rpc.request(session.brokers[0]!, "initProducerId", request));
  return (sequence, epoch = 0) => {
    const producer: ProducerState = { id, epoch, sequence };
    return askLeader(session, "produce", { topic, partition: 0, records: [record(`${sequence}`)], producer });
  };
}

export const idempotenceCases: readonly KafkaCaseRow[] = [
  [
    [16, 17],
    "one of the last five batches, sent again, is answered with its first offset and not appended",
    async (session) => {
      const topic = await freshTopic(session);
      const send = await numbered(session, topic);
      for (let sequence = 0; sequence < 6; sequence++) expect(valueOf(await send(sequence)).baseOffset).toBe(sequence);
      for (const sequence of [5, 1, 3]) expect(valueOf(await send(sequence)).baseOffset).toBe(sequence);
      expect(await session.client().watermarks({ topic, partition: 0 })).toMatchObject({ highWatermark: 6 });
    },
  ],
  [
    [18],
    "an older batch, sent again, is known to be a duplicate",
    async (session) => {
      const topic = await freshTopic(session);
      const send = await numbered(session, topic);
      for (let sequence = 0; sequence < 7; sequence++) valueOf(await send(sequence));
      expect(errorOf(await send(0))).toBe("DUPLICATE_SEQUENCE_NUMBER");
      expect(await session.client().watermarks({ topic, partition: 0 })).toMatchObject({ highWatermark: 7 });
    },
  ],
  [
    [19],
    "a gap in the sequence is refused, and nothing appended",
    async (session) => {
      const topic = await freshTopic(session);
      const send = await numbered(session, topic);
      valueOf(await send(0));
      expect(errorOf(await send(2))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
      valueOf(await send(1));
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["0", "1"]);
    },
  ],
  [
    [19],
    "a new epoch begins at 0",
    async (session) => {
      const topic = await freshTopic(session);
      const id = session.unique("sink");
      const first = await RawProducer.init(session, id);
      valueOf(await first.add(topic));
      valueOf(await first.produce(topic, 0, ["a", "b"]));
      valueOf(await first.end(true));
      const second = await RawProducer.init(session, id);
      valueOf(await second.add(topic));
      expect(errorOf(await second.produce(topic, 2, ["c"]))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
      valueOf(await second.produce(topic, 0, ["c"]));
      valueOf(await second.end(true));
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["a", "b", "c"]);
    },
  ],
  [
    [20],
    "numbers go on from 0 behind the last one, for new batches, repeated ones and gaps",
    async (session) => {
      const topic = await freshTopic(session);
      const send = await numbered(session, topic);
      const last = 2_147_483_647;
      expect(valueOf(await send(last - 1)).baseOffset).toBe(0);
      expect(valueOf(await send(last)).baseOffset).toBe(1);
      expect(errorOf(await send(1))).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
      expect(valueOf(await send(0)).baseOffset).toBe(2);
      for (const [sequence, offset] of [
        [last - 1, 0],
        [last, 1],
        [0, 2],
      ] as const) {
        expect(valueOf(await send(sequence)).baseOffset).toBe(offset);
      }
      for (let sequence = 1; sequence < 6; sequence++) valueOf(await send(sequence));
      expect(errorOf(await send(last))).toBe("DUPLICATE_SEQUENCE_NUMBER");
      expect(await session.client().watermarks({ topic, partition: 0 })).toMatchObject({ highWatermark: 8 });
    },
  ],
  [
    [20],
    "one batch may have numbers on both sides of the end",
    async (session) => {
      const topic = await freshTopic(session);
      const request = { transactionalId: null, timeoutMillis: 60_000 };
      const { producerId: id } = valueOf(await session.rpc.request(session.brokers[0]!, "initProducerId", request));
      const send = (sequence: number, values: string): Promise<KafkaAnswer<"produce">> => {
        const records = [...values].map((value) => record(value));
        const producer = { id, epoch: 0, sequence };
        return askLeader(session, "produce", { topic, partition: 0, records, producer });
      };
      expect(valueOf(await send(2_147_483_646, "abcd")).baseOffset).toBe(0);
      expect(valueOf(await send(2_147_483_646, "abcd")).baseOffset).toBe(0);
      expect(valueOf(await send(2, "e")).baseOffset).toBe(4);
      expect(await readAll(session.client(), topic, "read_committed")).toEqual([..."abcde"]);
    },
  ],
  [
    [16, 54],
    "a new leader knows the batches of the old one",
    async (session) => {
      const topic = await freshTopic(session);
      const send = await numbered(session, topic);
      valueOf(await send(0));
      valueOf(await send(1));
      await session.moveLeaders((await leaderOf(session, topic, 0))!);
      expect(valueOf(await send(1)).baseOffset).toBe(1);
      expect(valueOf(await send(2)).baseOffset).toBe(2);
    },
  ],
  [
    [21],
    "a plain batch, sent again after its answer was lost, is there twice",
    async (session) => {
      const topic = await freshTopic(session);
      for (let attempt = 0; attempt < 2; attempt++) {
        valueOf(await askLeader(session, "produce", { topic, partition: 0, records: [record("a")] }));
      }
      expect(await readAll(session.client(), topic, "read_committed")).toEqual(["a", "a"]);
    },
  ],
  [
    [17, 21, 60],
    "the client's batches are there once, whichever answers were lost",
    async (session) => {
      const topic = await freshTopic(session);
      const client = session.client(losingAnswers(session.rpc, "produce", (count) => count % 3 !== 0));
      for (const value of ["a", "b", "c"]) await client.produce(topic, 0, [record(value)]);
      expect(await readAll(client, topic, "read_committed")).toEqual(["a", "b", "c"]);
    },
  ],
  [
    [60],
    "the client says that it does not know when every answer was lost, and starts over with the next batch",
    async (session) => {
      const topic = await freshTopic(session);
      let isLossy = true;
      const client = session.client(losingAnswers(session.rpc, "produce", () => isLossy));
      expect(await ending(client.produce(topic, 0, [record("a")]))).toBe("ECONNRESET ambiguous");
      isLossy = false;
      await client.produce(topic, 0, [record("b")]);
      expect(await readAll(client, topic, "read_committed")).toEqual(["a", "b"]);
    },
  ],
];
