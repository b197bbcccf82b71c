import { describe, expect, it } from "vitest";
import { kafkaPolicies as policies } from "../../../../src/sim/kafka/policies.ts";
import {
  nextTransaction,
  refusalOfWrite,
  type TransactionEffect,
  type TransactionEvent,
  type TransactionPartition,
  type TransactionState,
} from "../../../../src/sim/kafka/transaction/core.ts";

const p0: TransactionPartition = { topic: "t", topicId: "t-1", partition: 0 };
const p1: TransactionPartition = { topic: "t", topicId: "t-1", partition: 1 };

/** One transactional id under a coordinator; each call is one request or event. */
class Coordinator {
  state: TransactionState | undefined;
  effects: readonly TransactionEffect[] = [];
  #freshId = 10;

  step(event: TransactionEvent): string {
    const context = {
      transactionalId: "tx",
      freshId: this.#freshId,
      epochMax: 3,
      transactionMaxMillis: 1_000,
      policies,
    };
    const { state, answer, effects } = nextTransaction(this.state, event, context);
    if (state?.producerId === this.#freshId) this.#freshId++;
    this.state = state;
    this.effects = effects;
    return answer === null ? "-" : answer.ok ? `${answer.producerId}/${answer.epoch}` : answer.error;
  }

  init = (timeoutMillis = 1_000): string => this.step({ kind: "init", timeoutMillis });
  add = (epoch: number, partitions = [p0], producerId = 10): string =>
    this.step({ kind: "add", producerId, epoch, partitions });
  end = (epoch: number, commit: boolean, producerId = 10): string =>
    this.step({ kind: "end", producerId, epoch, commit });
  mark = (...partitions: readonly TransactionPartition[]): string =>
    this.step({ kind: "marked", round: this.state!.round, partitions });
}

/** A coordinator whose producer, of epoch 0, has an open transaction in both partitions. */
function ongoing(): Coordinator {
  const coordinator = new Coordinator();
  coordinator.init();
  coordinator.add(0, [p0, p1]);
  return coordinator;
}

describe("an init", () => {
  it("gives an unknown id a new producer id and epoch 0, a known one the next epoch (Kafka 22)", () => {
    const coordinator = new Coordinator();
    expect([coordinator.init(), coordinator.init(), coordinator.init()]).toEqual(["10/0", "10/1", "10/2"]);
    expect(coordinator.effects).toEqual([{ kind: "initialised" }]);
  });

  it("fences and aborts an open transaction, and waits for its markers (Kafka 23)", () => {
    const coordinator = ongoing();
    expect(coordinator.init()).toBe("CONCURRENT_TRANSACTIONS");
    expect(coordinator.effects).toEqual([{ kind: "decided", commit: false, cause: "init" }]);
    expect(coordinator.state).toMatchObject({ phase: "PREPARE_ABORT", epoch: 1 });
    expect(coordinator.end(0, true)).toBe("PRODUCER_FENCED");
    expect(coordinator.init()).toBe("CONCURRENT_TRANSACTIONS");
    coordinator.mark(p0);
    expect(coordinator.init()).toBe("CONCURRENT_TRANSACTIONS");
    coordinator.mark(p1);
    expect(coordinator.state!.phase).toBe("COMPLETE_ABORT");
    expect(coordinator.init()).toBe("10/2");
  });

  it("waits for a committed transaction to be rolled forward (Kafka 24)", () => {
    const coordinator = ongoing();
    coordinator.end(0, true);
    expect(coordinator.init()).toBe("CONCURRENT_TRANSACTIONS");
    expect(coordinator.state!.phase).toBe("PREPARE_COMMIT");
    coordinator.mark(p0, p1);
    expect(coordinator.state!.phase).toBe("COMPLETE_COMMIT");
    expect(coordinator.init()).toBe("10/1");
  });

  it("takes a new producer id when the epochs are used up (Kafka 27)", () => {
    const coordinator = new Coordinator();
    const all = [1, 2, 3, 4, 5].map(() => coordinator.init());
    expect(all).toEqual(["10/0", "10/1", "10/2", "10/3", "11/0"]);
    expect(coordinator.add(3)).toBe("INVALID_PRODUCER_ID_MAPPING");
  });

  it("refuses a timeout that is too long, or none (Kafka 28)", () => {
    const coordinator = new Coordinator();
    expect([1_001, 0].map(coordinator.init)).toEqual(["INVALID_TRANSACTION_TIMEOUT", "INVALID_TRANSACTION_TIMEOUT"]);
    expect(coordinator.state).toBeUndefined();
  });
});

describe("a coordinator", () => {
  it("refuses the requests of a fenced producer and tells of it (Kafka 25)", () => {
    const coordinator = new Coordinator();
    coordinator.init();
    coordinator.init();
    expect(coordinator.add(0)).toBe("PRODUCER_FENCED");
    expect(coordinator.effects).toEqual([{ kind: "fenced", epoch: 0 }]);
    expect(coordinator.end(0, false)).toBe("PRODUCER_FENCED");
    expect(coordinator.add(2)).toBe("PRODUCER_FENCED");
    expect(new Coordinator().add(0)).toBe("INVALID_PRODUCER_ID_MAPPING");
  });

  it("aborts a transaction that is open for longer than its timeout, and fences its producer (Kafka 29, 37)", () => {
    const coordinator = ongoing();
    for (const millis of [700, 999]) coordinator.step({ kind: "aged", millis });
    expect(coordinator.state).toMatchObject({ phase: "ONGOING", ageMillis: 999 });
    coordinator.step({ kind: "aged", millis: 1 });
    expect(coordinator.effects).toEqual([{ kind: "decided", commit: false, cause: "timeout" }]);
    expect(coordinator.state).toMatchObject({ phase: "PREPARE_ABORT", epoch: 1 });
    expect(coordinator.end(0, true)).toBe("PRODUCER_FENCED");
  });

  it("does not age what is not open", () => {
    const coordinator = ongoing();
    coordinator.end(0, true);
    for (let times = 0; times < 3; times++) coordinator.step({ kind: "aged", millis: 5_000 });
    expect(coordinator.state!.phase).toBe("PREPARE_COMMIT");
  });

  it("takes no partitions while markers are being written, and begins a new round after them (Kafka 31)", () => {
    const coordinator = ongoing();
    expect(coordinator.end(0, true)).toBe("10/0");
    expect(coordinator.add(0)).toBe("CONCURRENT_TRANSACTIONS");
    coordinator.mark(p0, p1);
    expect(coordinator.add(0, [p1])).toBe("10/0");
    expect(coordinator.state).toMatchObject({ phase: "ONGOING", round: 2, partitions: [p1] });
  });

  it("grants the same verdict again and refuses the opposite one (Kafka 32, 33)", () => {
    for (const commit of [true, false]) {
      const coordinator = ongoing();
      expect(coordinator.end(0, commit)).toBe("10/0");
      for (let times = 0; times < 2; times++) {
        expect(coordinator.end(0, commit)).toBe("10/0");
        expect(coordinator.effects).toEqual([]);
        expect(coordinator.end(0, !commit)).toBe("INVALID_TXN_STATE");
        coordinator.mark(p0, p1);
      }
    }
  });

  it("has nothing to end in a transaction without partitions (Kafka 35)", () => {
    const coordinator = new Coordinator();
    coordinator.init();
    expect(coordinator.end(0, true)).toBe("INVALID_TXN_STATE");
    expect(coordinator.state!.phase).toBe("EMPTY");
  });

  it("adds a partition once, and knows a topic by its id", () => {
    const coordinator = ongoing();
    const before = coordinator.state;
    expect(coordinator.add(0, [p1])).toBe("10/0");
    expect(coordinator.state).toBe(before);
    coordinator.add(0, [{ ...p0, topicId: "t-2" }]);
    expect(coordinator.state!.partitions).toHaveLength(3);
  });

  it("is not moved by the markers of another round", () => {
    const coordinator = ongoing();
    coordinator.end(0, true);
    coordinator.step({ kind: "marked", round: 0, partitions: [p0, p1] });
    expect(coordinator.state!.partitions).toEqual([p0, p1]);
  });
});

describe("a write that begins a transaction in a partition", () => {
  const write = (state: TransactionState | undefined, epoch = 0, id = 10): unknown =>
    refusalOfWrite(state, { id, epoch }, p0, policies);

  it("is taken when the partition was added (Kafka 30)", () => {
    const coordinator = new Coordinator();
    coordinator.init();
    expect(write(coordinator.state)).toBe("INVALID_TXN_STATE");
    coordinator.add(0, [p1]);
    expect(write(coordinator.state)).toBe("INVALID_TXN_STATE");
    coordinator.add(0, [p0]);
    expect(write(coordinator.state)).toBeUndefined();
    coordinator.end(0, true);
    expect(write(coordinator.state)).toBe("INVALID_TXN_STATE");
  });

  it("is refused to a fenced producer and to an unknown one (Kafka 25)", () => {
    const coordinator = ongoing();
    coordinator.init();
    expect(write(coordinator.state)).toBe("INVALID_PRODUCER_EPOCH");
    expect(write(coordinator.state, 1, 9)).toBe("INVALID_PRODUCER_ID_MAPPING");
    expect(write(undefined)).toBe("INVALID_PRODUCER_ID_MAPPING");
  });
});
