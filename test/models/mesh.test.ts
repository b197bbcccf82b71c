/** Forming explored to the end: the protocol in force holds, historic ones fail, and how many states that takes is known. */
import { beforeAll, describe, expect, it } from "vitest";
import type { Exploration } from "../../src/explore/exploration.ts";
import type { FormingCore } from "../../src/engine/mesh/forming.ts";
import { answeredForming } from "../../src/bugs/mesh/protocols/answered-forming.ts";
import { watchedForming } from "../../src/bugs/mesh/protocols/watched-forming.ts";
import { epochForming } from "../../src/engine/mesh/forming.ts";
import { stockForming } from "../../src/engine/mesh/forming-stock.ts";
import { explore } from "../../src/explore/explore.ts";
import { mesh } from "../../src/models/mesh/mesh.ts";
import { meshModel, type MeshModelOptions } from "../../src/models/mesh/mesh-model.ts";
import { explored } from "./explored.ts";

function crashes(core: FormingCore, options: Partial<MeshModelOptions> = {}, faults = 1): Exploration {
  const model = { size: 3, backlog: 2, delays: "short", timeouts: "last", faults: ["crash"], title: "" } as const;
  return explore(meshModel({ ...model, core, ...options }), { faults });
}

describe("the mesh's protocol", () => {
  let found: readonly Exploration[] = [];
  beforeAll(() => {
    found = mesh.worlds(mesh.core).map(explored);
  }, 300_000);

  it.each([
    ["2 processes, ≤3 faults, any delay", 999, 8_219, 17],
    ["3 processes, ≤2 faults, timeouts last", 25_849, 102_996, 30],
    ["3 processes, ≤2 faults, timeouts anytime", 34_474, 171_835, 29],
    ["3 processes, ≤2 crashes, long delays", 58_123, 341_790, 50],
    ["4 processes, ≤2 crashes, timeouts last", 48_631, 363_592, 37],
    ["4 processes, ≤2 crashes, timeouts anytime", 48_631, 377_658, 37],
    ["4 processes, ≤1 power loss, timeouts last", 239_068, 1_072_865, 43],
    ["4 processes, ≤1 other fault, timeouts last", 241_919, 1_304_393, 51],
  ])("holds in every state: %s", (title, states, transitions, depth) => {
    const { violation, ...counts } = found.find((each) => each.title === title)!;
    expect(violation).toBeNull();
    expect(counts).toMatchObject({ states, transitions, depth, isComplete: true });
    expect(counts.goals).toBeGreaterThan(0);
    expect(counts.furthest).toBeGreaterThan(0);
  });

  it("goes through every transition of its core, and through none that is not listed", () => {
    const covered = new Set(found.flatMap((each) => each.covered));
    const never = found[0]!.uncovered.filter((name) => !covered.has(name));
    expect(never).toEqual([]);
    expect(covered.size).toBe(found[0]!.covered.length + found[0]!.uncovered.length);
    expect(found).toHaveLength(8);
  });

  it("needs no more than two connections of a pair at a time: a third changes nothing", () => {
    const { states, transitions } = crashes(epochForming, { backlog: 2 }, 2);
    expect(crashes(epochForming, { backlog: 3 }, 2)).toMatchObject({ states, transitions, violation: null });
  });

  it("relies on waits between attempts that are longer than words are under way", () => {
    const options = { size: 3, backlog: 2, delays: "long", timeouts: "last", faults: ["crash"], title: "" } as const;
    const model = meshModel({ ...options, core: epochForming });
    const timeless: typeof model = {
      ...model,
      enabled: (state) =>
        model.enabled(state).map((step) => (step.nature === "untimely" ? { ...step, nature: "ordinary" } : step)),
    };
    expect(explore(model, { faults: 1 }).violation).toBeNull();
    const { violation } = explore(timeless, { faults: 1 });
    expect(violation?.kind).toBe("liveness");
    expect(violation?.cycle.filter((step) => step.endsWith("makes its next attempt")).length).toBeGreaterThan(1);
  });
});

describe("what the protocol relies on", () => {
  it("a clock that goes back once, which it survives, and not before each attempt", () => {
    const set = { faults: ["reset", "clock jump"] } as const;
    expect(crashes(epochForming, set, 2).violation).toBeNull();
    const { violation } = crashes(epochForming, { faults: ["reset"], clock: "wild" });
    expect(violation).toMatchObject({ kind: "liveness", property: "L-MESH-1" });
    expect(violation!.cycle.filter((step) => step.startsWith("0 makes its next attempt"))).toHaveLength(1);
  });
});

describe("broken protocols", () => {
  it("stock timely (v0) goes round for ever behind one crash, by its shortest story", () => {
    const { violation, isComplete } = crashes(stockForming);
    expect(isComplete).toBe(true);
    expect(violation).toMatchObject({ kind: "liveness", property: "L-MESH-1" });
    expect(violation!.prefix).toMatchInlineSnapshot(`
      [
        "1 starts",
        "0 starts",
        "1 dials 0",
        "FAULT 0 crashes",
      ]
    `);
    expect(violation!.cycle).toMatchInlineSnapshot(`
      [
        "1 hears that its link to 0 is dead",
        "0 starts",
        "2 starts",
        "2 dials 0",
        "0 hears "hello" from 2",
        "2 dials 1: it has formed",
        "1 hears "hello" from 2: it has formed with a socket that is dead, and dies",
        "2 finds its link to 1 dead, and dies",
        "0 hears that its link to 2 is dead",
        "1 starts",
        "1 dials 0",
        "0 hears "hello" from 1: it has formed with a socket that is dead, and dies",
      ]
    `);
  });

  it("stock timely forms while nobody dies", () => {
    expect(crashes(stockForming, {}, 0)).toMatchObject({ violation: null, isComplete: true });
  });

  it("an answer to the greeting (v1) does not save it", () => {
    expect(crashes(answeredForming).violation).toMatchObject({ kind: "liveness", property: "L-MESH-1" });
  });

  it("nor do looks at links while others are awaited (v2)", () => {
    expect(crashes(watchedForming, { faults: ["crash", "power loss"] }).violation).not.toBeNull();
  });

  it("an epoch that nobody compares lets two lives of a process into one mesh", () => {
    const blind: FormingCore = {
      ...epochForming,
      next: (state, event) => {
        if (event.kind !== "message" || event.message.kind === "hello" || state.epoch === null) {
          return epochForming.next(state, event);
        }
        return epochForming.next(state, { ...event, message: { ...event.message, epoch: state.epoch } });
      },
    };
    expect(crashes(blind).violation).toMatchObject({ kind: "safety", property: "S-MESH-1 epochs" });
  });

  it("a handshake without a time-out waits for ever on a connection that leads nowhere", () => {
    const endless: FormingCore = {
      ...epochForming,
      next: (state, event) => (event.kind === "handshake-expired" ? [state, []] : epochForming.next(state, event)),
    };
    const { violation } = crashes(endless, { faults: ["power loss"] });
    expect(violation).toMatchObject({ kind: "liveness", cycle: [] });
    expect(violation!.prefix.filter((step) => step.startsWith("FAULT"))).toHaveLength(1);
  });
});
