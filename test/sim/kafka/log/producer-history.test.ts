import { describe, expect, it } from "vitest";
import {
  judgeSequence,
  sequenceEnd,
  withBatch,
  withMarker,
  type ProducerHistory,
} from "../../../../src/sim/kafka/log/producer-history.ts";
import { kafkaPolicies as policies } from "../../../../src/sim/kafka/policies.ts";

/** A history of batches of two records each, from sequence number 0 and offset 100 on. */
function history(batches: number, epoch = 3): ProducerHistory {
  let known: ProducerHistory | undefined;
  for (let at = 0; at < batches; at++) known = withBatch(known, { epoch, sequence: at * 2, count: 2 }, 100 + at * 2);
  return known!;
}

const judge = (known: ProducerHistory | undefined, epoch: number, sequence: number, count = 2): unknown => {
  const verdict = judgeSequence(known, { epoch, sequence, count }, policies);
  return verdict.kind === "refuse" ? verdict.error : verdict.kind === "repeat" ? verdict.baseOffset : "append";
};

describe("the history of a producer", () => {
  it("takes the batch that follows, and any batch of a producer it does not know (Kafka 16)", () => {
    expect(judge(history(3), 3, 6)).toBe("append");
    expect(judge(undefined, 0, 0)).toBe("append");
    expect(judge(undefined, 4, 17)).toBe("append");
  });

  it("answers each of the last five batches with its own offset (Kafka 17)", () => {
    const known = history(7);
    expect([4, 6, 8, 10, 12].map((sequence) => judge(known, 3, sequence))).toEqual([104, 106, 108, 110, 112]);
  });

  it("knows an older batch for a duplicate without an offset (Kafka 18)", () => {
    expect(judge(history(7), 3, 2)).toBe("DUPLICATE_SEQUENCE_NUMBER");
    expect(judge(history(7), 3, 12, 1)).toBe("DUPLICATE_SEQUENCE_NUMBER");
  });

  it("refuses a gap, and a new epoch that does not begin at 0 (Kafka 19)", () => {
    expect(judge(history(3), 3, 8)).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(judge(history(3), 4, 6)).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(judge(history(3), 4, 0)).toBe("append");
  });

  it("goes on at 0 behind the last sequence number there is (Kafka 20)", () => {
    const known = withBatch(undefined, { epoch: 0, sequence: sequenceEnd - 2, count: 3 }, 0);
    expect(judge(known, 0, 1)).toBe("append");
    expect(judge(known, 0, 0)).toBe("DUPLICATE_SEQUENCE_NUMBER");
    expect(judge(known, 0, 2)).toBe("OUT_OF_ORDER_SEQUENCE_NUMBER");
    expect(judge(known, 0, sequenceEnd - 2, 3)).toBe(0);
  });

  it("refuses the batches of an older epoch (Kafka 25)", () => {
    expect(judge(history(3), 2, 6)).toBe("INVALID_PRODUCER_EPOCH");
    expect(judge(withMarker(history(3), 4, 1), 3, 6)).toBe("INVALID_PRODUCER_EPOCH");
  });

  it("goes on counting behind a marker of the same epoch, and begins anew behind one of a higher", () => {
    expect(judge(withMarker(history(3), 3, 1), 3, 6)).toBe("append");
    expect(judge(withMarker(history(3), 3, 1), 3, 4)).toBe(104);
    expect(judge(withMarker(history(3), 4, 1), 4, 0)).toBe("append");
    expect(judge(withMarker(undefined, 3, 1), 3, 0)).toBe("append");
  });
});
