/** Every benchmark, in the order of `wavetank bench`. */
import type { Benchmark } from "./benchmark.ts";

export const benchmarks: readonly Benchmark[] = [];
