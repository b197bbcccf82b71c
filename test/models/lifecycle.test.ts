import { beforeAll, describe, expect, it } from "vitest";
import type { Exploration } from "../../src/explore/exploration.ts";
import type { LifecycleCore } from "../../src/models/lifecycle/state.ts";
import { nextLifecycle } from "../../src/engine/connectors/lifecycle.ts";
import { lifecycle } from "../../src/models/lifecycle/lifecycle.ts";
import { explored } from "./explored.ts";

function broken(overrides: Partial<LifecycleCore>, world = 0): Exploration["violation"] {
  return explored(lifecycle.worlds({ ...lifecycle.core, ...overrides })[world]!).violation;
}

/** The index of the world with two parts. */
const twoParts = 2;

describe("a connector's lifecycle", () => {
  let found: readonly Exploration[];
  beforeAll(() => {
    found = lifecycle.worlds(lifecycle.core).map((world) => explored(world));
  }, 120_000);

  it("never goes back, and in the end its last row says how it is, degraded no more", () => {
    const sizes = found.map(({ states, transitions, depth }) => ({ states, transitions, depth }));
    expect(sizes).toEqual([
      { states: 13_527, transitions: 44_659, depth: 22 },
      { states: 5_833, transitions: 25_287, depth: 26 },
      { states: 109_585, transitions: 742_108, depth: 36 },
    ]);
    for (const each of found) {
      expect(each).toMatchObject({ violation: null, isComplete: true });
      expect(each.goals).toBeGreaterThan(0);
      expect(each.worst).toBeGreaterThan(0);
    }
  });

  it("goes through every transition of its core", () => {
    expect(found[twoParts]!.uncovered).toEqual([]);
    expect(found[twoParts]!.covered).toHaveLength(45);
    const listed = new Set(found[twoParts]!.covered);
    expect(found.flatMap(({ covered }) => covered).filter((name) => !listed.has(name))).toEqual([]);
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

  it("that runs as soon as one of its parts gets through is found by its shortest story", () => {
    const next: LifecycleCore["next"] = (state, event) => {
      if (event.kind !== "answered") return lifecycle.core.next(state, event);
      return lifecycle.core.next({ ...state, vain: state.vain.filter(({ part }) => part === event.part) }, event);
    };
    const violation = broken({ next }, twoParts);
    expect(violation).toMatchObject({ kind: "safety", property: "S-CONN-3" });
    expect(violation!.message).toBe("a connector became running, and partition 0 does not get through");
    expect(violation!.prefix).toMatchInlineSnapshot(`
      [
        "incarnation 0 is rendered",
        "FAULT partition 0 loses its brokers",
        "partition 0 tries in vain",
        "partition 1 gets through",
        "incarnation 0 has succeeded",
      ]
    `);
  });

  it("that takes the first attempt in vain for an outage, or none, does not show what is", () => {
    const deciding =
      (isOutage: () => boolean): LifecycleCore["next"] =>
      (state, event) =>
        nextLifecycle(state, event, { isOutage });
    expect(broken({ next: deciding(() => true) }, twoParts)).toMatchObject({
      property: "S-CONN-3",
      message: "a connector is degraded, by no outage",
    });
    expect(broken({ next: deciding(() => false) }, twoParts)).toMatchObject({
      property: "S-CONN-3",
      message: "partition 0 has tried in vain for too long, and it is shown as running",
    });
  });

  it("that stays degraded when all parts get through never says how it is", () => {
    const next: LifecycleCore["next"] = (state, event) => {
      const [after, isReported] = lifecycle.core.next(state, event);
      const isKept = state.status === "degraded" && after.status === "running";
      return isKept ? [{ ...state, vain: after.vain }, false] : [after, isReported];
    };
    const violation = broken(
      { next: (state, event) => (isIdle(state, event) ? [state, false] : next(state, event)) },
      1,
    );
    expect(violation).toMatchObject({ kind: "liveness", property: "L-CONN-4" });
  });
});

/** Without parts in vain, a success would end `degraded`. */
function isIdle(...[{ status }, { kind }]: Parameters<LifecycleCore["next"]>): boolean {
  return status === "degraded" && kind === "succeeded";
}
