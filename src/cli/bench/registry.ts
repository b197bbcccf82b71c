/** Every benchmark, in the order of `wavetank bench`. */
import type { Benchmark } from "./benchmark.ts";
import { engineVirtualSeconds } from "./engine/speed.ts";
import { kernelHash } from "./hash-cost.ts";
import { meshForming } from "./mesh/forming.ts";
import { kernelCrowd, kernelMessages } from "./messages.ts";
import { tankSpeed, tankWorkers } from "./tank.ts";
import { kernelTimers } from "./timers.ts";
import { kernelTinyWorlds, kernelTinyWorlds20 } from "./tiny-worlds.ts";

export const benchmarks: readonly Benchmark[] = [
  kernelTinyWorlds,
  kernelTinyWorlds20,
  kernelMessages,
  kernelCrowd,
  kernelTimers,
  kernelHash,
  tankSpeed,
  tankWorkers,
  engineVirtualSeconds,
  ...meshForming,
];
