/** `Math.random`: 53 bits from the process's own stream. */
import type { AmbientProcess } from "../../../ports/ambient.ts";
import { defineAmbient, type AnyFunction } from "../../definition.ts";
import { acting } from "../../trap.ts";

export const random = defineAmbient({
  family: "random",
  doc: "Math.random draws from the process's own stream.",
  install(patch) {
    patch.method(Math, "random", (original: AnyFunction) => () => {
      const owner = acting("Math.random", "use host.random(n)");
      return owner === null ? (original() as number) : fraction(owner);
    });
  },
});

/** A number in [0, 1) with 53 random bits: two draws. */
function fraction(owner: AmbientProcess): number {
  const high = owner.random32() >>> 5;
  const low = owner.random32() >>> 6;
  return (high * 67_108_864 + low) / 9_007_199_254_740_992;
}
