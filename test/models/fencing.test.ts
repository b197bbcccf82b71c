import { beforeAll, describe, expect, it } from "vitest";
import type { CatalogPolicies } from "../../src/engine/catalog/policies.ts";
import type { Exploration } from "../../src/explore/exploration.ts";
import { b15 } from "../../src/bugs/b15-epoch-before-generation.ts";
import { tokenEntry } from "../../src/engine/catalog/entry.ts";
import { fencing } from "../../src/models/fencing/fencing.ts";
import { explored } from "./explored.ts";

describe("the catalog's fence", () => {
  let found: readonly Exploration[] = [];
  beforeAll(() => {
    found = fencing.worlds(fencing.core).map(explored);
  }, 300_000);

  it.each([
    ["2 generations, 2 writes, ≤2 faults", 18_498, 77_939, 44],
    ["2 generations, 1 write, ≤3 faults", 21_198, 110_895, 40],
    ["3 generations, no writes, ≤1 fault", 13_341, 58_370, 19],
    ["3 generations, 1 write, no faults", 8_815, 32_976, 25],
  ])("holds in every state: %s", (title, states, transitions, depth) => {
    const exploration = found.find((each) => each.title === title)!;
    expect(exploration).toMatchObject({ violation: null, isComplete: true, states, transitions, depth });
    expect(exploration.worst).toBeGreaterThan(0);
  });

  it("goes through every transition of both cores", () => {
    const covered = new Set(found.flatMap((each) => each.covered));
    expect(found[0]!.uncovered.filter((name) => !covered.has(name))).toEqual([]);
    expect(covered.size).toBe(8);
  });
});

/** Epoch first, generation later. */
const halves = (b15.policies["catalog"] as CatalogPolicies).fenceWrites;

describe("a broken fence is found by its shortest story", () => {
  const wrong: readonly (readonly [string, Partial<CatalogPolicies>, string])[] = [
    ["epoch before generation (B15)", { fenceWrites: halves }, "S-FEN-4"],
    [
      "the version is complained of before the fence (B16)",
      { firstComplaint: (fence, version) => version ?? fence },
      "S-FEN-4",
    ],
    [
      "an attempted token is taken for durable (B18)",
      { believedTokens: (read, attempted) => (attempted === null ? read : [attempted]) },
      "S-FEN-2",
    ],
    ["old tokens stay (B19)", { fenceWrites: (_, mine) => [[[tokenEntry(mine), 1]]] }, "S-FEN-2"],
    ["a fenced process goes on (B20)", { mayAppend: () => true }, "S-FEN-3"],
    ["an opening that meets traffic gives up", { afterOpenMismatch: () => "give-up" }, "S-FEN-4"],
  ];

  it.each(wrong)("%s", (_, policies, property) => {
    const { violation } = explored(fencing.worlds({ ...fencing.core, ...policies })[0]!);
    expect(violation).toMatchObject({ kind: "safety" });
    expect(violation!.message).toContain(property);
    expect(violation!.prefix.length).toBeLessThan(20);
  });

  it("as the story of a fenced process that goes on", () => {
    const { violation } = explored(fencing.worlds({ ...fencing.core, mayAppend: () => true })[0]!);
    expect(violation!.prefix).toMatchInlineSnapshot(`
      [
        "generation 1 starts",
        "generation 1 reads, to open",
        "a write of generation 1 becomes durable",
        "generation 1 hears "written"",
        "generation 2 starts",
        "generation 1 reads what it opened",
        "generation 2 reads, to open",
        "a write of generation 2 becomes durable",
        "generation 1 looks whether it leads",
        "generation 1 begins a write",
        "a write of generation 1 becomes durable",
      ]
    `);
  });
});
