import { describe, expect, it } from "vitest";
import { explore, exploreInSlices } from "../../src/explore/explore.ts";
import { toy } from "./toy.ts";

describe("an exploration", () => {
  it("counts states and steps, and says which transitions of the core were taken and which never", () => {
    const model = toy(
      [
        { from: "a", to: "b" },
        { from: "a", to: "c" },
        { from: "b", to: "z" },
        { from: "c", to: "b" },
        { from: "c", to: "c" },
        { from: "x", to: "z" },
      ],
      "z",
      ["a→b", "a→c", "x→z"],
    );
    expect(explore(model, { faults: 0 })).toEqual({
      title: "toy",
      states: 4,
      transitions: 5,
      depth: 2,
      isComplete: true,
      violation: null,
      covered: ["a→b", "a→c", "b→z", "c→b", "c→c"],
      uncovered: ["x→z"],
      goals: 1,
      worst: 3,
      furthest: 2,
    });
  });

  it("tells the story with the fewest faults, and of those the shortest", () => {
    const edges = [
      { from: "a", to: "bad", nature: "fault" },
      { from: "a", to: "b" },
      { from: "b", to: "c" },
      { from: "a", to: "d" },
      { from: "d", to: "e" },
      { from: "e", to: "c" },
      { from: "c", to: "bad" },
    ] as const;
    const violation = { kind: "safety", property: "no-bad", message: "bad is bad", cycle: [] };
    const { isComplete, violation: found } = explore(toy(edges, "z"), { faults: 1 });
    expect(isComplete).toBe(false);
    expect(found).toEqual({ ...violation, prefix: ["a→b", "b→c", "c→bad"] });
    const { violation: direct } = explore(toy(edges.slice(0, 1), "z"), { faults: 1 });
    expect(direct).toEqual({ ...violation, prefix: ["a→bad"] });
    expect(explore(toy(edges.slice(0, 1), "a"), { faults: 0 }).violation).toBeNull();
  });

  it("does faults at most so often in one run, however long it is", () => {
    const edges = Array.from({ length: 9 }, (_, index) => ({
      from: index === 0 ? "a" : `s${index}`,
      to: `s${index + 1}`,
      nature: index % 2 === 0 ? "fault" : "ordinary",
    })) as Parameters<typeof toy>[0];
    expect([0, 1, 2, 3].map((faults) => explore(toy(edges, "z"), { faults }).states)).toEqual([1, 3, 5, 7]);
  });

  it("finds a state again that fewer faults lead to by a longer way", () => {
    const edges = [
      { from: "a", to: "c", nature: "fault" },
      { from: "a", to: "b" },
      { from: "b", to: "c" },
      { from: "c", to: "bad", nature: "fault" },
    ] as const;
    expect(explore(toy(edges, "z"), { faults: 1 }).violation?.prefix).toEqual(["a→b", "b→c", "c→bad"]);
  });

  it("stops at its limit and says that it is not complete", () => {
    const model = toy(
      [
        { from: "a", to: "b" },
        { from: "b", to: "c" },
      ],
      "z",
    );
    expect(explore(model, { faults: 0, statesMax: 2 })).toMatchObject({
      states: 2,
      isComplete: false,
      violation: null,
    });
  });

  it("reports how far it is between slices", () => {
    const edges = Array.from({ length: 5_000 }, (_, index) => ({
      from: index === 0 ? "a" : `s${index}`,
      to: `s${index + 1}`,
    }));
    const exploring = exploreInSlices(toy(edges, "s5000"), { faults: 0 });
    const { done, value } = exploring.next();
    expect(done).toBe(false);
    expect(value).toMatchObject({ states: 4_097, waiting: 1 });
    expect(exploring.next()).toMatchObject({ done: true, value: { states: 5_001, worst: 5_000 } });
  });
});

describe("liveness", () => {
  it("fails where everything stands still before the goal", () => {
    const { violation } = explore(
      toy(
        [
          { from: "a", to: "b" },
          { from: "a", to: "z" },
        ],
        "z",
      ),
      { faults: 0 },
    );
    expect(violation).toMatchObject({ kind: "liveness", property: "goal", prefix: ["a→b"], cycle: [] });
    expect(violation?.message).toContain("everything stands still");
  });

  it("fails on a cycle although every state of it has a way out", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "c" },
      { from: "c", to: "b" },
      { from: "c", to: "z" },
    ];
    const { violation, isComplete } = explore(toy(edges, "z"), { faults: 0 });
    expect(isComplete).toBe(true);
    expect(violation).toMatchObject({ kind: "liveness", prefix: ["a→b"], cycle: ["b→c", "c→b"] });
  });

  it("forgives a cycle in which somebody could step all the time and never does", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
      { from: "a", to: "z", actor: 1 },
      { from: "b", to: "z", actor: 1 },
    ];
    expect(explore(toy(edges, "z"), { faults: 0 })).toMatchObject({ violation: null, worst: null, furthest: 1 });
    const sometimes = edges.slice(0, 3);
    expect(explore(toy(sometimes, "z"), { faults: 0 }).violation?.cycle).toEqual(["a→b", "b→a"]);
  });

  it("does not forgive where nobody has to take the way out", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
      { from: "a", to: "z", actor: null },
      { from: "b", to: "z", actor: null },
    ];
    expect(explore(toy(edges, "z"), { faults: 0 }).violation?.kind).toBe("liveness");
  });

  it("lets nobody stand still where the only way on is one that nobody has to go", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "z", actor: null },
    ];
    const { violation } = explore(toy(edges, "z"), { faults: 0 });
    expect(violation).toMatchObject({ kind: "liveness", prefix: ["a→b"], cycle: [] });
  });

  it("finds a fair cycle that gives every actor its turn when the shortest ones do not", () => {
    const edges = [
      { from: "a", to: "b", actor: 1 },
      { from: "b", to: "a", actor: 1 },
      { from: "a", to: "c", actor: 2 },
      { from: "b", to: "c", actor: 2 },
      { from: "c", to: "a", actor: 1 },
    ];
    const { violation } = explore(toy(edges, "z"), { faults: 0 });
    expect(violation?.cycle).toEqual(["a→c", "c→a"]);
  });

  it("counts an actor whose step is postponed as one that waits", () => {
    const edges = [
      { from: "a", to: "b" },
      { from: "b", to: "a" },
      { from: "a", to: "z", actor: 1 },
      { from: "b", to: "z", actor: 1, nature: "postponed" },
    ] as const;
    expect(explore(toy(edges, "z"), { faults: 0 })).toMatchObject({ violation: null, transitions: 3 });
  });

  it("leaves out what is untimely and what is a fault, which safety does not", () => {
    const edges = [
      { from: "a", to: "b", nature: "untimely" },
      { from: "b", to: "a", nature: "untimely" },
      { from: "a", to: "z" },
      { from: "b", to: "z" },
      { from: "z", to: "a", nature: "fault" },
    ] as const;
    expect(explore(toy(edges, "z"), { faults: 1 })).toMatchObject({ violation: null, states: 3, worst: 1 });
    const bad = [...edges, { from: "b", to: "bad", nature: "untimely" }] as const;
    expect(explore(toy(bad, "z"), { faults: 0 }).violation?.prefix).toEqual(["a→b", "b→bad"]);
  });
});
