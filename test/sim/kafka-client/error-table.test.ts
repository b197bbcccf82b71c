import { describe, expect, it } from "vitest";
import type { KafkaErrorCode } from "../../../src/ports/kafka-rpc.ts";
import { brokerTrouble, errorTable, hasEffect, netTrouble } from "../../../src/sim/kafka/client/error-table.ts";
import { projectFiles } from "../../support/project-files.ts";

/** The members of a union in the contract's source. */
function unionMembers(name: string): string[] {
  const { text } = projectFiles("src/ports", ".ts").find(({ path }) => path === "src/ports/kafka-rpc.ts")!;
  const union = text.slice(text.indexOf(`export type ${name} =`)).split(";")[0]!;
  return [...union.matchAll(/"(\w+)"/g)].map((match) => match[1]!);
}

describe("the table of errors", () => {
  it("has a rule for every error of the contract and for no other", () => {
    const codes = unionMembers("KafkaErrorCode");
    expect(codes.length).toBeGreaterThan(20);
    expect(Object.keys(errorTable).toSorted()).toEqual(codes.toSorted());
  });

  it("retries nothing that fences a producer, and calls no error ambiguous by itself", () => {
    for (const [code, rule] of Object.entries(errorTable)) {
      if (rule.failure === "fenced") expect([code, rule.retry]).toEqual([code, "no"]);
      expect(rule.failure).not.toBe("ambiguous");
    }
  });

  it.each<[KafkaErrorCode, string]>([
    ["PRODUCER_FENCED", "fenced"],
    ["INVALID_PRODUCER_EPOCH", "fenced"],
    ["OFFSET_OUT_OF_RANGE", "permanent"],
    ["UNKNOWN_TOPIC_ID", "permanent"],
    ["COORDINATOR_LOAD_IN_PROGRESS", "transient"],
    ["NOT_ENOUGH_REPLICAS", "transient"],
    ["MESSAGE_TOO_LARGE", "permanent"],
    ["KAFKA_STORAGE_ERROR", "transient"],
  ])("%s is %s", (code, failure) => {
    expect(errorTable[code].failure).toBe(failure);
  });

  it("doubts the effect of a write whose leader stepped down or timed out, never that of a read", () => {
    for (const code of ["NOT_LEADER_OR_FOLLOWER", "REQUEST_TIMED_OUT", "NOT_ENOUGH_REPLICAS_AFTER_APPEND"] as const) {
      expect(brokerTrouble(code, "produce").isUncertain).toBe(true);
      expect(brokerTrouble(code, "fetch").isUncertain).toBe(false);
    }
    expect(brokerTrouble("NOT_ENOUGH_REPLICAS", "produce").isUncertain).toBe(false);
  });

  it("doubts what a coordinator did that was not available for it, never that it was looked up", () => {
    for (const api of ["initProducerId", "addPartitionsToTxn", "endTxn"] as const) {
      expect(brokerTrouble("COORDINATOR_NOT_AVAILABLE", api).isUncertain).toBe(true);
    }
    expect(brokerTrouble("COORDINATOR_NOT_AVAILABLE", "findCoordinator").isUncertain).toBe(false);
  });

  it("doubts the effect of a write whose answer was lost, not of one that was never delivered", () => {
    expect(netTrouble({ code: "ECONNRESET", definite: false }, "endTxn").isUncertain).toBe(true);
    expect(netTrouble({ code: "ECONNREFUSED", definite: true }, "endTxn").isUncertain).toBe(false);
    expect(netTrouble({ code: "ETIMEDOUT", definite: false }, "metadata").isUncertain).toBe(false);
    expect(Object.values(hasEffect).filter(Boolean)).toHaveLength(6);
  });
});
