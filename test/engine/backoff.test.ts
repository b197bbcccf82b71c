/** Delays between attempts. */
import { describe, expect, it } from "vitest";
import { backoff, backoffSteps } from "../../src/engine/backoff.ts";

const lowest = { random: () => 0 };
const highest = { random: (n: number) => n - 1 };

describe("backoff", () => {
  it("doubles from the first step to the longest", () => {
    const delays = backoff({ first: "100ms", max: "1s", host: lowest });
    const steps = Array.from({ length: 6 }, () => delays.next());
    expect(steps).toEqual([100_000, 200_000, 400_000, 800_000, 1_000_000, 1_000_000]);
  });

  it("takes off at most half of a step", () => {
    const delays = backoff({ first: "100ms", max: "1s", host: highest });
    expect([delays.next(), delays.next()]).toEqual([50_000, 100_000]);
  });

  it("begins again after a success", () => {
    const delays = backoff({ ...backoffSteps.session, host: lowest });
    expect([delays.next(), delays.next()]).toEqual([1_000_000, 2_000_000]);
    delays.reset();
    expect(delays.next()).toBe(1_000_000);
  });
});
