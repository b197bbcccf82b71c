import { describe, expect, it } from "vitest";
import fc from "fast-check";
import { defineFault } from "../../../src/faults/define-fault.ts";
import { runBody } from "../../support/bodies.ts";

interface Tap {
  turn(): void;
}

const turnTap = defineFault<Record<string, never>>({
  id: "tap.turn",
  doc: "Turns the tap.",
  witness: "tap.turned",
  params: {},
  inject: (world) => (world.provided("tap") as Tap | undefined)?.turn(),
});

describe("controls that a body provides", () => {
  it("reach faults by their name, and nothing else", async () => {
    const record = await runBody(async ({ world, faults }) => {
      const heal = faults.inject(turnTap, {});
      heal();
      world.provide("tap", { turn: () => world.emit("tap.turned", {}) });
      faults.inject(turnTap, {});
      expect(() => world.provide("tap", {})).toThrow('controls named "tap" were provided before');
    });
    expect(record.verdict).toBe("passed");
    expect(record.faults.map(({ bit }) => bit)).toEqual([false, true]);
  });
});

describe("a world's choices", () => {
  it("belong to the seed and the key: asked again they are the same, and they do not disturb each other", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string(), { maxLength: 5 }), fc.integer({ min: 1, max: 9 }), async (keys, n) => {
        const seen: number[][] = [];
        for (const order of [keys, keys.toReversed()]) {
          await runBody(async ({ world }) => void seen.push(order.map((key) => world.choose(key, n))));
        }
        expect(seen[1]).toEqual(seen[0]!.toReversed());
        expect(seen[0]!.every((choice) => choice >= 0 && choice < n)).toBe(true);
      }),
      { numRuns: 20 },
    );
  });
});
