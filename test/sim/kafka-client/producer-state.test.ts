import { describe, expect, it } from "vitest";
import { kafkaClientPolicies, type KafkaClientPolicies } from "../../../src/sim/kafka/client/policies.ts";
import {
  sequenceAfter,
  transition,
  type ProducerAction,
  type ProducerEvent,
  type ProducerPhase,
} from "../../../src/sim/kafka/client/producer/producer-state.ts";
import { explore } from "./producer-exploration.ts";

const producer = { id: 9, epoch: 0 };
const p = "t/0";
const lost = { code: "ETIMEDOUT", failure: "ambiguous" } as const;
const down = { code: "ECONNREFUSED", failure: "transient" } as const;
const fenced = { code: "PRODUCER_FENCED", failure: "fenced" } as const;
const initialised: ProducerEvent[] = [{ kind: "init" }, { kind: "initialised", producer }];
const wrote: ProducerEvent[] = [
  ...initialised,
  { kind: "begin" },
  { kind: "send", partition: p },
  { kind: "added", partition: p },
  { kind: "sent", partition: p, count: 3 },
];
const commit: ProducerEvent = { kind: "end", commit: true };
const abort: ProducerEvent = { kind: "end", commit: false };

function after(...events: ProducerEvent[]): { state: ProducerPhase; action: ProducerAction } {
  let state: ProducerPhase = { name: "uninitialised" };
  let action: ProducerAction = { kind: "return" };
  for (const event of events) ({ state, action } = transition(state, event, kafkaClientPolicies));
  return { state, action };
}

describe("the protocol of a transactional producer", () => {
  it("adds a partition before the first batch to it, and numbers batches by records", () => {
    expect(after(...initialised, { kind: "begin" }, { kind: "send", partition: p }).action.kind).toBe("add");
    expect(after(...wrote, { kind: "send", partition: p }).action).toEqual({ kind: "produce", producer, sequence: 3 });
    expect(after(...wrote, { kind: "send", partition: "t/1" }).action.kind).toBe("add");
  });

  it("goes on numbering in the next transaction, where partitions are added again", () => {
    const next = after(...wrote, commit, { kind: "ended", isUncertain: false }, { kind: "begin" });
    const { state, action } = transition(next.state, { kind: "send", partition: p }, kafkaClientPolicies);
    expect(action.kind).toBe("add");
    const added = transition(state, { kind: "added", partition: p }, kafkaClientPolicies).state;
    expect(transition(added, { kind: "send", partition: p }, kafkaClientPolicies).action).toMatchObject({
      sequence: 3,
    });
  });

  it("numbers wrap at 2^31 (Kafka 20)", () => {
    expect(sequenceAfter(2 ** 31 - 2, 1)).toBe(2 ** 31 - 1);
    expect(sequenceAfter(2 ** 31 - 1, 1)).toBe(0);
    expect(sequenceAfter(2 ** 31 - 2, 5)).toBe(3);
  });

  it("sends nothing for an empty transaction (Kafka 35)", () => {
    for (const end of [commit, abort]) {
      expect(after(...initialised, { kind: "begin" }, end)).toMatchObject({
        state: { name: "ready" },
        action: { kind: "return" },
      });
    }
  });

  it("refuses to commit after a batch of unknown fate, and to write on under its epoch", () => {
    const failed: ProducerEvent[] = [...wrote, { kind: "send-failed", partition: p, failed: lost }];
    expect(after(...failed, commit).action).toMatchObject({ kind: "refuse", failure: "transient", why: "abort first" });
    expect(after(...failed, { kind: "send", partition: "t/1" }).action).toMatchObject({ why: "abort first" });
    const aborted = after(...failed, abort, { kind: "ended", isUncertain: false });
    expect(aborted.state.name).toBe("uninitialised");
    expect(transition(aborted.state, { kind: "begin" }, kafkaClientPolicies).action).toMatchObject({
      failure: "transient",
      why: "init first",
    });
  });

  it("lets a batch that certainly was not appended be sent again", () => {
    const again = after(...wrote, { kind: "send-failed", partition: p, failed: down }, { kind: "send", partition: p });
    expect(again.action).toMatchObject({ kind: "produce", sequence: 3 });
  });

  it("repeats a commit of unknown outcome, and refuses to abort instead (Kafka 32, 33)", () => {
    const unknown: ProducerEvent[] = [...wrote, commit, { kind: "end-failed", failed: lost }];
    expect(after(...unknown).action).toMatchObject({ kind: "refuse", failure: "ambiguous" });
    expect(after(...unknown, abort).action).toMatchObject({ kind: "refuse", failure: "ambiguous" });
    expect(after(...unknown, commit).action).toEqual({ kind: "end", producer, commit: true });
    // A second attempt that did not get through leaves the first one's outcome open.
    expect(after(...unknown, commit, { kind: "end-failed", failed: down }, abort).action).toMatchObject({
      failure: "ambiguous",
    });
  });

  it("may abort after a commit that certainly was not received", () => {
    const down2: ProducerEvent[] = [...wrote, commit, { kind: "end-failed", failed: down }];
    expect(after(...down2, abort).action).toEqual({ kind: "end", producer, commit: false });
  });

  it("asks for a new epoch after a transaction that was ended more than once", () => {
    expect(after(...wrote, commit, { kind: "ended", isUncertain: true }).state.name).toBe("uninitialised");
    expect(after(...wrote, commit, { kind: "ended", isUncertain: false }).state.name).toBe("ready");
  });

  it.each<[string, ProducerEvent[]]>([
    ["init", [{ kind: "init" }, { kind: "init-failed", failed: fenced }]],
    ["a batch", [...wrote, { kind: "send-failed", partition: p, failed: fenced }]],
    ["a partition", [...initialised, { kind: "begin" }, { kind: "add-failed", failed: fenced }]],
    ["a commit", [...wrote, commit, { kind: "end-failed", failed: fenced }]],
  ])("is fenced for good when %s is refused for its epoch (Kafka 25)", (_what, events) => {
    const { state } = after(...events);
    expect(state).toEqual({ name: "fenced", code: "PRODUCER_FENCED" });
    for (const event of [{ kind: "init" }, { kind: "begin" }, { kind: "send", partition: p }, commit, abort] as const) {
      const next = transition(state, event, kafkaClientPolicies);
      expect(next).toMatchObject({ state, action: { kind: "refuse", failure: "fenced" } });
    }
  });

  it("fails for good when the coordinator knows no such transaction", () => {
    const unknown = { code: "INVALID_TXN_STATE", failure: "permanent" } as const;
    expect(after(...wrote, commit, { kind: "end-failed", failed: unknown }).state.name).toBe("failed");
    // Unless all that might have opened it was lost.
    const lostAdd: ProducerEvent[] = [...initialised, { kind: "begin" }, { kind: "add-failed", failed: lost }, abort];
    expect(after(...lostAdd, { kind: "end-failed", failed: unknown }).state.name).toBe("ready");
  });
});

describe("all ways through a few calls, with every outcome of every request", () => {
  it("keep acknowledged batches and nothing else in committed transactions, and numbers in order", () => {
    const { paths, broken, commits } = explore(kafkaClientPolicies, 5);
    expect(broken).toEqual([]);
    expect(paths).toBeGreaterThan(5_000);
    expect(commits).toBeGreaterThan(300);
  });

  it.each<[string, Partial<KafkaClientPolicies>]>([
    ["a transaction is committed after a batch of unknown fate", { mustAbort: () => false }],
    ["an epoch is kept after a batch of unknown fate", { mayKeepEpoch: () => true }],
  ])("go wrong when %s", (_what, policies) => {
    expect(explore({ ...kafkaClientPolicies, ...policies }, 5).broken.length).toBeGreaterThan(0);
  });
});
