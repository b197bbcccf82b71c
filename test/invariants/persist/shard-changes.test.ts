/** S-FRO-1 and S-WRI-1: frontiers, and what is written between them. */
import { describe, expect, it } from "vitest";
import { contiguousAppends } from "../../../src/invariants/persist/contiguous-appends.ts";
import { orderedFrontiers } from "../../../src/invariants/persist/ordered-frontiers.ts";
import { firstBreach, shardHistory, type Seen } from "../../support/hand-trace.ts";

function history(): { readonly change: ReturnType<typeof shardHistory>; readonly sound: readonly Seen[] } {
  const change = shardHistory();
  const sound = [
    change("u1", { upper: 5, updates: [[["a"], 4, 1]] }),
    change("u1", { since: 3 }),
    change("u1", {
      upper: 9,
      updates: [
        [["a"], 5, -1],
        [["b"], 8, 1],
      ],
    }),
    change("u2", { upper: 2 }),
    change("u1", { since: 9 }),
    change("u1", { upper: null, updates: [[["c"], 9, 1]] }),
    change("u1", { since: null }),
  ];
  return { change, sound };
}

describe("S-FRO-1", () => {
  it("accepts frontiers that rise to the end of time, each shard by itself", () => {
    expect(firstBreach(orderedFrontiers, history().sound)).toBeUndefined();
  });

  it("rejects an upper that falls, one that comes back from the end included", () => {
    const { change, sound } = history();
    expect(firstBreach(orderedFrontiers, [...sound.slice(0, 4), change("u2", { upper: 1 })])?.subject).toBe("u2 upper");
    expect(firstBreach(orderedFrontiers, [...sound, change("u1", { upper: 20 })])?.subject).toBe("u1 upper");
  });

  it("rejects a since that falls", () => {
    const { change } = history();
    const trace = [change("s", { upper: 9 }), change("s", { since: 4 }), change("s", { since: 3 })];
    expect(firstBreach(orderedFrontiers, trace)?.subject).toBe("s since");
  });

  it("rejects a since above the upper", () => {
    const change = shardHistory();
    const trace = [change("s", { upper: 9 }), change("s", { since: 10 })];
    expect(firstBreach(orderedFrontiers, trace)?.subject).toBe("s bounds");
    expect(firstBreach(orderedFrontiers, [change("t", { upper: 9 }), change("t", { since: null })])?.subject).toBe(
      "t bounds",
    );
  });

  it.each([4, 9, 10])("rejects an update at %i of an append from 5 to 9", (time) => {
    const change = shardHistory();
    const trace = [change("s", { upper: 5 }), change("s", { upper: 9, updates: [[["a"], time, 1]] })];
    expect(firstBreach(orderedFrontiers, trace)?.subject).toBe("s update");
  });
});

describe("S-WRI-1", () => {
  it("accepts changes that follow on each other", () => {
    expect(firstBreach(contiguousAppends, history().sound)).toBeUndefined();
  });

  it("rejects a change that was decided on an older state", () => {
    const { change, sound } = history();
    expect(firstBreach(contiguousAppends, [...sound, change("u1", { sequence: 6 })])?.subject).toBe("u1 sequence");
    expect(firstBreach(contiguousAppends, [...sound, change("u2", { sequence: 4 })])?.subject).toBe("u2 sequence");
  });

  it("rejects an append on top of an upper that it did not expect", () => {
    const change = shardHistory();
    const begun = change("s", { upper: 5 });
    const late = change("s", { upper: 9, updates: [[["a"], 3, 1]] });
    expect(firstBreach(contiguousAppends, [begun, late])?.subject).toBe("s lower");
    const other = shardHistory();
    expect(
      firstBreach(contiguousAppends, [other("s", { upper: 5 }), other("s", { upper: 9, lower: 4 })])?.subject,
    ).toBe("s lower");
  });
});
