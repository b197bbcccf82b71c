import { describe, expect, it } from "vitest";
import type { KafkaPolicies } from "../../../../src/sim/kafka/policies.ts";
import { explore } from "./exploration.ts";

const broken: readonly (readonly [string, Partial<KafkaPolicies>, string])[] = [
  ["an init that adopts the open transaction", { abortsPredecessor: () => false }, "committed by its own producer"],
  [
    "an init that does not wait for markers",
    { waitsForMarkers: () => false },
    "nothing of a fenced producer after init",
  ],
  ["a coordinator that fences nobody", { isFenced: () => false }, "committed by its own producer"],
  [
    "an init that leaves the epoch as it is",
    { nextEpoch: (epoch) => epoch },
    "nothing of a fenced producer after init",
  ],
  ["a log that takes a late marker for a new one", { isMarkerRepeat: () => false }, "committed by its own producer"],
];

describe("two producers of one transactional id", () => {
  it("never break a rule, in any order of their messages, markers and timeouts (Kafka 22-25, 29, 31)", () => {
    const { states, violation, outcomes } = explore();
    expect(violation).toBeNull();
    expect(states).toBeGreaterThan(1_000);
    expect(outcomes).toEqual(expect.arrayContaining(["nothing", "0a", "1a", "0a 1a"]));
  });

  it.each(broken)("break one with %s", (_name, overrides, rule) => {
    const { violation } = explore(overrides);
    expect(violation?.rule).toBe(rule);
    expect(violation!.path.length).toBeGreaterThan(5);
  });
});
