/** `wavetank/invariants`: rules that any scenario may use. */
export { defineInvariant } from "./define-invariant.ts";
