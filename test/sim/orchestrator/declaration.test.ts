import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  declared,
  ensuring,
  isGone,
  observed,
  removed,
  stepOf,
  stepped,
  type Declaration,
} from "../../../src/sim/orchestrator/declaration.ts";
import { replica } from "./stage.ts";

const service = replica("g1-r2", 3);

/** What happens to a declared service, in any order: its process at a place is looked after, begins, ends; it is removed. */
const story = fc.array(
  fc.oneof(
    fc.record({ what: fc.constantFrom("look", "began", "ended"), index: fc.nat(2) }),
    fc.record({ what: fc.constant("remove"), index: fc.constant(0) }),
  ),
  { maxLength: 30 },
);

/** Looks after one process; notes what had to be done. */
function looked(declaration: Declaration, index: number, done: string[]): Declaration {
  const step = stepOf(declaration, index);
  if (step === "none") return declaration;
  done.push(`${step} ${index}`);
  return stepped(declaration, index, step === "start" ? "kept" : "retired");
}

describe("a declaration", () => {
  it("starts each process once and ends each that was started once, whenever it is looked after", () => {
    fc.assert(
      fc.property(story, (events) => {
        const done: string[] = [];
        let now = declared(service, 0);
        for (const { what, index } of events) {
          if (what === "remove") now = removed(now);
          else if (what === "look") now = looked(now, index, done);
          else now = observed(now, index, what === "began" ? { began: true } : { ended: "killed" }, 1);
        }
        for (const index of [0, 1, 2]) now = looked(now, index, done);
        const started = done.filter((step) => step.startsWith("start"));
        const retired = done.filter((step) => step.startsWith("retire"));
        expect(new Set(done).size).toBe(done.length);
        const isRemoved = events.some(({ what }) => what === "remove");
        expect(isGone(now)).toBe(isRemoved);
        const places = (steps: readonly string[]): ReadonlySet<unknown> => new Set(steps.map((step) => step.at(-1)));
        if (isRemoved) expect(places(retired)).toEqual(places(started));
        else expect([places(started).size, retired.length]).toEqual([3, 0]);
        for (const index of [0, 1, 2]) expect(stepOf(now, index)).toBe("none");
      }),
    );
  });

  it("counts ends and keeps the last reason", () => {
    let now = declared(service, 5);
    now = observed(now, 1, { began: true }, 7);
    now = observed(now, 1, { ended: "poison" }, 9);
    expect(now.places[1]!.shown).toEqual({ index: 1, state: "waiting", reason: "poison", ends: 1, since: 9 });
    now = observed(now, 1, { began: true }, 11);
    expect(now.places[1]!.shown).toEqual({ index: 1, state: "running", reason: "poison", ends: 1, since: 11 });
    expect(now.places[0]!.shown).toEqual({ index: 0, state: "waiting", reason: null, ends: 0, since: 5 });
  });

  it("says what comes of asking for it", () => {
    const present = declared(service, 0);
    expect(ensuring(undefined, service)).toBe("new");
    expect(ensuring(present, service)).toBe("there");
    expect(ensuring(present, replica("g1-r2", 2))).toBe("conflict");
    expect(ensuring(removed(present), service)).toBe("unavailable");
    expect(ensuring(present, replica("g1-r2", 17))).toBe("invalid");
  });
});
