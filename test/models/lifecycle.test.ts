import { beforeAll, describe, expect, it } from "vitest";
import type { Exploration } from "../../src/explore/exploration.ts";
import type { LifecycleCore } from "../../src/models/lifecycle/state.ts";
import { lifecycle } from "../../src/models/lifecycle/lifecycle.ts";
import { explored } from "./explored.ts";

function broken(overrides: Partial<LifecycleCore>): Exploration["violation"] {
  return explored(lifecycle.worlds({ ...lifecycle.core, ...overrides })[0]!).violation;
}

describe("a connector's lifecycle", () => {
  let found: Exploration;
  beforeAll(() => {
    found = explored(lifecycle.worlds(lifecycle.core)[0]!);
  }, 60_000);

  it("never goes back, and in the end its last row says how it is", () => {
    expect(found).toMatchObject({ violation: null, isComplete: true, states: 13_527, transitions: 44_659, depth: 22 });
    expect(found.goals).toBeGreaterThan(0);
    expect(found.worst).toBeGreaterThan(0);
  });

  it("goes through every transition of its core", () => {
    expect(found.uncovered).toEqual([]);
    expect(found.covered).toHaveLength(13);
  });
});

describe("a broken lifecycle", () => {
  it("that hears late reports of another incarnation is found by its shortest story", () => {
    const violation = broken({ isCurrent: () => true });
    expect(violation).toMatchObject({ kind: "safety", property: "S-CONN-2" });
    expect(violation!.message).toBe("incarnation 0 speaks for incarnation 1");
    expect(violation!.prefix).toMatchInlineSnapshot(`
      [
        "incarnation 0 is rendered",
        "incarnation 1 takes the place of 0",
        "the environment hears "starting" of incarnation 0",
      ]
    `);
  });

  it("that leaves failed by a success is found by its shortest story", () => {
    const next: LifecycleCore["next"] = (state, event) =>
      lifecycle.core.next(event.kind === "succeeded" ? { ...state, status: "stalled" } : state, event);
    const violation = broken({ next });
    expect(violation!.message).toBe("a connector that had failed for good became running");
    expect(violation!.prefix).toEqual([
      "incarnation 0 is rendered",
      'the environment hears "starting" of incarnation 0',
      "FAULT incarnation 0 has failed",
      "incarnation 0 has succeeded",
    ]);
  });

  it("that does not report its recovery never says how it is", () => {
    const next: LifecycleCore["next"] = (state, event) => {
      const [after, isReported] = lifecycle.core.next(state, event);
      return [after, isReported && !(state.status === "stalled" && event.kind === "succeeded")];
    };
    expect(broken({ next })).toMatchObject({ kind: "liveness", property: "L-CONN-4" });
  });
});
