/** The whole tank: seeds of a small scenario through the pool, with one worker and with two. */
import { fileURLToPath } from "node:url";
import { performanceNow } from "../../ambient/real.ts";
import { runSuite } from "../../runner/suite.ts";
import { workerEntry } from "../../scenario/load.ts";
import type { Benchmark } from "./benchmark.ts";

const file = fileURLToPath(
  new URL(import.meta.url.endsWith(".ts") ? "bench-scenario.ts" : "bench-scenario.js", import.meta.url),
);
const directory = fileURLToPath(new URL(".", import.meta.url));

export const tankSpeed: Benchmark = {
  name: "tank.virtual-time",
  unit: "s/s",
  doc: "Virtual seconds per CPU second, three servers with disks and faults.",
  run: async () => {
    const { virtual, cpu } = await suite(1, 500);
    return Math.round(virtual / cpu);
  },
};

export const tankWorkers: Benchmark = {
  name: "tank.two-workers",
  unit: "×",
  doc: "Seeds per second with two workers, against one.",
  run: async () => {
    const ratios: number[] = [];
    for (let round = 0; round < 3; round++) {
      const one = await suite(1, 2_000);
      const two = await suite(2, 2_000);
      ratios.push(one.wall / two.wall);
    }
    return Math.round(ratios.toSorted((a, b) => a - b)[1]! * 100) / 100;
  },
};

/** Runs seeds of the scenario; times in microseconds of virtual, CPU and real time. */
async function suite(
  jobs: number,
  seeds: number,
): Promise<{ readonly virtual: number; readonly cpu: number; readonly wall: number }> {
  const source = { directory, patterns: [file], isDefault: false, files: [file] };
  const started = performanceNow();
  const { scenarios, findings } = await runSuite({ source, worker: workerEntry, seeds, from: "0000000000000", jobs });
  if (findings.length > 0) throw new Error(`the benchmark's own scenario fails: ${findings[0]!.signature}`);
  const wall = (performanceNow() - started) * 1_000;
  return { virtual: scenarios[0]!.virtualMicros, cpu: scenarios[0]!.cpuMicros, wall };
}
