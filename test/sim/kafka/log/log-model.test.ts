/** Random histories of one partition against a model that only knows which transactions were committed. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { assert } from "../../../../src/base/assert.ts";
import {
  abortedWithin,
  append,
  appendMarker,
  emptyLog,
  judgeBatch,
  lastStableOffset,
  raiseWatermark,
  read,
  type PartitionLog,
} from "../../../../src/sim/kafka/log/partition-log.ts";
import { kafkaPolicies } from "../../../../src/sim/kafka/policies.ts";
import { record, visible } from "../brokers.ts";

type Move = "send" | "resend" | "commit" | "abort" | "fence" | "late";
type Act = { readonly kind: "plain" } | { readonly kind: "replicate" } | { readonly kind: Move; readonly who: number };

const who = fc.nat({ max: 2 });
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant("plain" as const) }),
    fc.record({ kind: fc.constant("replicate" as const) }),
    fc.record({
      kind: fc.constantFrom<Move>("send", "send", "resend", "commit", "abort", "fence", "late"),
      who,
    }),
  ),
  { maxLength: 60 },
);

interface Producer {
  epoch: number;
  sequence: number;
  round: number;
  /** Values of the open transaction. */
  open: string[];
  last: { readonly sequence: number; readonly value: string } | null;
}

class History {
  readonly log: PartitionLog = emptyLog();
  /** Every value with the offset at which a consumer may have it; removed when its transaction is aborted. */
  readonly expected = new Map<string, number>();
  readonly producers: Producer[] = [0, 1, 2].map(() => ({ epoch: 0, sequence: 0, round: 1, open: [], last: null }));
  #count = 0;

  act(act: Act): void {
    if (act.kind === "replicate") raiseWatermark(this.log, this.log.endOffset);
    else if (act.kind === "plain") this.#appended(append(this.log, [record(this.#value())]));
    else this.#produce(act.kind, act.who);
  }

  #produce(kind: Move, id: number): void {
    const producer = this.producers[id]!;
    switch (kind) {
      case "send":
        return this.#send(id, { sequence: producer.sequence++, value: this.#value() }, "append");
      case "resend":
        return producer.last === null ? undefined : this.#send(id, producer.last, "repeat");
      case "late":
        // A predecessor's batch, once a marker of a higher epoch has come by.
        return producer.epoch === 0 ? undefined : this.#late(id);
      case "fence":
        producer.epoch++;
        producer.sequence = 0;
        producer.last = null;
        return this.#mark(id, false);
      default:
        return this.#mark(id, kind === "commit");
    }
  }

  #send(id: number, batch: { readonly sequence: number; readonly value: string }, wanted: "append" | "repeat"): void {
    const producer = this.producers[id]!;
    const state = { id, epoch: producer.epoch, sequence: batch.sequence, transactionalId: `tx${id}` };
    assert(judgeBatch(this.log, state, 1, kafkaPolicies).kind === wanted, `a batch to ${wanted}`);
    producer.last = batch;
    if (wanted === "repeat") return;
    this.#values.set(batch.value, append(this.log, [record(batch.value)], state));
    producer.open.push(batch.value);
  }

  #late(id: number): void {
    const producer = this.producers[id]!;
    const state = { id, epoch: producer.epoch - 1, sequence: producer.sequence, transactionalId: `tx${id}` };
    assert(judgeBatch(this.log, state, 1, kafkaPolicies).kind === "refuse", "a late batch is refused");
  }

  #mark(id: number, isCommit: boolean): void {
    const producer = this.producers[id]!;
    const { epoch, round, open } = producer;
    const marker = { producerId: id, epoch, round, control: isCommit ? ("commit" as const) : ("abort" as const) };
    assert(appendMarker(this.log, marker, kafkaPolicies) !== undefined, "a marker is written");
    assert(appendMarker(this.log, marker, kafkaPolicies) === undefined, "a marker is written once");
    if (isCommit) for (const value of open) this.expected.set(value, this.#values.get(value)!);
    producer.round++;
    producer.open = [];
  }

  readonly #values = new Map<string, number>();

  #value(): string {
    return `v${this.#count++}`;
  }

  #appended(offset: number): void {
    this.expected.set(`v${this.#count - 1}`, offset);
  }
}

/** What a client has read by fetching on until nothing comes. */
function consumed(log: PartitionLog, maxRecords: number): string[] {
  const batches: ReturnType<typeof read> = [];
  const isolation = "read_committed";
  for (let offset = 0; ; offset = batches.at(-1)!.nextOffset) {
    const more = read(log, { offset, isolation, maxRecords }, kafkaPolicies);
    if (more.length === 0) break;
    batches.push(...more);
  }
  const aborted = abortedWithin(log, 0, lastStableOffset(log));
  return visible({ batches, aborted, logStartOffset: 0, lastStableOffset: 0, highWatermark: 0 });
}

describe("a log under random producers", () => {
  it("keeps LSO <= HW <= LEO and its offsets gapless and increasing, whatever happens (Kafka 1, 3, 4)", () => {
    fc.assert(
      fc.property(acts, (all) => {
        const history = new History();
        const { log } = history;
        for (const act of all) {
          const before = { end: log.endOffset, high: log.highWatermark };
          history.act(act);
          expect(lastStableOffset(log)).toBeLessThanOrEqual(log.highWatermark);
          expect(log.highWatermark).toBeLessThanOrEqual(log.endOffset);
          expect(log.endOffset).toBeGreaterThanOrEqual(before.end);
          expect(log.highWatermark).toBeGreaterThanOrEqual(before.high);
        }
        let next = 0;
        for (const { baseOffset, nextOffset, records } of log.batches) {
          expect(baseOffset).toBe(next);
          expect(records.map(({ offset }) => offset)).toEqual(records.map((_record, at) => baseOffset + at));
          next = nextOffset;
        }
        expect(next).toBe(log.endOffset);
      }),
    );
  });

  it("shows read_committed the committed records below the LSO in their order, each once (Kafka 5)", () => {
    fc.assert(
      fc.property(acts, fc.integer({ min: 1, max: 4 }), (all, maxRecords) => {
        const history = new History();
        for (const act of all) history.act(act);
        const stable = lastStableOffset(history.log);
        const wanted = [...history.expected].filter(([, offset]) => offset < stable).toSorted((a, b) => a[1] - b[1]);
        expect(consumed(history.log, maxRecords)).toEqual(wanted.map(([value]) => value));
      }),
    );
  });
});
