import { describe, expect, it } from "vitest";
import type { ExploredCore, ExploredWorld } from "../../../src/report/explored.ts";
import { exploredLines } from "../../../src/report/text/explored-text.ts";
import { plain } from "../sample-results.ts";

const small: ExploredWorld = {
  title: "2 processes, ≤3 faults",
  states: 41_208,
  transitions: 188_310,
  depth: 34,
  wallMicros: 9_800_000,
  isComplete: true,
  violation: null,
  covered: ["a", "b"],
  uncovered: ["c"],
  worst: 11,
  furthest: 7,
};
const large: ExploredWorld = {
  ...small,
  title: "3 processes, ≤2 faults",
  covered: ["b", "c"],
  uncovered: ["a"],
  worst: 40,
};
const core: ExploredCore = {
  core: "mesh",
  planted: null,
  liveness: "a formed mesh is reached once faults stop",
  worlds: [small, large],
  isInterrupted: false,
};

const text = (explored: ExploredCore, width = 100): string => `\n${exploredLines(explored, plain(width)).join("\n")}\n`;

describe("the text of an exploration", () => {
  it("is a row a world, and what holds in all of them", () => {
    expect(text(core)).toMatchInlineSnapshot(`
      "
         mesh                    states  transitions  depth   time
       ✔ 2 processes, ≤3 faults  41,208      188,310     34  9.8 s  complete
       ✔ 3 processes, ≤2 faults  41,208      188,310     34  9.8 s  complete
       ✔ from every state a formed mesh is reached once faults stop; worst 40 steps
       ✔ core transitions 3/3
      "
    `);
  });

  it("names transitions of the core that no world took", () => {
    expect(text({ ...core, worlds: [small] })).toContain(" ✖ core transitions 2/3, never: c\n");
  });

  it("counts by the shortest way where some order of steps goes round", () => {
    expect(text({ ...core, worlds: [small, { ...large, worst: null }] })).toContain(
      "stop; 7 steps from the furthest\n",
    );
  });

  it("tells the story of a violation, and what goes round for ever", () => {
    const violation = {
      kind: "liveness",
      property: "L-MESH-1",
      message: "it never forms",
      prefix: ["1 starts", "FAULT 1 crashes"],
      cycle: ["1 dials 0", "0 dies"],
    } as const;
    const worlds = [{ ...large, violation }];
    expect(text({ ...core, planted: "v0", worlds })).toMatchInlineSnapshot(`
      "
         mesh, planted v0        states  transitions  depth   time
       ✖ 3 processes, ≤2 faults  41,208      188,310     34  9.8 s  complete

       ✖ L-MESH-1 violated by 3 processes, ≤2 faults: it never forms
         The shortest story:
           1  1 starts
           2  FAULT 1 crashes
         And then, round and round:
           3  1 dials 0
           4  0 dies
      "
    `);
  });

  it("says that it was interrupted, and claims nothing", () => {
    const lines = text({ ...core, isInterrupted: true });
    expect(lines).toContain("interrupted · exit 130");
    expect(lines).not.toContain("from every state");
  });

  it("keeps to the width of the terminal", () => {
    for (const line of exploredLines(core, plain(60))) expect([...line].length).toBeLessThanOrEqual(90);
    for (const line of exploredLines(core, plain(60)).slice(0, 3)) expect([...line].length).toBeLessThanOrEqual(60);
  });
});
